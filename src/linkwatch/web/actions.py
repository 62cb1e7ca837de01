"""What people post: they log in, accept a finding for good or for a time, take that back, wish for a check."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from linkwatch.errors import UsageError
from linkwatch.services.acknowledge import acknowledge, remove_acknowledgements
from linkwatch.web.auth import SESSION
from linkwatch.web.context import WebContext, flash
from linkwatch.web.middleware import SESSION_COOKIE
from linkwatch.web.paths import local_path

Fields = Mapping[str, str]
FormHandler = Callable[[WebContext, Request, Fields], Response]

_DAYS = {"week": 7, "month": 30}
"""How long something is snoozed."""

_FOREIGN = (
    "This form does not come from the dashboard as it is open now. Go back, load the page again, and try once more"
)


def form_endpoint(handler: FormHandler, context: WebContext) -> Callable[[Request], Awaitable[Response]]:
    """Read a form, and hand on what is in it if it is one of ours."""

    async def endpoint(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=20)
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        session = request.cookies.get(SESSION_COOKIE, "")
        if not _is_from_here(request) or not context.authenticator.is_form_token(fields.get("form", ""), session):
            raise HTTPException(403, _FOREIGN)
        return await run_in_threadpool(handler, context, request, fields)

    return endpoint


def _is_from_here(request: Request) -> bool:
    """By what the browser says of the page that posted; what is no browser says nothing."""
    origin = request.headers.get("origin")
    # Without the scheme: before a proxy that speaks TLS it is another one.
    return origin is None or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()


def log_in(context: WebContext, request: Request, fields: Fields) -> Response:
    """Whoever gives the token gets a session."""
    wanted = local_path(fields.get("next", ""))
    if not context.authenticator.admits(fields.get("token", "")):
        return context.page(request, "login.html", 403, wanted=wanted, refused=True)
    response = RedirectResponse(wanted, 303)
    response.set_cookie(
        SESSION_COOKIE,
        context.authenticator.new_session(context.clock()),
        max_age=int(SESSION.total_seconds()),
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="strict",
    )
    return response


def log_out(context: WebContext, request: Request, fields: Fields) -> Response:
    """The browser forgets its session."""
    response = RedirectResponse("/login", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


def accept_finding(context: WebContext, request: Request, fields: Fields) -> Response:
    """Accept what a rule found about something, until it is over or until a day."""
    try:
        until = _until(fields, context.clock().date())
        words = [fields.get("id", ""), fields.get("rule", "")]
        told = acknowledge(
            context.daemon.settings, context.clock(), list(filter(None, words)), fields.get("reason"), until
        )
    except UsageError as error:
        told = [f"Not acknowledged: {error.message}. {error.remedy}"]
    return _back(fields, told)


def _until(fields: Fields, today: date) -> str | None:
    """The last day as text; None: until it is over."""
    length = fields.get("until", "")
    if length in _DAYS:
        return (today + timedelta(days=_DAYS[length])).isoformat()
    if length != "date":
        return None
    try:
        day = date.fromisoformat(fields.get("day", ""))
    except ValueError:
        raise UsageError("the day is missing", remedy="Choose the last day of the acknowledgement.") from None
    if day < today:
        raise UsageError(f"{day} has passed", remedy=f"Today is {today}, in UTC.")
    return day.isoformat()


def remove_acknowledgement(context: WebContext, request: Request, fields: Fields) -> Response:
    """Accept something no longer."""
    words = list(filter(None, (fields.get("id", ""), fields.get("rule", ""))))
    try:
        told = remove_acknowledgements(context.daemon.settings, context.clock(), words)
    except UsageError as error:
        told = [f"Not removed: {error.message}. {error.remedy}"]
    return _back(fields, told)


def request_check(context: WebContext, request: Request, fields: Fields) -> Response:
    """Wish for a check of all of a schedule's lists."""
    schedule = fields.get("schedule", "")
    try:
        context.daemon.request_check(schedule)
    except KeyError:
        raise HTTPException(404, "There is no such schedule") from None
    return _back(fields, [f"“{schedule}” is checked as soon as nothing else is."])


def _back(fields: Fields, told: list[str]) -> Response:
    """To the page with the form, which says what was done."""
    return flash(RedirectResponse(local_path(fields.get("next", "")), 303), " ".join(told))
