"""Which addresses the page's server answers, and why; all others are closed, Solara's too."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from solara.server import kernel_context, server, settings, starlette
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from hesim.app.admission import Admission
from hesim.app.connection import page_text
from hesim.app.plain_page import language_of
from hesim.app.scripts import script_routes

EXTENSIONS = ("jupyter-vue", "jupyter-vuetify")
"""Jupyter's extensions that the page needs; what else a user has installed is not served."""
OPEN: Mapping[str, str] = {
    "/": "the page",
    "/jupyter/api/kernels/{id}": "the page asks, when its connection broke, whether to try again",
    "/jupyter/api/kernels/{kernel_id}/{name}": "the page's connection",
    "/_solara/api/close/{kernel_id}": "the browser says that a page was closed",
    "/_solara/cdn": "Solara's scripts and letters, those that are installed",
    "/static/assets": "style of the page",
    "/static": "Solara's own scripts",
    "/jupyter/nbextensions": "scripts of the widgets: " + ", ".join(EXTENSIONS),
    "/hesim/vega.js": "the script of Vega, which draws charts",
    "/hesim/charts.js": "the script of our own that has Vega draw them",
    "/hesim/visits": "how many visitors have a run",
    "/hesim/here": "whether the server is there and has a place, for a page that lost it",
}
"""Addresses that are answered, and what for."""
CLOSED: Mapping[str, str] = {
    "/readyz": "for machines that run Solara in a cluster",
    "/resourcez": "threads, kernels, processor and memory of the machine",
    "/_solara/api/evict/{kernel_id}": "ends a visitor's run, for tests of Solara",
    "/static/public": "files of an app in a folder; this page has none",
    "/{fullpath}": "pages of an app with several; this one has one",
    "/{fullpath:path}": "likewise",
}
"""Addresses of Solara's that are not answered, and what they are."""


class _Others:
    """Contains every name of an extension but those that the page needs."""

    def __contains__(self, name: str) -> bool:
        return name.split("/")[0] not in EXTENSIONS


class InstalledScripts(starlette.StaticCdn):
    """Solara's scripts from the folder where they are installed.

    Solara's own class fetches from the internet what is not there, and removes folders.
    """

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file, or nothing."""
        return _inside(str(settings.assets.proxy_cache_dir), path)


class WidgetScripts(starlette.StaticNbFiles):
    """Scripts of the widgets that the page has, and of no other extension."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file, or nothing."""
        if os.path.normpath(path).replace("\\", "/").split("/")[0] not in EXTENSIONS:
            return "", None
        found: tuple[str, os.stat_result | None] = super().lookup_path(path)
        return found


def _inside(folder: str, path: str) -> tuple[str, os.stat_result | None]:
    root = os.path.abspath(folder)
    file = os.path.abspath(os.path.join(root, path))
    if os.path.commonpath([root, file]) != root or not os.path.isfile(file):
        return "", None
    return file, os.stat(file)


class FrontPage:
    """The page, where there is a place for one more visitor."""

    def __init__(self, admission: Admission) -> None:
        """Serve it to those who are let in."""
        self._admission = admission

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send the page, or the page for one too many."""
        request = Request(scope, receive)
        lack = self._admission.lack(session=_session(request))
        if lack is not None:
            await self._admission.refuse(request, lack, send)
            return
        response = await starlette.root(request)
        text = page_text(
            bytes(response.body).decode(),
            scope.get("hesim.nonce", ""),
            language_of(scope),
            self._admission.server,
            self._admission.places,
        )
        response.body = text.encode()
        response.headers["content-length"] = str(len(response.body))
        response.headers["cache-control"] = "no-store"
        await response(scope, receive, send)


def _session(connection: HTTPConnection) -> str:
    return server.get_session_id_cookie(connection.cookies) or ""


class KernelSocket:
    """The connection of a page, where there is a place for it."""

    def __init__(self, admission: Admission) -> None:
        """Connect those who are let in."""
        self._admission = admission

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Connect a page, or refuse it."""
        from starlette.websockets import WebSocket

        async def connect() -> None:
            await starlette.kernel_connection(WebSocket(scope, receive, send))

        kernel = str(scope["path_params"]["kernel_id"])
        await self._admission.connect(kernel, connect, receive, send)


class PageClosing(HTTPEndpoint):
    """Frees what a visitor had as soon as the browser says that the page was closed."""

    def post(self, request: Request) -> Response:
        """Close the page, if it is of the browser that asks."""
        page = request.query_params.get("session_id", "")
        context = kernel_context.contexts.get(request.path_params["kernel_id"])
        mine = context is not None and context.session_id == _session(request)
        if context is not None and mine and page in context.page_status:
            context.page_close(page)
        return Response(status_code=204)


class Here:
    """Answers a page that lost its connection."""

    def __init__(self, admission: Admission) -> None:
        """Answer for this start of the server."""
        self._admission = admission

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Say which start of the server this is, whether the run is there, and what is lacking."""
        request = Request(scope, receive)
        kernel = request.query_params.get("kernel", "")
        context = kernel_context.contexts.get(kernel)
        answer = {
            "server": self._admission.server,
            "running": context is not None and context.app_object is not None,
            "lack": self._admission.lack(kernel),
        }
        response = JSONResponse(answer, headers={"Cache-Control": "no-store"})
        await response(scope, receive, send)


def page_routes(admission: Admission) -> list[BaseRoute]:
    """All addresses that are answered; `OPEN` says what for."""
    return [
        Route("/hesim/here", Here(admission), methods=["GET"]),
        *script_routes(),
        Route("/", FrontPage(admission), methods=["GET"]),
        Route("/jupyter/api/kernels/{id}", starlette.kernels),
        WebSocketRoute("/jupyter/api/kernels/{kernel_id}/{name}", KernelSocket(admission)),
        Route("/_solara/api/close/{kernel_id}", PageClosing),
        Mount("/_solara/cdn", InstalledScripts(directory=settings.assets.proxy_cache_dir)),
        Mount("/static/assets", starlette.StaticAssets()),
        Mount("/jupyter/nbextensions", WidgetScripts()),
        Mount("/static", starlette.StaticFilesOptionalAuth(directory=server.solara_static)),
    ]


def page_app(admission: Admission) -> Starlette:
    """Solara with the addresses that are answered, and no others.

    Args:
        admission: Places for visitors.
    """
    server.nbextensions_ignorelist = _Others()
    return Starlette(
        routes=page_routes(admission),
        lifespan=starlette.lifespan,
        middleware=starlette.middleware,
    )
