"""Sweep levers and uncertainties: plan points, run them anywhere, keep every row, answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesim.study.folder import Study, load
    from hesim.study.launch import start
    from hesim.study.resumption import resume

__all__ = ["Study", "load", "resume", "start"]


def __getattr__(name: str) -> Any:
    """Import on demand: workers need only how one point is run."""
    from importlib import import_module

    places = {"Study": "folder", "load": "folder", "resume": "resumption", "start": "launch"}
    if name not in places:
        raise AttributeError(name)
    return getattr(import_module(f"hesim.study.{places[name]}"), name)
