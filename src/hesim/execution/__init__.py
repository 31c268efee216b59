"""Simulate worlds, here or elsewhere."""
