"""Call a function in a fresh process: `python -m benchmarks.child MODULE NAME JSON`."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.clock import Spent, command

ROOT = str(Path(__file__).resolve().parents[1])
MARK = "benchmarks.child: "
"""Before the line that holds the result, which may follow other output."""


def call(
    module: str,
    name: str,
    arguments: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[Any, Spent]:
    """Call a function in a fresh process; return what it gave and what the process spent.

    Args:
        module: Where the function is.
        name: Its name.
        arguments: Its arguments; like its result they must fit into JSON.
        environment: Variables for the process.
    """
    words = [sys.executable, "-m", "benchmarks.child", module, name, json.dumps(arguments or {})]
    spent, text = command(words, environment, ROOT)
    result = text[text.rindex(MARK) + len(MARK) :]
    return json.loads(result), spent


if __name__ == "__main__":
    _module, _name, _arguments = sys.argv[1:]
    _result = getattr(importlib.import_module(_module), _name)(**json.loads(_arguments))
    print(MARK + json.dumps(_result), flush=True)
