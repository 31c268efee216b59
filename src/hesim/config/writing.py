"""Write settings as the words that set them on a command line."""

from __future__ import annotations

import json
import re


def override_of(path: str, value: object) -> str:
    """An override that sets a path to a value, whatever characters a text holds.

    Args:
        path: Dotted path of the setting.
        value: A text, number, truth value, nothing, list or mapping.
    """
    return f"{path}={_written(value)}"


def _written(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_written, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{key}:{_written(each)}' for key, each in value.items())}}}"
    return json.dumps(value)


def _text(value: str) -> str:
    """In quotes always: without them `1e5`, `null` and `2011-01` would be taken for others."""
    # In Hydra's grammar a backslash counts only before a quote.
    quoted = re.sub(r"(\\*)(\"|$)", lambda m: m[1] * 2 + ('\\"' if m[2] else ""), value)
    return f'"{quoted}"'
