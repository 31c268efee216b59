"""Ask an ASGI application without a server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Answer:
    """What came back: of a refused websocket no status, but its code."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""
    code: int = 0

    def all(self, name: str) -> list[str]:
        """The values of a header."""
        return [value for key, value in self.headers if key == name]


def ask(
    app: Any, address: str = "/", kind: str = "http", method: str = "GET", **headers: str
) -> Answer:
    """Ask for an address."""
    path, _, query = address.partition("?")
    pairs = [(name.replace("_", "-").encode(), each.encode()) for name, each in headers.items()]
    scope = {"type": kind, "method": method, "path": path, "raw_path": path.encode()}
    scope |= {"query_string": query.encode(), "headers": pairs, "scheme": "http", "root_path": ""}
    scope |= {"server": ("127.0.0.1", 80), "client": ("127.0.0.1", 9), "http_version": "1.1"}
    answer, body, first = Answer(), bytearray(), [True]

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [(key.decode(), each.decode()) for key, each in message["headers"]]
        elif message["type"] == "websocket.close":
            answer.code = message["code"]
        body.extend(message.get("body", b""))

    async def receive() -> Any:
        if not first:
            # Nobody leaves: whoever waits for that is cancelled.
            await asyncio.Event().wait()
        first.clear()
        return {"type": "http.request" if kind == "http" else "websocket.connect", "body": b""}

    asyncio.run(app(scope, receive, send))
    answer.text = body.decode("utf-8", "replace")
    return answer
