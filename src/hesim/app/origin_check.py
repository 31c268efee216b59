"""Let in only those who ask for this machine by its own name, from pages of this server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from hesim.app.plain_page import refuse_socket

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]
LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Names of this machine; another name means that a page elsewhere was led here."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address to listen on."""
    return host in LOCAL or f"[{host}]" in LOCAL


class Guard:
    """Refuses requests for other hosts, and connections begun by pages of other servers.

    Whoever can send the page messages can start runs. A page of the web that the user has open must
    not be able to: the browser would let it in with the user's own cookie, or on the user's own
    machine, where none is asked for.
    """

    def __init__(self, app: App, hosts: frozenset[str] | None) -> None:
        """Guard an application.

        Args:
            app: The application.
            hosts: Names by which it may be asked for; None for any.
        """
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] in ("http", "websocket") and not self._welcome(scope):
            await _refuse(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _welcome(self, scope: Scope) -> bool:
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        host = headers.get("host", "")
        if self._hosts is not None and _name(host) not in self._hosts:
            return False
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc == host


def _name(host: str) -> str:
    """A host without its port."""
    head, colon, tail = host.rpartition(":")
    return head if colon and tail.isdecimal() else host


async def _refuse(scope: Scope, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await refuse_socket(receive, send)
        return
    body = b"hesim view answers only to its own address"
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": body})
