"""The answers of the JSON API; it only reads."""

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.report.formats import json as json_report
from linkwatch.report.formats.json_encoding import text_of
from linkwatch.report.resource import json as json_life
from linkwatch.services.show import resource_history
from linkwatch.store.quota import load_quota_day
from linkwatch.web.acceptances import all_acks, listed_acks
from linkwatch.web.api import documents
from linkwatch.web.api.openapi import openapi_document
from linkwatch.web.context import WebContext
from linkwatch.web.pages.runs import page_of_runs
from linkwatch.web.paging import parse_page_number
from linkwatch.web.paths import parse_resource
from linkwatch.web.reports import ScheduleReport


def openapi(context: WebContext, request: Request) -> Response:
    """The OpenAPI description."""
    return _answer(msgspec.json.format(msgspec.json.encode(openapi_document()), indent=2))


def schedules(context: WebContext, request: Request) -> Response:
    """All schedules."""
    told = [documents.schedule_document(watched, _counts(watched)) for watched in context.reports.of_all()]
    return _document(documents.Schedules(told))


def _counts(watched: ScheduleReport) -> dict[str, int]:
    return {} if watched.report is None else json_report.counts_of(watched.report.counts)


def report(context: WebContext, request: Request) -> Response:
    """The report of a schedule, `linkwatch.report/1`."""
    watched = context.reports.of(request.path_params["schedule"])
    if watched is None:
        raise HTTPException(404, "There is no such schedule")
    if watched.report is None:
        return problem(503, watched.problem or "its lists can't be read", "")
    return _answer(json_report.render(watched.report))


def runs(context: WebContext, request: Request) -> Response:
    """A page of the runs, newest first."""
    page = page_of_runs(context.daemon.database, parse_page_number(request.query_params.get("page", "")))
    return _document(documents.runs_document(page))


def history(context: WebContext, request: Request) -> Response:
    """Everything known of one resource, `linkwatch.life/1`."""
    resource = parse_resource(request.path_params)
    settings, now = context.daemon.settings, context.clock()
    known = resource and resource_history(
        resource,
        database=context.daemon.database,
        now=now,
        listed_acks=listed_acks(settings.acks_file, now).acks,
    )
    if not known:
        raise HTTPException(404, "No check has met it")
    return _answer(json_life.render(known))


def progress(context: WebContext, request: Request) -> Response:
    """The check that is running."""
    return _document(documents.progress_document(context.daemon.progress()))


def quota(context: WebContext, request: Request) -> Response:
    """The day's account."""
    with context.daemon.database.read() as connection:
        day = load_quota_day(connection, context.clock(), context.daemon.settings.quota_per_day)
    return _document(documents.quota_document(day))


def acks(context: WebContext, request: Request) -> Response:
    """All that is, or was, accepted."""
    now = context.clock()
    found = all_acks(context.daemon.database, listed_acks(context.daemon.settings.acks_file, now))
    return _document(documents.Acks([documents.ack_document(each.ack, now) for each in found]))


def problem(status: int, message: str, remedy: str) -> Response:
    """Why there is no answer."""
    return _document(documents.Problem(message, remedy), status)


def _document(document: msgspec.Struct, status: int = 200) -> Response:
    return _answer(text_of(document), status)


def _answer(text: str | bytes, status: int = 200) -> Response:
    return Response(text, status, media_type="application/json")
