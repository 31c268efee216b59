"""Python reads this at its start: a folder before others in PYTHONPATH makes it like Windows."""

from fake_windows import pretend

pretend()
