"""Count the bytes that a server sends: a relay between it and a browser."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

PIECE = 2**16


class Wire:
    """Bytes as they went over the wire, compressed as they were, handshakes and sockets included.

    Attributes:
        address: Where the browser asks.
        received: Bytes that the server has sent so far.
    """

    def __init__(self, address: str) -> None:
        """Listen on a free port of this machine.

        Args:
            address: Of the server.
        """
        parts = urlsplit(address)
        self._server = parts.hostname or "127.0.0.1", parts.port or 80
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self.received = 0
        # The server lets in whoever asks for this machine by its own name, whatever the port.
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no further connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            for source, target, counts in ((browser, server, False), (server, browser, True)):
                threading.Thread(
                    target=self._pass_on, args=(source, target, counts), daemon=True
                ).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if counts:
                    with self._lock:
                        self.received += len(piece)
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire_to(address: str) -> Iterator[Wire]:
    """A relay to a server, for as long as it is needed."""
    wire = Wire(address)
    try:
        yield wire
    finally:
        wire.close()
