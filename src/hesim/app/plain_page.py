"""Answer with a page in words, in the visitor's language, where the page itself is not shown."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from html import escape
from typing import Any
from urllib.parse import parse_qs

from hesim.app.words import LANGUAGES, speak

STYLE = """\
body { font: 16px/1.5 sans-serif; color: #1f2328; background: #f6f8fa; margin: 0; }
main { max-width: 40em; margin: 12vh auto; padding: 24px; background: #fff;
  border: 1px solid #d0d7de; border-radius: 6px; }
h1 { font-size: 1.3rem; margin: 0 0 12px; }
a { color: #0b57a4; }"""


def header(scope: MutableMapping[str, Any], name: str) -> str:
    """A header of a request, or nothing.

    Args:
        scope: ASGI's description of the request.
        name: In small letters.
    """
    for key, value in scope["headers"]:
        if key.lower() == name.encode():
            return str(value.decode("latin-1"))
    return ""


def address_values(scope: MutableMapping[str, Any]) -> dict[str, list[str]]:
    """The values that stand in the address of a request, by name."""
    return parse_qs(scope.get("query_string", b"").decode("latin-1"))


def language_of(scope: MutableMapping[str, Any]) -> str:
    """Language of a visitor: that of the address, otherwise the first the browser asks for."""
    for given in address_values(scope).get("lang", []):
        if given in LANGUAGES:
            return given
    for part in header(scope, "accept-language").lower().split(","):
        name = part.strip()[:2]
        if name in LANGUAGES:
            return name
    return LANGUAGES[0]


async def send_page(
    scope: MutableMapping[str, Any],
    send: Any,
    status: int,
    key: str,
    values: Mapping[str, object] | None = None,
    again: bool = False,
    script: str = "",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send a page in words.

    Args:
        scope: ASGI's description of the request.
        send: ASGI's way to answer.
        status: Status of the answer.
        key: Its words stand in `words.yaml`: `KEY_title` and `KEY_text`.
        values: What is filled in.
        again: Offer to try again.
        script: JavaScript that the page runs.
        headers: Further headers of the answer.
    """
    words = speak(language_of(scope))
    title, text = (escape(words(f"{key}_{part}", **(values or {}))) for part in ("title", "text"))
    link = f'<p><a href="">{escape(words("try_again"))}</a></p>' if again else ""
    nonce = scope.get("hesim.nonce", "")
    run = f'<script nonce="{nonce}">{script}</script>' if script else ""
    body = (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{title}</h1><p>{text}</p>{link}</main>{run}</body></html>"
    ).encode()
    sent = {
        "content-type": "text/html; charset=utf-8",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **(headers or {}),
    }
    pairs = [(name.encode(), value.encode()) for name, value in sent.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


async def refuse_socket(receive: Any, send: Any, code: int = 1008) -> None:
    """Refuse a websocket before it is open.

    Args:
        receive: ASGI's way to hear the visitor.
        send: ASGI's way to answer.
        code: 1008 for one that is not welcome, 1013 for one that may try again later.
    """
    await receive()
    await send({"type": "websocket.close", "code": code})
