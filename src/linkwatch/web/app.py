"""The dashboard as an ASGI application: its addresses, its guards, and what errors look like."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from linkwatch.daemon.api import DaemonApi
from linkwatch.errors import LinkwatchError
from linkwatch.web import actions as forms
from linkwatch.web import badges, feeds, monitoring
from linkwatch.web.api import endpoints as answers
from linkwatch.web.auth import Authenticator
from linkwatch.web.context import Handler, WebContext, style_sheet
from linkwatch.web.middleware import (
    AuthMiddleware,
    BodyLimitMiddleware,
    SecurityHeadersMiddleware,
    TrustedHostMiddleware,
)
from linkwatch.web.pages import duplicates, lists, login, overview, resources, runs, settings
from linkwatch.web.pages import issues as incidents

ADDRESSES: dict[str, Handler] = {
    "/": overview.page,
    "/lists/{schedule:path}": lists.page,
    "/resources/{kind}/{id:path}": resources.page,
    "/incidents": incidents.page,
    "/duplicates": duplicates.page,
    "/runs": runs.page,
    "/settings": settings.page,
    "/login": login.page,
    "/feed.atom": feeds.of_all,
    "/feed/{schedule:path}.atom": feeds.of_list,
    "/badge/{schedule:path}.svg": badges.badge,
    "/metrics": monitoring.metrics,
    "/healthz": monitoring.healthz,
    "/readyz": monitoring.readyz,
    "/api/v1/openapi.json": answers.description,
    "/api/v1/schedules": answers.schedules,
    "/api/v1/reports/{schedule:path}": answers.report,
    "/api/v1/runs": answers.runs,
    "/api/v1/resources/{kind}/{id:path}": answers.life,
    "/api/v1/progress": answers.progress,
    "/api/v1/quota": answers.quota,
    "/api/v1/acks": answers.acks,
}
"""What can be asked for."""

_FORMS: dict[str, forms.FormHandler] = {
    "/login": forms.log_in,
    "/logout": forms.log_out,
    "/acks": forms.accept_finding,
    "/acks/remove": forms.remove_acceptance,
    "/check": forms.check_soon,
}
_STATIC = {"dashboard.js": "text/javascript", "icon.svg": "image/svg+xml"}


def dashboard_app(
    watching: DaemonApi, keyring: Authenticator, hosts: frozenset[str] | None, clock: Callable[[], datetime]
) -> ASGIApp:
    """Put the dashboard together.

    Args:
        watching: The daemon.
        keyring: With the token that is asked for, or open.
        hosts: What a request may call us by; None: anything.
        clock: The present time, aware UTC.
    """
    desk = WebContext(watching, keyring, clock)
    routes = [Route(path, partial(handler, desk)) for path, handler in ADDRESSES.items()]
    routes += [
        Route(path, forms.received(handler, desk), methods=["POST"], name=f"post {path}")
        for path, handler in _FORMS.items()
    ]
    routes += [Route(f"/static/{name}", _static(text, kind), name=name) for name, text, kind in _static_files()]
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(TrustedHostMiddleware, hosts=hosts),
            Middleware(BodyLimitMiddleware),
            Middleware(AuthMiddleware, keyring=keyring, clock=clock),
        ],
        exception_handlers={
            LinkwatchError: partial(_expected, desk),
            HTTPException: partial(_http, desk),
            500: partial(_unexpected, desk),
        },
    )
    return SecurityHeadersMiddleware(app)


def _static_files() -> list[tuple[str, str, str]]:
    folder = files("linkwatch.web") / "static"
    told = [(name, (folder / name).read_text("utf-8"), kind) for name, kind in _STATIC.items()]
    return [("dashboard.css", style_sheet(), "text/css"), *told]


def _static(text: str, kind: str) -> Callable[[Request], Response]:
    def answer(_: Request) -> Response:
        return Response(text, media_type=kind, headers={"cache-control": "max-age=300"})

    return answer


def _http(desk: WebContext, request: Request, error: HTTPException) -> Response:
    """What was asked for is not there, or not to be had in this way."""
    unsaid = error.status_code == 404 and error.detail == HTTPStatus.NOT_FOUND.phrase
    return _trouble(desk, request, error.status_code, "There is nothing here" if unsaid else error.detail)


def _expected(desk: WebContext, request: Request, error: LinkwatchError) -> Response:
    """Something of the world's: mostly a database that can't be read."""
    return _trouble(desk, request, 503, error.message, error.remedy)


def _unexpected(desk: WebContext, request: Request, _: Exception) -> Response:
    """A bug of ours; uvicorn logs it."""
    return _trouble(desk, request, 500, "This is a bug of linkwatch", "The daemon's log has the details.")


def _trouble(desk: WebContext, request: Request, status: int, message: str, remedy: str = "") -> Response:
    """A page for people, JSON or a line for programs."""
    if request.url.path.startswith("/api/"):
        return answers.problem(status, message, remedy)
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(f"{message}. {remedy}".strip() + "\n", status)
    return desk.page(request, "trouble.html", status, message=message, remedy=remedy)
