"""Measure how fast, how large and how linear the model is: `uv run python -m benchmarks`."""
