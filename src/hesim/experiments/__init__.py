"""Pages that answer a research question from stored studies, and that anyone can make again."""
