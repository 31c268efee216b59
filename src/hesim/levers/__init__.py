"""Levers: dated policies that turn the dials of the model's mechanisms or add a process."""

from hesim.levers.catalogue import Description, catalogue

__all__ = ["Description", "catalogue"]
