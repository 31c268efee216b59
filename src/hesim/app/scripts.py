"""Serve the scripts that draw charts: Vega in the versions that Altair asks for, and our own."""

from __future__ import annotations

import gzip
import hashlib
import logging
import threading
from functools import cache
from importlib import resources
from typing import Any

LOG = logging.getLogger(__name__)
SCHEMA = "6.4"
"""Series of Vega-Lite that is served: that of the Altair which writes the specifications."""
SNIPPET = "window.vegaEmbed = vegaEmbed;"
"""What the script of Vega leaves on the page."""
FOREVER = "public, max-age=31536000, immutable"
_lock = threading.Lock()


@cache
def script_versions() -> dict[str, str]:
    """Versions of the libraries that are served, by name; no more is made for it."""
    from importlib.metadata import version

    import vl_convert

    return {
        "vega": vl_convert.get_vega_version(),
        "vega-lite": SCHEMA,
        "vega-embed": vl_convert.get_vega_embed_version(),
        "vl-convert": version("vl-convert-python"),
    }


def vega_script() -> bytes:
    """Vega, Vega-Lite and Vega-Embed as one script, compressed by gzip.

    Making it takes more than a second, so it is made once and stays in the user's cache folder.
    """
    with _lock:
        return _vega_script()


@cache
def _vega_script() -> bytes:
    from platformdirs import user_cache_path

    from hesim.files import put

    name = "-".join(f"{name}-{number}" for name, number in script_versions().items())
    file = user_cache_path("hesim", appauthor=False) / "scripts" / f"{name}.js.gz"
    try:
        found = file.read_bytes()
        gzip.decompress(found)
        return found
    except (OSError, EOFError, gzip.BadGzipFile):
        pass
    import vl_convert

    made = gzip.compress(vl_convert.javascript_bundle(SNIPPET, SCHEMA).encode(), 9, mtime=0)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        put(file, made)
    except OSError as error:
        LOG.info("the scripts of charts are not kept: %s", error)
    return made


@cache
def own_script() -> bytes:
    """The script that draws charts, compressed by gzip."""
    text = resources.files("hesim.app").joinpath("charts.js").read_bytes()
    return gzip.compress(text, 9, mtime=0)


@cache
def addresses() -> dict[str, str]:
    """Where the page finds each script: the address changes with what it holds."""
    own = hashlib.sha256(own_script()).hexdigest()[:12]
    vega = hashlib.sha256(repr(script_versions()).encode()).hexdigest()[:12]
    return {"own": f"/hesim/charts.js?{own}", "vega": f"/hesim/vega.js?{vega}"}


def prepare_scripts() -> None:
    """Make the scripts ready in a thread, and load what writes specifications."""

    def work() -> None:
        try:
            vega_script()
            import altair  # noqa: F401 - takes half a second
        except Exception:
            LOG.exception("the scripts of charts could not be made")

    threading.Thread(target=work, daemon=True).start()


def script_routes() -> list[Any]:
    """Starlette's routes to the scripts."""
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import Response
    from starlette.routing import Route

    def serving(make: Any) -> Any:
        async def answer(request: Any) -> Response:
            body = await run_in_threadpool(make)
            headers = {"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in request.headers.get("accept-encoding", ""):
                headers["Content-Encoding"] = "gzip"
            else:
                body = gzip.decompress(body)
            return Response(body, media_type="text/javascript", headers=headers)

        return answer

    made = {"/hesim/vega.js": vega_script, "/hesim/charts.js": own_script}
    return [Route(path, serving(make)) for path, make in made.items()]
