"""Read the worked examples of the modeller's guide."""

from __future__ import annotations

import re
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "modelling.md"
_FILE = re.compile(r"^`([\w/]+\.\w+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def files() -> dict[str, str]:
    """Each example that stands under the name of a file."""
    return dict(_FILE.findall(GUIDE.read_text(encoding="utf-8")))


def code_after(mark: str) -> list[str]:
    """Python blocks that stand after a mark."""
    return _CODE.findall(GUIDE.read_text(encoding="utf-8").partition(mark)[2])


def change_after(mark: str) -> tuple[str, str]:
    """The line that the difference after a mark takes out, and the one that it puts there."""
    text = GUIDE.read_text(encoding="utf-8").partition(mark)[2]
    old, new = re.findall(r"^[-+](.*)$", text.partition("```diff")[2].partition("```")[0], re.M)
    return old, new


def own_folder(place: Path) -> Path:
    """A folder for `--config` with the guide's lever and its process."""
    for name, text in files().items():
        if name.partition("/")[0] in ("levers", "processes"):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="utf-8")
    return place
