"""Say which short names settings have on the command line and in Python, as scale=0.1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SHORT: Mapping[str, str] = {"scale": "population.scale"}
"""Path of each setting that has a short name. Files of settings have whole paths only."""


def path_of(name: str, further: Mapping[str, str] | None = None) -> str:
    """Path of the setting that a name means; a name that is not short means itself.

    Args:
        name: A short name or a dotted path.
        further: Short names of one command besides; they come first.
    """
    return (further or {}).get(name, SHORT.get(name, name))


def spelt_out(lines: Sequence[str], further: Mapping[str, str] | None = None) -> list[str]:
    """Overrides with whole paths for short names.

    Args:
        lines: Overrides such as `scale=0.1`.
        further: Short names of one command besides.
    """
    parts = [line.partition("=") for line in lines]
    return [path_of(name, further) + equals + value for name, equals, value in parts]
