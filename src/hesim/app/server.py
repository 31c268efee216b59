"""Serve the page from this machine alone, until Ctrl-C."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import threading
import warnings
import webbrowser
from pathlib import Path
from typing import Any

from hesim.app.origin_check import LOCAL, Guard

LOOPBACK = "127.0.0.1"
GONE = "60s"
"""How long a visitor whose connection broke may stay away before the run is freed."""


class PortTaken(Exception):
    """The port is in use or cannot be had; the message says so."""


def listen(host: str, port: int) -> socket.socket:
    """Take the port.

    Raises:
        PortTaken: with words for the screen.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    # On Windows SO_REUSEADDR would share a port that another process listens on.
    alone = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR if alone is None else alone, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(f"port {port} is in use; choose another with --port") from None
        raise PortTaken(f"cannot listen on {host} port {port}: {error.strerror}") from None
    except OverflowError:
        taken.close()
        raise PortTaken(f"port {port} does not exist; ports go from 0 to 65535") from None
    return taken


def run_server(taken: socket.socket, host: str, open_browser: bool, say: Any = print) -> None:
    """Serve until Ctrl-C; `hesim.app.server_state.serve` was called before.

    Args:
        taken: The port, from `listen`.
        host: Address that it listens on.
        open_browser: Open the page in the user's browser.
        say: Prints a line.
    """
    port = taken.getsockname()[1]
    _settle()
    import uvicorn
    from solara.server import settings, starlette

    # Style sheet: part of the page, so that nothing shows without it first.
    settings.assets.extra_locations = [str(Path(__file__).parent / "assets")]

    local = host in (LOOPBACK, "localhost", "::1")
    config = uvicorn.Config(
        Guard(_counting(starlette.app), LOCAL if local else None),
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
        ws_max_size=2**22,
    )
    server = uvicorn.Server(config)
    shown = host if host not in ("0.0.0.0", "::") else LOOPBACK
    address = f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"

    def announce() -> None:
        while not server.started and not server.should_exit:
            threading.Event().wait(0.02)
        if server.started:
            say(f"hesim view: {address}   (Ctrl-C ends it)")
            if open_browser:
                webbrowser.open(address)

    threading.Thread(target=announce, daemon=True).start()
    _end_on_logout(server)
    server.run(sockets=[taken])


def _end_on_logout(server: Any) -> None:
    """End in good order on SIGHUP too, as Uvicorn does on SIGTERM; not where it is ignored."""
    number = getattr(signal, "SIGHUP", None)
    in_main = threading.current_thread() is threading.main_thread()
    if number is not None and in_main and signal.getsignal(number) != signal.SIG_IGN:
        signal.signal(number, lambda _number, frame: server.handle_exit(signal.SIGTERM, frame))


def _counting(app: Any) -> Any:
    """Let `/hesim/visits` say how many visitors have a run."""
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    from hesim.app.server_state import current

    async def visits(_request: Any) -> PlainTextResponse:
        return PlainTextResponse(str(len(current().visits)))

    app.router.routes.insert(0, Route("/hesim/visits", visits))
    return app


def _settle() -> None:
    """Set Solara up before it is imported: offline, silent, this page, no visitor kept for long."""
    os.environ.update(
        SOLARA_APP="hesim.app.page",
        SOLARA_TELEMETRY_MIXPANEL_ENABLE="False",
        SOLARA_KERNEL_CULL_TIMEOUT=GONE,
        SOLARA_ASSETS_FONTAWESOME_ENABLED="False",
        SOLARA_THEME_LOADER="plain",
        SOLARA_THEME_SHOW_BANNER="False",
        SOLARA_THEME_TITLE="hesim",
        SOLARA_MODE="production",
    )
    # Cookies on plain http: this machine's own, so there is nothing to warn of.
    warnings.filterwarnings("ignore", message="Cookies with samesite")
    logging.getLogger("solara").setLevel(logging.ERROR)
