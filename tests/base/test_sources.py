"""How an extra is installed depends on how hesim was."""

from __future__ import annotations

from pathlib import Path

import pytest

from hesim import sources


def test_a_checkout_is_told_of_uv_and_an_installed_hesim_of_pip(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sources, "packaged", lambda: tmp_path / "conf")
    assert sources.extra_command("app") == (
        '`uv sync --extra app`, or without uv `pip install -e ".[app]"`'
    )
    monkeypatch.setattr(sources, "packaged", lambda: sources.PACKAGE / "_conf")
    assert sources.extra_command("app") == '`pip install "hesim[app]"`'
