"""Answer a study's question: effects with intervals, sensitivity, robustness and discovery."""
