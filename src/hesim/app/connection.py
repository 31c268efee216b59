"""Put into the page what tells a visitor that the server is away, and brings the page back."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources

from hesim.app.scripts import addresses
from hesim.app.words import LANGUAGES, speak

STATES = ("lost", "full", "short", "no_token")
"""What a page that lost its connection may have to say; each has a title and a text in words."""


@cache
def _script() -> str:
    return resources.files("hesim.app").joinpath("connection.js").read_text(encoding="utf-8")


def page_text(text: str, nonce: str, language: str, server: str, places: int) -> str:
    """The page as Solara makes it, with language, nonce, and the scripts of connections and charts.

    Args:
        text: HTML.
        nonce: Word that lets a script in the page's text run.
        language: Language of the page.
        server: Word of this start of the server.
        places: Places for visitors.
    """
    said = {
        each: {
            state: [speak(each)(f"{state}_{part}", places=places) for part in ("title", "text")]
            for state in STATES
        }
        for each in LANGUAGES
    }
    own = json.dumps({"server": server, "words": said}).replace("<", "\\u003c")
    added = (
        f'<script id="hesim-connection" type="application/json">{own}</script>'
        f"<script>{_script()}</script>"
        # Before anything of the page: each card of a chart is made from it.
        f'<script src="{addresses()["own"]}"></script>'
    )
    text = text.replace("<html>", f'<html lang="{language}">', 1)
    text = text.replace("<head>", f"<head>{added}", 1)
    return re.sub(r"<script(?=[\s>])", f'<script nonce="{nonce}"', text)
