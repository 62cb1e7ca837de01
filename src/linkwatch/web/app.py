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
from linkwatch.web import actions, badges, feeds, monitoring
from linkwatch.web.api import endpoints
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

ROUTES: dict[str, Handler] = {
    "/": overview.page,
    "/lists/{schedule:path}": lists.page,
    "/resources/{kind}/{id:path}": resources.page,
    "/incidents": incidents.page,
    "/duplicates": duplicates.page,
    "/runs": runs.page,
    "/settings": settings.page,
    "/login": login.page,
    "/feed.atom": feeds.feed_of_all_lists,
    "/feed/{schedule:path}.atom": feeds.feed_of_schedule,
    "/badge/{schedule:path}.svg": badges.badge,
    "/metrics": monitoring.metrics,
    "/healthz": monitoring.healthz,
    "/readyz": monitoring.readyz,
    "/api/v1/openapi.json": endpoints.openapi,
    "/api/v1/schedules": endpoints.schedules,
    "/api/v1/reports/{schedule:path}": endpoints.report,
    "/api/v1/runs": endpoints.runs,
    "/api/v1/resources/{kind}/{id:path}": endpoints.history,
    "/api/v1/progress": endpoints.progress,
    "/api/v1/quota": endpoints.quota,
    "/api/v1/acks": endpoints.acks,
}
"""What can be asked for."""

_FORMS: dict[str, actions.FormHandler] = {
    "/login": actions.log_in,
    "/logout": actions.log_out,
    "/acks": actions.accept_finding,
    "/acks/remove": actions.remove_acknowledgement,
    "/check": actions.request_check,
}
_STATIC = {"dashboard.js": "text/javascript", "icon.svg": "image/svg+xml"}


def dashboard_app(
    daemon: DaemonApi, authenticator: Authenticator, hosts: frozenset[str] | None, clock: Callable[[], datetime]
) -> ASGIApp:
    """Put the dashboard together.

    Args:
        daemon: The daemon.
        authenticator: With the token that is asked for, or open.
        hosts: What a request may call us by; None: anything.
        clock: The present time, aware UTC.
    """
    context = WebContext(daemon, authenticator, clock)
    routes = [Route(path, partial(handler, context)) for path, handler in ROUTES.items()]
    routes += [
        Route(path, actions.form_endpoint(handler, context), methods=["POST"], name=f"post {path}")
        for path, handler in _FORMS.items()
    ]
    routes += [Route(f"/static/{name}", _static(text, kind), name=name) for name, text, kind in _static_files()]
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(TrustedHostMiddleware, hosts=hosts),
            Middleware(BodyLimitMiddleware),
            Middleware(AuthMiddleware, authenticator=authenticator, clock=clock),
        ],
        exception_handlers={
            LinkwatchError: partial(_expected, context),
            HTTPException: partial(_http, context),
            500: partial(_unexpected, context),
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


def _http(context: WebContext, request: Request, error: HTTPException) -> Response:
    """What was asked for is not there, or not to be had in this way."""
    unsaid = error.status_code == 404 and error.detail == HTTPStatus.NOT_FOUND.phrase
    return _trouble(context, request, error.status_code, "There is nothing here" if unsaid else error.detail)


def _expected(context: WebContext, request: Request, error: LinkwatchError) -> Response:
    """Something of the world's: mostly a database that can't be read."""
    return _trouble(context, request, 503, error.message, error.remedy)


def _unexpected(context: WebContext, request: Request, _: Exception) -> Response:
    """A bug of ours; uvicorn logs it."""
    return _trouble(context, request, 500, "This is a bug of linkwatch", "The daemon's log has the details.")


def _trouble(context: WebContext, request: Request, status: int, message: str, remedy: str = "") -> Response:
    """A page for people, JSON or a line for programs."""
    if request.url.path.startswith("/api/"):
        return endpoints.problem(status, message, remedy)
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(f"{message}. {remedy}".strip() + "\n", status)
    return context.page(request, "trouble.html", status, message=message, remedy=remedy)
