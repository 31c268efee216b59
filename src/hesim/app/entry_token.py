"""Ask for a token where others than this machine can reach the page, as Jupyter does.

Whoever opens the address with the token gets a cookie, and the same address without it. The token
never stays in the address bar, so that it is in no link that is copied.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from http.cookies import CookieError, SimpleCookie
from typing import Any

from hesim.app.origin_check import App, Scope
from hesim.app.plain_page import address_values, header, refuse_socket, send_page
from hesim.input.problems import Problem

VARIABLE = "HESIM_TOKEN"
"""The environment variable that sets the token; no list of processes shows it."""
SHORTEST = 16
ALLOWED = re.compile(r"[A-Za-z0-9_-]*")
WITHOUT = """\
const clean = new URL(location.href);
clean.searchParams.delete("token");
location.replace(clean);"""
"""Goes on to the address without the token. An answer that redirects would not do: a browser that
follows a link on another site does not send a strict cookie along."""


def chosen_token(option: str | None) -> tuple[str | None, Problem | None]:
    """The token that the user has set, if any, and what is wrong with it.

    Args:
        option: What was given to `--token`; it goes before the environment variable.
    """
    path, word = ("--token", option) if option is not None else (VARIABLE, os.environ.get(VARIABLE))
    if not word:
        return None, None
    if ALLOWED.fullmatch(word) is None:
        return None, Problem(path, None, "may hold letters, digits, - and _ only")
    if len(word) < SHORTEST:
        allowed = f"has {len(word)} characters; it must have {SHORTEST} at least"
        return None, Problem(path, None, allowed)
    return word, None


class Token:
    """What a visitor must have.

    Attributes:
        word: The token.
        cookie: What the cookie holds: made from the token, which cannot be made from it.
    """

    def __init__(self, word: str | None = None) -> None:
        """Take a word, or draw one."""
        self.word = word or secrets.token_hex(24)
        self.cookie = hmac.new(self.word.encode(), b"hesim view", hashlib.sha256).hexdigest()
        self._once: set[str] = set()

    def once(self) -> str:
        """A token that lets in one time: for the user's browser, whose words others may list."""
        word = secrets.token_hex(24)
        self._once.add(word)
        return word

    def fits(self, given: str) -> bool:
        """Whether this is the token; it takes as long whatever is given."""
        if given in self._once:
            self._once.discard(given)
            return True
        return hmac.compare_digest(given.encode(), self.word.encode())

    def fits_cookie(self, given: str) -> bool:
        """Whether this is what the cookie holds."""
        return hmac.compare_digest(given.encode(), self.cookie.encode())


class TokenGate:
    """Lets in those who have the cookie, and gives it to those who have the token."""

    def __init__(self, app: App, token: Token, port: int) -> None:
        """Guard an application.

        Args:
            app: The application.
            token: What a visitor must have.
            port: The server's; servers of one machine share cookies, so the name tells them apart.
        """
        self._app, self._token = app, token
        self._name = f"hesim-token-{port}"

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass a request on, give the cookie, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        known, given = self._known(scope), address_values(scope).get("token", [])
        if scope["type"] == "websocket":
            if known:
                await self._app(scope, receive, send)
            else:
                await refuse_socket(receive, send)
        elif given and (known or self._token.fits(given[0])):
            cookie = f"{self._name}={self._token.cookie}; Path=/; HttpOnly; SameSite=Strict"
            headers = {"set-cookie": cookie}
            await send_page(scope, send, 200, "opening", script=WITHOUT, headers=headers)
        elif known:
            await self._app(scope, receive, send)
        else:
            await send_page(scope, send, 403, "wrong_token" if given else "no_token")

    def _known(self, scope: Scope) -> bool:
        try:
            cookies = SimpleCookie(header(scope, "cookie"))
        except CookieError:
            return False
        mine = cookies.get(self._name)
        return mine is not None and self._token.fits_cookie(mine.value)
