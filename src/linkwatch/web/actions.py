"""The forms: log in and out, acknowledge or no longer, request a check, pause, send a test, renew an address."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from threading import Lock
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import ImmutableMultiDict, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from linkwatch.errors import UsageError
from linkwatch.masking import mask
from linkwatch.services.acknowledge import acknowledge, remove_acknowledgements
from linkwatch.services.notify import send_test_messages
from linkwatch.services.public import renew_secrets
from linkwatch.settings.schedule import PublicAddress
from linkwatch.web.auth import SESSION, digest_of
from linkwatch.web.context import WebContext, flash
from linkwatch.web.middleware import MAX_LIST, SESSION_COOKIE, client_of, too_many_attempts
from linkwatch.web.pages import issues
from linkwatch.web.paths import local_path, parse_resource

Fields = ImmutableMultiDict[str, str]
FormHandler = Callable[[WebContext, Request, Fields], Response]

_SNOOZE_DAYS = {"week": 7, "month": 30}

_SNOOZED = "snoozed in the dashboard"
"""The reason of a snooze without one."""

_MAX_FIELDS = 200
"""Fields of a form: all issues of a page may be chosen."""

_MESSAGES_SHOWN = 3
"""Of several acknowledgements at once."""

_EXPIRED_FORM = "This form is out of date or was not sent by this dashboard. Go back, reload the page and try again"


def form_endpoint(
    handler: FormHandler, context: WebContext, *, takes_file: bool = False
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that reads a form, checks its token and its origin, and calls the handler.

    Args:
        handler: Is given the fields. An uploaded file is in `request.state`: `file_name`, `file_content`.
        context: Given to it, too.
        takes_file: Whether the form may have a file.
    """

    async def endpoint(request: Request) -> Response:
        request.state.file_name, request.state.file_content = "", b""
        limits = {"max_files": int(takes_file), "max_fields": _MAX_FIELDS, "max_part_size": MAX_LIST}
        try:
            async with request.form(**limits) as form:
                values = form.multi_items()
                for _, value in values:
                    if isinstance(value, UploadFile) and value.filename:
                        request.state.file_name, request.state.file_content = value.filename, await value.read()
        except ClientDisconnect:
            return Response(status_code=400)  # nobody reads it
        fields = ImmutableMultiDict([(name, value) for name, value in values if isinstance(value, str)])
        session = request.cookies.get(SESSION_COOKIE, "")
        if not _is_same_origin(request) or not context.authenticator.is_form_token(fields.get("form", ""), session):
            raise HTTPException(403, _EXPIRED_FORM)
        if handler is not log_in:
            return await run_in_threadpool(handler, context, request, fields)
        if context.attempts.is_blocked(client_of(request)):
            return too_many_attempts(context.attempts)
        response = await run_in_threadpool(handler, context, request, fields)
        if response.status_code == 403:
            await context.attempts.failed(client_of(request))
        return response

    return endpoint


def _is_same_origin(request: Request) -> bool:
    """By the `Origin` that browsers send; other clients send none."""
    origin = request.headers.get("origin")
    try:
        # Without the scheme, which differs behind a proxy that ends TLS.
        return origin is None or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
    except ValueError:  # as of `http://[`
        return False


def log_in(context: WebContext, request: Request, fields: Fields) -> Response:
    """Start a session for whoever gives the token."""
    next_path = local_path(fields.get("next", ""))
    if not context.authenticator.admits(fields.get("token", "")):
        return context.page(request, "login.html", 403, next_path=next_path, wrong_token=True)
    response = RedirectResponse(next_path, 303)
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
    """End the session, also for whoever has a copy of its cookie."""
    session = request.cookies.get(SESSION_COOKIE, "")
    if (end := context.authenticator.end_of(session)) is not None:
        context.sessions.end(digest_of(session), end, context.clock())
    response = RedirectResponse("/login", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


def acknowledge_findings(context: WebContext, request: Request, fields: Fields) -> Response:
    """Acknowledge the chosen findings until a date or until they are resolved; what is wrong is asked for again."""
    chosen = list(filter(None, fields.getlist("finding")))
    try:
        if not chosen:
            raise UsageError("no issue is chosen", remedy="Choose the issues to acknowledge.")
        until = _until(fields, context.clock().date())
        reason = fields.get("reason", "").strip() or (_SNOOZED if fields.get("until") in _SNOOZE_DAYS else "")
        if not reason:
            remedy = "Say why these issues are acceptable, or snooze them for a week or a month."
            raise UsageError("an acknowledgement needs a reason", remedy=remedy)
    except UsageError as error:
        return issues.ask_again(context, request, fields, f"{error.message}. {error.remedy}")
    subjects: dict[str, list[str]] = {}
    for finding in chosen:
        rule, _, subject = finding.partition(" ")
        subjects.setdefault(rule, []).append(subject)
    messages: list[str] = []
    for rule, words in subjects.items():
        try:
            named = [*filter(None, words), rule]
            messages += acknowledge(context.daemon.settings, context.clock(), named, reason, until)
        except UsageError as error:
            return issues.ask_again(context, request, fields, f"{error.message}. {error.remedy}")
    more = [f"and {len(messages) - _MESSAGES_SHOWN} more"] if len(messages) > _MESSAGES_SHOWN else []
    return _redirect_back(fields, messages[:_MESSAGES_SHOWN] + more)


def _until(fields: Fields, today: date) -> str | None:
    """The last day as text; None: until they are resolved."""
    choice = fields.get("until", "")
    if choice in _SNOOZE_DAYS:
        return (today + timedelta(days=_SNOOZE_DAYS[choice])).isoformat()
    if choice != "date":
        return None
    try:
        day = date.fromisoformat(fields.get("day", ""))
    except ValueError:
        raise UsageError("the date is missing", remedy="Choose the last day of the acknowledgement.") from None
    if day < today:
        raise UsageError(f"{day} is in the past", remedy=f"Today is {today} (UTC).")
    return day.isoformat()


def remove_acknowledgement(context: WebContext, request: Request, fields: Fields) -> Response:
    """Remove an acknowledgement."""
    words = list(filter(None, (fields.get("id", ""), fields.get("rule", ""))))
    try:
        messages = remove_acknowledgements(context.daemon.settings, context.clock(), words)
    except UsageError as error:
        return _redirect_back(fields, [f"Not removed: {error.message}. {error.remedy}"], is_error=True)
    return _redirect_back(fields, messages)


def request_check(context: WebContext, request: Request, fields: Fields) -> Response:
    """Request a check of all lists of a schedule, or of one of their resources."""
    schedule, kind, id_ = (fields.get(name, "") for name in ("schedule", "kind", "id"))
    resource = parse_resource({"kind": kind, "id": id_}) if id_ else None
    try:
        context.daemon.request_check(schedule, resource)
    except KeyError:
        raise HTTPException(404, "There is no such schedule") from None
    what = f"“{schedule}”" if resource is None else f"{resource.kind} {resource.id}"
    return _redirect_back(fields, [f"Check of {what} queued."])


def renew_public_address(context: WebContext, request: Request, fields: Fields) -> Response:
    """Make a new secret address for the public pages of a schedule."""
    states = context.daemon.schedules()
    schedule = next((each.schedule for each in states if each.schedule.name == fields.get("schedule", "")), None)
    if schedule is None or not schedule.public or schedule.public_address is not PublicAddress.SECRET:
        raise HTTPException(404, "There is no such secret address")
    renew_secrets(context.daemon.database, [schedule.key])
    context.public.forget()
    return _redirect_back(fields, [f"“{schedule.name}” has a new public address; the former one is no longer valid."])


def set_paused(context: WebContext, request: Request, fields: Fields) -> Response:
    """Pause a schedule, or resume it."""
    schedule, paused = fields.get("schedule", ""), fields.get("paused") == "yes"
    try:
        context.daemon.set_paused(schedule, paused=paused)
    except KeyError:
        raise HTTPException(404, "There is no such schedule") from None
    what = "is paused: it is checked only on request" if paused else "is checked on its schedule again"
    return _redirect_back(fields, [f"“{schedule}” {what}."])


_testing = Lock()


def send_test(context: WebContext, request: Request, fields: Fields) -> Response:
    """Send a test message to one recipient."""
    settings = context.daemon.settings
    targets = tuple(target for target in settings.notify if target.name == fields.get("target", ""))
    if not targets:
        raise HTTPException(404, "There is no such recipient")
    # Each takes a process of its own, for a minute or more.
    if not _testing.acquire(blocking=False):
        raise HTTPException(409, "Another test message is being sent. Wait until it was sent")
    try:
        ((name, failure),) = send_test_messages(replace(settings, notify=targets))
    finally:
        _testing.release()
    if failure is not None:
        return _redirect_back(fields, [f"No test message was sent to “{name}”: {mask(failure)}"], is_error=True)
    return _redirect_back(fields, [f"A test message was sent to “{name}”."])


def _redirect_back(fields: Fields, messages: list[str], *, is_error: bool = False) -> Response:
    """Redirect to the page with the form, which shows the messages."""
    return flash(RedirectResponse(local_path(fields.get("next", "")), 303), " ".join(messages), is_error=is_error)
