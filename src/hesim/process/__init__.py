"""How a process ends: signals, parents that are gone, and what a kill leaves behind."""
