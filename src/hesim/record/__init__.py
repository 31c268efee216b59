"""Read a world, live or from its folder: who works where, who moved, and how it was made."""
