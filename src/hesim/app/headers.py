"""Tell the browser what a page of this server may load and run, and who may show it."""

from __future__ import annotations

import secrets
from typing import Any

from hesim.app.origin_check import App, Scope

SOURCES: dict[str, tuple[str, ...]] = {
    "default-src": ("'none'",),
    # Vue makes functions of templates in the browser. Solara sends the templates, so a page of
    # its cannot do without unsafe-eval; scripts in the page's own text need the nonce.
    "script-src": ("'self'", "'nonce-{nonce}'", "'unsafe-eval'"),
    # Vuetify writes its theme into the page, and elements have styles of their own.
    "style-src": ("'self'", "'unsafe-inline'"),
    "img-src": ("'self'", "data:", "blob:"),
    "font-src": ("'self'", "data:"),
    "connect-src": ("'self'",),
    "base-uri": ("'none'",),
    "form-action": ("'none'",),
    "frame-ancestors": ("'none'",),
}
"""What a page may load, by kind. A part of the page that needs more adds it here."""


def content_policy(nonce: str) -> str:
    """The header Content-Security-Policy.

    Args:
        nonce: Word that marks the scripts which stand in the page's own text.
    """
    return "; ".join(f"{kind} {' '.join(names)}" for kind, names in SOURCES.items()).format(
        nonce=nonce
    )


class Headers:
    """Adds the headers to each answer; the nonce is in the scope, as `hesim.nonce`."""

    def __init__(self, app: App) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on, and its answer with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        headers = {
            b"content-security-policy": content_policy(nonce).encode(),
            b"x-content-type-options": b"nosniff",
            b"x-frame-options": b"DENY",
            b"referrer-policy": b"no-referrer",
        }

        async def send_more(message: Any) -> None:
            if message["type"] == "http.response.start":
                own = [pair for pair in message["headers"] if pair[0].lower() not in headers]
                message = {**message, "headers": [*own, *headers.items()]}
            await send(message)

        await self._app({**scope, "hesim.nonce": nonce}, receive, send_more)
