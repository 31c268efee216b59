"""List the parts: each is a module here with a `PART`."""

from __future__ import annotations

import importlib

from benchmarks.part import Part

REGISTRY: tuple[str, ...] = (
    "reference",
    "kernel",
    "growth",
    "memory",
    "randomness",
    "recording",
    "workers",
    "start",
    "outputs",
    "profile",
    "view",
    "studies",
    "survival",
    "scale",
)
"""Modules in the order they are run; a new part is a line here."""


def load(name: str) -> Part:
    """Give a part by name."""
    part: Part = importlib.import_module(f"benchmarks.parts.{name}").PART
    return part
