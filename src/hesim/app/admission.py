"""Let in so many visitors as there are places; one too many is told so and may try again."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import psutil

from hesim.app.plain_page import refuse_socket, send_page

if TYPE_CHECKING:
    from starlette.requests import Request

VISITORS = 10
"""Places, unless `--visitors` says otherwise."""
MOST_VISITORS = 1000
SPARE = 200 * 2**20
"""Bytes of memory that the machine must have left for one more visitor."""
LATER = {"retry-after": "20"}


class Admission:
    """Places for visitors: each page that is open has one, until a minute after it is lost.

    Attributes:
        places: How many there are.
        server: Word that tells this start of the server from others.
    """

    def __init__(self, places: int = VISITORS) -> None:
        """Count nobody yet."""
        self.places = places
        self.server = secrets.token_hex(8)
        self._arriving: set[str] = set()

    def taken(self) -> set[str]:
        """Kernels of the visitors who are there; Solara calls a visitor's part of it a kernel."""
        from solara.server.kernel_context import contexts

        return set(contexts) | self._arriving

    def lack(self, kernel: str = "", session: str = "") -> str | None:
        """What there is none of for a visitor, as a key of words: places or memory; else None.

        Args:
            kernel: The visitor's kernel; one that is there has its place.
            session: The browser's word. A page that is loaded anew gives its place up only when
                the new one has come, so that it is let in.
        """
        from solara.server.kernel_context import contexts

        taken = self.taken()
        if kernel in taken or session in {each.session_id for each in list(contexts.values())}:
            return None
        if len(taken) >= self.places:
            return "full"
        return "short" if psutil.virtual_memory().available < SPARE else None

    async def refuse(self, request: Request, key: str, send: Any) -> None:
        """Send the page for one too many."""
        values = {"places": self.places}
        await send_page(request.scope, send, 503, key, values, again=True, headers=LATER)

    async def connect(self, kernel: str, app: Any, receive: Any, send: Any) -> None:
        """Let a page connect if it has a place or there is one.

        Args:
            kernel: Its kernel.
            app: Connects it; awaited until the connection ends.
            receive: ASGI's way to hear the visitor.
            send: ASGI's way to answer.
        """
        if self.lack(kernel) is not None:
            await refuse_socket(receive, send, 1013)
            return
        self._arriving.add(kernel)
        try:
            await app()
        finally:
            self._arriving.discard(kernel)
