"""The dashboard as an ASGI application: routes, middleware, error pages."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp

from linkwatch.daemon.api import DaemonApi
from linkwatch.errors import LinkwatchError
from linkwatch.masking import mask
from linkwatch.web import actions, badges, exports, feeds, list_actions, monitoring
from linkwatch.web.api import endpoints
from linkwatch.web.attempts import Attempts
from linkwatch.web.auth import Authenticator
from linkwatch.web.context import Handler, WebContext, style_sheet
from linkwatch.web.middleware import (
    AuthMiddleware,
    BodyLimitMiddleware,
    PrefixMiddleware,
    SecurityHeadersMiddleware,
    TrustedHostMiddleware,
)
from linkwatch.web.pages import edit, issues, lists, overview, public, resources, system
from linkwatch.web.public_addresses import is_public, plain_error
from linkwatch.web.sessions import Sessions

ROUTES: dict[str, Handler] = {
    "/": overview.page,
    "/lists": lists.all_page,
    "/lists/{schedule:path}": lists.page,
    "/add-list": edit.add_page,
    "/edit/{schedule:path}": edit.page,
    "/remove/{schedule:path}": edit.remove_page,
    "/stored/{schedule:path}.csv": edit.download,
    "/search": lists.search_page,
    "/resources/{kind}/{id:path}": resources.page,
    "/incidents": issues.page,
    "/duplicates": issues.duplicates_page,
    "/runs": system.runs_page,
    "/settings": system.settings_page,
    "/login": system.login_page,
    "/feed.atom": feeds.feed_of_all_lists,
    "/feed/{schedule:path}.atom": feeds.feed_of_schedule,
    "/badge/{schedule:path}.svg": badges.badge,
    "/export/{schedule:path}.{format}": exports.export,
    "/public/{address:path}/status": public.status_page,
    "/public/{address:path}/badge.svg": public.badge_page,
    "/public/{address:path}/badge.json": public.badge_json,
    "/public/{address:path}/feed.atom": public.feed,
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
"""Paths of GET requests."""

_FORMS: dict[str, actions.FormHandler] = {
    "/login": actions.log_in,
    "/logout": actions.log_out,
    "/acks": actions.acknowledge_findings,
    "/acks/remove": actions.remove_acknowledgement,
    "/check": actions.request_check,
    "/pause": actions.set_paused,
    "/notify/test": actions.send_test,
    "/public/renew": actions.renew_public_address,
    "/remove/{schedule:path}": list_actions.remove,
    "/patch/{schedule:path}": list_actions.make_patch,
}
_FORMS_WITH_FILES: dict[str, actions.FormHandler] = {
    "/add-list": list_actions.add,
    "/edit/{schedule:path}": list_actions.edit,
}
LEAST_COMPRESSED = 1_000
"""Bytes of a response that is compressed for clients that take gzip."""

_STATIC = {"times.js": "text/javascript", "dashboard.js": "text/javascript", "icon.svg": "image/svg+xml"}


def dashboard_app(
    daemon: DaemonApi,
    authenticator: Authenticator,
    hosts: frozenset[str] | None,
    clock: Callable[[], datetime],
    *,
    sessions: Sessions,
    attempts: Attempts,
) -> ASGIApp:
    """Build the application.

    Args:
        daemon: Whose state is shown.
        authenticator: With a token, or open.
        hosts: Accepted values of the `Host` header; None: any.
        clock: The present time, aware UTC.
        sessions: Those that were ended before their time.
        attempts: The wrong tokens.
    """
    context = WebContext(daemon, authenticator, clock, sessions, attempts)
    routes = [Route(path, partial(handler, context)) for path, handler in ROUTES.items()]
    routes += [
        Route(
            path,
            actions.form_endpoint(handler, context, takes_file=path in _FORMS_WITH_FILES),
            methods=["POST"],
            name=f"post {path}",
        )
        for path, handler in (_FORMS | _FORMS_WITH_FILES).items()
    ]
    routes += [Route(f"/static/{name}", _static(text, kind), name=name) for name, text, kind in _static_files()]
    app = Starlette(
        routes=routes,
        middleware=[
            # What a stranger makes a browser ask for comes without the session's cookie, which is SameSite=Strict: he
            # can't put texts of his beside the tokens of a form, to see how well they compress.
            Middleware(GZipMiddleware, minimum_size=LEAST_COMPRESSED, compresslevel=4),
            Middleware(TrustedHostMiddleware, hosts=hosts),
            Middleware(BodyLimitMiddleware),
            Middleware(AuthMiddleware, authenticator=authenticator, sessions=sessions, attempts=attempts, clock=clock),
        ],
        exception_handlers={
            LinkwatchError: partial(_linkwatch_error, context),
            HTTPException: partial(_http_error, context),
            500: partial(_unexpected_error, context),
        },
    )
    return PrefixMiddleware(SecurityHeadersMiddleware(app), lambda: context.prefix)


def _static_files() -> list[tuple[str, str, str]]:
    folder = files("linkwatch.web") / "static"
    static = [(name, (folder / name).read_text("utf-8"), kind) for name, kind in _STATIC.items()]
    return [("dashboard.css", style_sheet(), "text/css"), *static]


def _static(text: str, kind: str) -> Callable[[Request], Response]:
    def respond(_: Request) -> Response:
        return Response(text, media_type=kind, headers={"cache-control": "max-age=300"})

    return respond


def _http_error(context: WebContext, request: Request, error: HTTPException) -> Response:
    """The page does not exist, or the request is not allowed."""
    is_plain_404 = error.status_code == 404 and error.detail == HTTPStatus.NOT_FOUND.phrase
    message = "Page not found" if is_plain_404 else error.detail
    response = _error_page(context, request, error.status_code, message)
    response.headers.update(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["allow"] = ", ".join(sorted(_methods_of(request)))
    return response


def _methods_of(request: Request) -> set[str]:
    """What can be done with a path: a page and a form may have the same one."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    matching = [route.methods or set() for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return set().union(*matching)


def _linkwatch_error(context: WebContext, request: Request, error: LinkwatchError) -> Response:
    """An expected error, mostly a database that can't be read."""
    return _error_page(context, request, 503, mask(error.message), mask(error.remedy))


def _unexpected_error(context: WebContext, request: Request, _: Exception) -> Response:
    """A bug; uvicorn logs it."""
    return _error_page(context, request, 500, "This is a bug in linkwatch", "The log of the daemon has the details.")


def _error_page(context: WebContext, request: Request, status: int, message: str, remedy: str = "") -> Response:
    """A page for browsers, JSON for the API, else a line of text; of public pages nothing but the kind of error."""
    if is_public(request.method, request.scope["path"]):
        return plain_error(status)
    if request.url.path.startswith("/api/"):
        return endpoints.problem(status, message, remedy)
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(f"{message}. {remedy}".strip() + "\n", status)
    return context.page(request, "error.html", status, message=message, remedy=remedy)
