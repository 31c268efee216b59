"""Who may come in, which addresses are answered, and what a page may load."""

from __future__ import annotations

import re
import sys
import threading
import weakref
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from asgi import Answer, ask
from solara.server import kernel_context, starlette

from hesim.app import memory
from hesim.app.admission import Admission
from hesim.app.entry_token import VARIABLE, Token, chosen_token
from hesim.app.headers import SOURCES
from hesim.app.routes import CLOSED, OPEN, page_app
from hesim.app.server import _counting, address_lines, guarded
from hesim.cli import main

WORD = "a-word_of-22-letters-0"


async def inside(scope: dict, receive: Any, send: Any) -> None:
    """Says that it was reached."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


def cookie_of(answer: Answer) -> str:
    return answer.all("set-cookie")[0].partition(";")[0]


def test_who_has_the_token_gets_a_cookie_and_an_address_without_it() -> None:
    app = guarded(inside, "0.0.0.0", Token(WORD), 8765)
    first = ask(app, f"/?token={WORD}&month=3", host="house:8765")
    assert first.status == 200 and "inside" not in first.text
    whole = first.all("set-cookie")[0]
    for part in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in whole
    # Neither what the browser keeps nor what it is sent holds the token.
    assert WORD not in whole and WORD not in first.text
    assert 'searchParams.delete("token")' in first.text
    assert ask(app, "/?month=3", host="house", cookie=cookie_of(first)).text == "inside"
    # The same word lets in after a restart, another does not.
    again = guarded(inside, "0.0.0.0", Token(WORD), 8765)
    assert ask(again, host="house", cookie=cookie_of(first)).text == "inside"
    other = guarded(inside, "0.0.0.0", Token(), 8765)
    assert ask(other, host="house", cookie=cookie_of(first)).status == 403


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("address", "cookie"),
    [
        ("/", ""),
        ("/", "hesim-token-8765="),
        ("/", "hesim-token-8765=\xe9"),
        ("/", f"hesim-token-8765={WORD}"),
        ("/", "hesim-token-1={right}"),
        ("/?token=", ""),
        (f"/?token={WORD}x", ""),
        (f"/?token=%C3%A9{WORD}", ""),
        ("/jupyter/api/kernels/1/channels", ""),
    ],
)
def test_who_has_neither_token_nor_cookie_is_refused(kind: str, address: str, cookie: str) -> None:
    token = Token(WORD)
    given = ask(
        guarded(inside, "0.0.0.0", token, 8765),
        address,
        kind,
        host="house",
        cookie=cookie.replace("{right}", token.cookie),
    )
    assert "inside" not in given.text and not given.all("set-cookie")
    assert given.status == 403 if kind == "http" else given.code == 1008


def test_a_token_in_the_address_opens_no_websocket() -> None:
    app = guarded(inside, "0.0.0.0", Token(WORD), 1)
    assert ask(app, f"/?token={WORD}", "websocket", host="house").code == 1008


def test_the_refusal_speaks_the_visitors_language() -> None:
    app = guarded(inside, "0.0.0.0", Token(WORD), 1)
    english, dutch = "This page asks for a token", "Deze pagina vraagt om een token"
    assert english in ask(app, host="house").text
    assert dutch in ask(app, "/?lang=nl", host="house").text
    assert dutch in ask(app, host="house", accept_language="nl-NL,nl;q=0.9,en;q=0.8").text
    assert english in ask(app, "/?lang=en", host="house", accept_language="nl").text
    told = ask(app, "/?token=<script>alert(1)</script>", host="house")
    assert told.status == 403 and "alert(1)" not in told.text
    assert '<html lang="nl">' in ask(app, "/?lang=nl", host="house").text


def test_a_token_for_one_time_lets_in_once() -> None:
    token = Token(WORD)
    app, once = guarded(inside, "0.0.0.0", token, 1), token.once()
    assert ask(app, f"/?token={once}", host="house").status == 200
    assert ask(app, f"/?token={once}", host="house").status == 403


def test_this_machine_is_asked_for_no_token_and_hostile_pages_stay_out() -> None:
    app = guarded(inside, "127.0.0.1", None, 1)
    assert ask(app, host="127.0.0.1").text == "inside"
    assert ask(app, host="evil.example").status == 400
    assert ask(app, host="127.0.0.1", origin="http://evil.example").status == 400
    shared = guarded(inside, "0.0.0.0", Token(WORD), 1)
    cookie = cookie_of(ask(shared, f"/?token={WORD}", host="house"))
    assert ask(shared, host="house", origin="http://evil.example", cookie=cookie).status == 400
    evil = ask(shared, "/", "websocket", host="house", origin="http://evil", cookie=cookie)
    assert evil.code == 1008


def test_the_token_is_printed_in_the_address() -> None:
    lines = address_lines("0.0.0.0", 80, Token(WORD))
    assert len(lines) == 2
    assert f"http://127.0.0.1:80/?token={WORD}" in lines[0] and WORD in lines[1]
    assert "token" not in "".join(address_lines("127.0.0.1", 80, None))
    assert f"http://[fe80::1]:80/?token={WORD}" in address_lines("fe80::1", 80, Token(WORD))[0]
    drawn = {Token().word for _ in range(8)}
    assert len(drawn) == 8 and all(len(word) >= 32 for word in drawn)


def test_short_tokens_and_wrong_numbers_are_refused_all_at_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["view", "--token", "too-short", "--visitors", "0", "--port", "x"]) == 2
    told = capsys.readouterr().err
    assert "--token: has 9 characters; it must have 16 at least" in told
    assert "--visitors = '0': must be a whole number from 1 to 1000" in told
    assert "--port" in told and "too-short" not in told
    monkeypatch.setenv(VARIABLE, "with a space in the middle")
    assert main(["view"]) == 2
    told = capsys.readouterr().err
    assert f"{VARIABLE}: may hold letters, digits" in told and "a space" not in told
    monkeypatch.setenv(VARIABLE, WORD)
    assert chosen_token(None) == (WORD, None)
    assert chosen_token("x" * 16) == ("x" * 16, None)
    problem = chosen_token("x" * 15)[1]
    assert problem is not None and problem.path == "--token"
    monkeypatch.delenv(VARIABLE)
    assert chosen_token(None) == (None, None)


def test_each_address_is_open_for_a_reason_or_closed() -> None:
    app = _counting(page_app(Admission()))
    mine = {route.path for route in app.routes}
    assert mine == set(OPEN)
    solaras = {route.path for route in starlette.routes}
    assert solaras <= set(OPEN) | set(CLOSED), "a new address of Solara's: open or closed?"
    assert not set(OPEN) & set(CLOSED)
    behind = guarded(app, "127.0.0.1", None, 1)
    for path in CLOSED:
        address = re.sub(r"\{[^}]*\}", "x", path)
        assert ask(behind, address, host="localhost").status == 404, path
        assert ask(behind, address, method="POST", host="localhost").status in (404, 405), path
    closed = ("/docs", "/static/public/page.py", "/static/../server.py", "/hesim", "/jupyter")
    closed += ("/jupyter/api/kernels", "/jupyter/tree", "/_solara/api", "/_solara/auth/login")
    for address in closed:
        assert ask(behind, address, host="localhost").status == 404, address
    assert ask(behind, "/", method="POST", host="localhost").status == 405


def test_only_installed_scripts_of_the_page_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[str] = []
    monkeypatch.setattr("solara.server.cdn_helper.fetch_from_cdn", fetched.append)
    app = guarded(page_app(Admission()), "127.0.0.1", None, 1)
    cdn = "/_solara/cdn"
    found = ask(app, f"{cdn}/requirejs@2.3.6/require.js", host="localhost")
    assert found.status == 200 and "immutable" in found.all("cache-control")[0]
    gone = [f"{cdn}/left-pad@1.0.0/index.js", f"{cdn}/requirejs@2.3.6", f"{cdn}/../../../x"]
    gone += ["/jupyter/nbextensions/jupyter-js-widgets/extension.js"]
    gone += ["/jupyter/nbextensions/jupyter-vue/../jupyter-js-widgets/extension.js"]
    for address in gone:
        assert ask(app, address, host="localhost").status == 404, address
    assert not fetched
    # A folder that was asked for is still there.
    assert ask(app, f"{cdn}/requirejs@2.3.6/require.js", host="localhost").status == 200
    widget = "/jupyter/nbextensions/jupyter-vue/extension.js"
    assert ask(app, widget, host="localhost").status == 200


def test_each_answer_says_what_it_may_load() -> None:
    app = guarded(inside, "127.0.0.1", None, 1)
    for answer in (ask(app, host="localhost"), ask(app, host="evil.example")):
        [policy] = answer.all("content-security-policy")
        assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy
        assert answer.all("x-content-type-options") == ["nosniff"]
        assert answer.all("referrer-policy") == ["no-referrer"]
    policies = {ask(app, host="localhost").all("content-security-policy")[0] for _ in range(4)}
    assert len(policies) == 4, "a nonce that comes twice"
    # Nothing from elsewhere, and no script in the page's text without the nonce.
    sources = {name for names in SOURCES.values() for name in names}
    assert not [name for name in sources if "//" in name or "*" in name]
    assert "'unsafe-inline'" not in SOURCES["script-src"]


@pytest.fixture
def kernels(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Solara's kernels, none yet."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(kernel_context, "contexts", found)
    return found


def kernel(session: str) -> SimpleNamespace:
    return SimpleNamespace(session_id=session, app_object=object(), page_status={})


def test_one_visitor_too_many_is_told_so_and_may_try_again(kernels: dict[str, Any]) -> None:
    app = guarded(page_app(Admission(2)), "127.0.0.1", None, 1)
    kernels |= {"one": kernel("a"), "two": kernel("b")}
    told = ask(app, "/?lang=nl&month=3", host="localhost")
    assert told.status == 503 and told.all("retry-after")
    assert "Alle plaatsen zijn bezet" in told.text and "laat 2 bezoekers" in told.text
    assert "Probeer opnieuw" in told.text
    socket = "/jupyter/api/kernels/{}/channels"
    assert ask(app, socket.format("three"), "websocket", host="localhost").code == 1013
    here = ask(app, "/hesim/here?kernel=three", host="localhost").text
    assert '"running":false' in here and '"lack":"full"' in here
    # Who is there stays, also when the page is loaded anew.
    here = ask(app, "/hesim/here?kernel=two", host="localhost").text
    assert '"running":true' in here and '"lack":null' in here
    assert Admission(2).lack(session="b") is None and Admission(2).lack("two") is None
    assert Admission(2).lack() == "full" and Admission(3).lack() is None


def test_those_who_arrive_at_once_do_not_share_a_place(kernels: dict[str, Any]) -> None:
    import asyncio

    admission, refused, connected = Admission(1), [], []

    async def send(message: dict) -> None:
        refused.append(message["code"])

    async def receive() -> dict:
        return {"type": "websocket.connect"}

    async def arrive(name: str) -> None:
        async def connect() -> None:
            connected.append(name)
            await asyncio.sleep(0)

        await admission.connect(name, connect, receive, send)

    async def both() -> None:
        await asyncio.gather(arrive("one"), arrive("two"))

    asyncio.run(both())
    assert connected == ["one"] and refused == [1013]
    asyncio.run(arrive("three"))
    assert connected == ["one", "three"]


def test_nobody_more_comes_in_when_memory_is_short(
    kernels: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=2**20))
    app = guarded(page_app(Admission(2)), "127.0.0.1", None, 1)
    told = ask(app, host="localhost")
    assert told.status == 503 and "too little memory" in told.text
    kernels["one"] = kernel("a")
    assert Admission(2).lack("one") is None


def test_only_the_browser_that_opened_a_page_closes_it(kernels: dict[str, Any]) -> None:
    app = guarded(page_app(Admission(2)), "127.0.0.1", None, 1)
    closed: list[str] = []
    mine = kernels["one"] = kernel("a")
    mine.page_status["p"] = "connected"
    mine.page_close = closed.append
    address = "/_solara/api/close/one?session_id="
    for page, session in (("p", "b"), ("p", ""), ("q", "a"), ("", "a")):
        cookie = f"solara-session-id={session}"
        answer = ask(app, address + page, method="POST", host="localhost", cookie=cookie)
        assert answer.status == 204 and not closed
    cookie = "solara-session-id=a"
    ask(app, address + "p", method="POST", host="localhost", cookie=cookie)
    assert closed == ["p"]
    assert ask(app, address + "p", host="localhost", cookie=cookie).status == 405


class Ring:
    """Holds itself, as Solara's part of a visit does."""

    def __init__(self) -> None:
        self.own = self
        self.closed_event = threading.Event()


def test_memory_is_given_back_after_a_visitor_left(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Semaphore(0)
    found: list[bool] = []
    ring = Ring()
    gone = weakref.ref(ring)

    def release() -> None:
        memory.give_back()
        found.append(gone() is None)
        released.release()

    departures = memory.Departures(release)
    with monkeypatch.context() as visit:
        visit.setattr(kernel_context, "get_current_context", lambda here=ring: here)
        leave = departures.watch()
    leave()
    # Not while the visit is still being closed.
    assert not found
    ring.closed_event.set()
    del ring
    assert released.acquire(timeout=60) and released.acquire(timeout=60)
    assert found[-1]


def test_memory_is_given_back_where_the_system_has_no_function_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(_name: object) -> object:
        return object()

    for platform in ("win32", "darwin", "linux"):
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setattr("ctypes.CDLL", missing)
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        memory.give_back()
