"""The same model written the ordinary Mesa way, straight from docs/odd.md: yardstick and oracle."""
