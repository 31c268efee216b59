"""Serve the page, from this machine alone or to others in the house, until Ctrl-C."""

from __future__ import annotations

import errno
import logging
import mimetypes
import os
import signal
import socket
import threading
import warnings
import webbrowser
from pathlib import Path
from typing import Any

from hesim.app.admission import VISITORS, Admission
from hesim.app.entry_token import Token, TokenGate
from hesim.app.headers import Headers
from hesim.app.memory import Departures
from hesim.app.navigator import mend_navigator
from hesim.app.origin_check import LOCAL, App, Guard, is_loopback
from hesim.app.scripts import prepare_scripts

LOOPBACK = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")
"""Addresses that mean all of this machine's."""
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


def run_server(
    taken: socket.socket,
    host: str,
    open_browser: bool,
    say: Any = print,
    visitors: int = VISITORS,
    token: Token | None = None,
) -> None:
    """Serve until Ctrl-C; `hesim.app.server_state.serve` was called before.

    Args:
        taken: The port, from `listen`.
        host: Address that it listens on.
        open_browser: Open the page in the user's browser.
        say: Prints a line.
        visitors: How many may be there at a time.
        token: What a visitor must have; None asks for nothing.
    """
    port = taken.getsockname()[1]
    _settle()
    prepare_scripts()
    import uvicorn
    from solara import lifecycle
    from solara.server import settings

    from hesim.app.routes import page_app

    # Style sheet: part of the page, so that nothing shows without it first.
    settings.assets.extra_locations = [str(Path(__file__).parent / "assets")]
    lifecycle.on_kernel_start(Departures().watch)
    mend_navigator()

    app = guarded(_counting(page_app(Admission(visitors))), host, token, port)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        ws_max_size=2**22,
    )
    server = uvicorn.Server(config)

    def announce() -> None:
        while not server.started and not server.should_exit:
            threading.Event().wait(0.02)
        if server.started:
            for line in address_lines(host, port, token):
                say(line)
            if open_browser:
                webbrowser.open(_address(host, port, token.once() if token else ""))

    threading.Thread(target=announce, daemon=True).start()
    _end_on_logout(server)
    server.run(sockets=[taken])


def guarded(app: App, host: str, token: Token | None, port: int) -> App:
    """An application behind all that a request must pass.

    Args:
        app: The application.
        host: Address that the server listens on.
        token: What a visitor must have; None asks for nothing.
        port: Port of the server.
    """
    inner = app if token is None else TokenGate(app, token, port)
    return Headers(Guard(inner, LOCAL if is_loopback(host) else None))


def address_lines(host: str, port: int, token: Token | None) -> list[str]:
    """What is printed for those who open the page; with the token, if there is one."""
    word = "" if token is None else token.word
    lines = [f"hesim view: {_address(host, port, word)}   (Ctrl-C ends it)"]
    if host in EVERYWHERE:
        lines.append(f"  for others: {_address(socket.gethostname(), port, word)}")
    return lines


def _address(host: str, port: int, word: str) -> str:
    name = LOOPBACK if host in EVERYWHERE else host
    shown = f"[{name}]" if ":" in name else name
    return f"http://{shown}:{port}/" + (f"?token={word}" if word else "")


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
        # Memory is given back by `memory.Departures`, which does more.
        SOLARA_KERNEL_GC_AFTER_CLOSE="False",
        # A visitor's run is reached with this cookie; no script needs it.
        SOLARA_SESSION_HTTP_ONLY="True",
        # A page whose run is gone begins anew from its address; nobody has to press a button.
        SOLARA_THEME_FORCE_REFRESH="True",
        SOLARA_ASSETS_FONTAWESOME_ENABLED="False",
        SOLARA_THEME_LOADER="plain",
        SOLARA_THEME_SHOW_BANNER="False",
        SOLARA_THEME_TITLE="hesim",
        SOLARA_MODE="production",
    )
    # Some systems call scripts plain text, and no browser runs them then.
    mimetypes.add_type("text/javascript", ".js")
    mimetypes.add_type("text/css", ".css")
    # Cookies on plain http: this machine's own, so there is nothing to warn of.
    warnings.filterwarnings("ignore", message="Cookies with samesite")
    logging.getLogger("solara").setLevel(logging.ERROR)
