"""Check the address of a Dask scheduler before Dask is asked, which would take a minute."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

from hesim.config import ConfigErrors, Problem

FORM = re.compile(r"(?:(?:tcp|tls)://)?(\[[0-9A-Fa-f:.]+\]|[^\s/:\[\]]+):(\d{1,5})")
CONNECT = 5.0
"""Seconds that a connection may take, the look-up of the machine's name included."""

HANDSHAKE = 10.0
"""Seconds that what listens there may take to show that it is a scheduler."""


def check_address(address: str) -> None:
    """Check the form of an address, and that something listens there.

    Raises:
        ConfigErrors: with words on what is wrong.
    """
    found = FORM.fullmatch(address)
    if found is None or not 0 < int(found[2]) < 65536:
        raise refused(address, "must be tcp://HOST:PORT, as tcp://10.0.0.1:8786")
    host, port = found[1].strip("[]"), int(found[2])

    def connect() -> str:
        try:
            socket.create_connection((host, port), timeout=CONNECT).close()
        except (OSError, UnicodeError) as error:
            return getattr(error, "strerror", None) or str(error)
        return ""

    # Looking a name up knows no time limit.
    words = within(CONNECT, connect, f"no answer within {CONNECT:g} seconds")
    if words:
        raise refused(address, f"no Dask scheduler can be reached there: {words}")
    # Dask's own client waits for ever for one that says nothing.
    if within(HANDSHAKE, lambda: _kind(address), "") != "Scheduler":
        raise refused(address, "what listens there does not answer as a Dask scheduler does")


def _kind(address: str) -> str:
    """What listens at an address, in Dask's own words; empty where it is nothing of Dask's."""
    distributed: Any = import_module("distributed")

    async def ask() -> str:
        given = distributed.Security().get_connection_args("client")
        async with distributed.rpc(address, connection_args=given, timeout=HANDSHAKE) as there:
            return str((await there.identity())["type"])

    try:
        return asyncio.run(ask())
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def within(seconds: float, action: Callable[[], str], late: str) -> str:
    """What an action says, or other words if it takes longer; it is left to itself then."""
    found = [late]

    def act() -> None:
        found[0] = action()

    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    thread.join(seconds)
    return found[0]


def refused(address: str, words: str) -> ConfigErrors:
    """Say what is wrong with the address."""
    return ConfigErrors([Problem("engine.address", address, words)])
