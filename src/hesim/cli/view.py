"""The command `hesim view`: read its words, check what is to be shown, serve it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.cli.commands import is_setting
from hesim.config.short_names import spelt_out
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.input.userfile import is_folder
from hesim.sources import extra_command

if TYPE_CHECKING:
    from hesim.app.server_state import Served

NEEDED = ("solara", "solara_assets", "ipyvuetify", "uvicorn")
VALUED = ("--port", "--host", "--config", "--token", "--visitors")
OPTIONS = (*VALUED, "--no-open", "--help")
LOOPBACK, PORT = "127.0.0.1", 8765


@dataclass
class _Request:
    """The words after `hesim view`, sorted by kind."""

    folder: Path | None = None
    config: str | None = None
    host: str = LOOPBACK
    port: int = PORT
    visitors: int | None = None
    token: str | None = None
    open_browser: bool = True
    overrides: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def view(arguments: list[str]) -> int:
    """Serve the page until Ctrl-C: 0 good, 1 the port cannot be had, 2 bad input."""
    from hesim.tables import DataError

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        words = f"the page needs {', '.join(missing)}: {extra_command('app')}"
        print(f"hesim: {words}", file=sys.stderr)
        return 2
    asked = _read(arguments)
    try:
        served = _content(asked)
    except (ConfigErrors, DataError) as error:
        print(f"hesim: {error}", file=sys.stderr)
        return 2
    return _serve(served, asked)


def _read(arguments: list[str]) -> _Request:
    from hesim.app.entry_token import chosen_token

    asked = _Request()
    waiting = iter(arguments)
    for word in waiting:
        option, equals, value = word.partition("=")
        if option == "--no-open":
            asked.open_browser = False
        elif option in VALUED:
            given = value if equals else next(waiting, "")
            if not given:
                asked.problems.append(Problem(option, None, "needs a value"))
            else:
                _read_option(asked, option, given)
        elif word.startswith("-"):
            allowed = "unknown option; there are " + ", ".join(OPTIONS)
            asked.problems.append(Problem(word, None, allowed, nearest(option, OPTIONS)))
        elif is_setting(word) and not (asked.folder is None and is_folder(Path(word))):
            asked.overrides += spelt_out([word])
        elif asked.folder is None:
            asked.folder = Path(word)
        else:
            asked.problems.append(Problem(word, None, "one folder at a time is shown"))
    asked.token, wrong = chosen_token(asked.token)
    if wrong is not None:
        asked.problems.append(wrong)
    return asked


def _read_option(asked: _Request, option: str, given: str) -> None:
    from hesim.app.admission import MOST_VISITORS

    if option == "--port":
        asked.port = _whole(asked, option, given, 0, 65535)
    elif option == "--visitors":
        asked.visitors = _whole(asked, option, given, 1, MOST_VISITORS)
    elif option == "--host":
        asked.host = given
    elif option == "--token":
        asked.token = given
    else:
        asked.config = given


def _whole(asked: _Request, option: str, given: str, low: int, high: int) -> int:
    """A whole number within bounds; the lowest where it is none, which is a problem."""
    if given.isdecimal() and len(given) <= 9 and low <= int(given) <= high:
        return int(given)
    words = f"must be a whole number from {low} to {high}"
    asked.problems.append(Problem(option, given, words))
    return low


def _content(asked: _Request) -> Served:
    """What the page is to show.

    Raises:
        ConfigErrors: with every problem there is.
    """
    from hesim.app.folder import serve_folder
    from hesim.app.server_state import Served
    from hesim.cautions import of_calibration
    from hesim.execution.trial import try_tables
    from hesim.scenario import compose
    from hesim.tables import read

    if asked.folder is not None:
        served, problems = serve_folder(asked.folder, asked.overrides)
        if asked.problems or problems:
            raise ConfigErrors([*asked.problems, *problems])
        assert served is not None
        return served
    try:
        settings = compose(asked.overrides, asked.config)
    except ConfigErrors as error:
        raise ConfigErrors([*asked.problems, *error.problems]) from error
    levers = sorted(settings.mapping("levers"))
    if levers:
        words = "the page switches levers on itself: leave them out here"
        asked.problems.append(Problem("levers", ", ".join(levers), words))
    if asked.problems:
        raise ConfigErrors(asked.problems)
    for line in of_calibration(settings):
        print(f"hesim: warning: {line}", file=sys.stderr)
    data = settings["data"]
    tables = read(None if data is None else Path(str(data)))
    try_tables(settings)
    return Served(
        settings,
        tables,
        heldout=settings.flag("heldout"),
        overrides=tuple(asked.overrides),
        config=asked.config,
    )


def _serve(served: Served, asked: _Request) -> int:
    from hesim.app import server
    from hesim.app.admission import VISITORS
    from hesim.app.entry_token import Token
    from hesim.app.origin_check import is_loopback
    from hesim.app.server_state import serve

    try:
        taken = server.listen(asked.host, asked.port)
    except server.PortTaken as error:
        print(f"hesim: {error}", file=sys.stderr)
        return 1
    shared = not is_loopback(asked.host)
    token = Token(asked.token) if shared or asked.token else None
    # Who comes from another machine has no business writing on this one.
    served.writes = not shared
    if shared:
        print(
            f"hesim: warning: listening on {asked.host}: whoever has the address with its token "
            "can watch and start runs; what is sent is not encrypted",
            file=sys.stderr,
        )
    if served.folder is None:
        from hesim.model.warming import announcement, compile_kernels

        print(announcement(), file=sys.stderr, flush=True)
        compile_kernels()
    served.prepare()
    if served.heldout:
        from hesim.calibration.looks import log_look

        log_look("1.1", "hesim view heldout=true", "shown beside the outcomes on the page")
    serve(served)
    try:
        server.run_server(
            taken,
            asked.host,
            asked.open_browser,
            visitors=asked.visitors or VISITORS,
            token=token,
        )
    except KeyboardInterrupt:
        # Uvicorn has ended in good order and passes the signal on.
        print("\nhesim view: ended")
    finally:
        served.workers.close()
    return 0
