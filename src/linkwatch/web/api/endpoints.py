"""The endpoints of the JSON API, all of which only read."""

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.report.formats import json as json_report
from linkwatch.report.formats.json_encoding import text_of
from linkwatch.report.resource import json as json_history
from linkwatch.services.dashboard import acknowledgements_with_titles, last_run_id, quota_status, read_ack_file
from linkwatch.services.show import resource_history
from linkwatch.web.api import documents
from linkwatch.web.api.openapi import openapi_document
from linkwatch.web.context import WebContext
from linkwatch.web.pages.system import paginate_runs
from linkwatch.web.paging import parse_page_number
from linkwatch.web.paths import parse_resource
from linkwatch.web.reports import ScheduleReport


def openapi(context: WebContext, request: Request) -> Response:
    """The OpenAPI description."""
    return _json(msgspec.json.format(msgspec.json.encode(openapi_document(context.prefix)), indent=2))


def schedules(context: WebContext, request: Request) -> Response:
    """All schedules."""
    entries = [documents.schedule_document(schedule, _counts(schedule)) for schedule in context.reports.all()]
    return _document(documents.Schedules(entries))


def _counts(schedule: ScheduleReport) -> dict[str, int]:
    return {} if schedule.report is None else json_report.counts_of(schedule.report.counts)


def report(context: WebContext, request: Request) -> Response:
    """The report of a schedule, `linkwatch.report/1`."""
    schedule = context.reports.get(request.path_params["schedule"])
    if schedule is None:
        raise HTTPException(404, "There is no such schedule")
    if schedule.report is None:
        return problem(503, schedule.problem or "its lists can't be read", "")
    return _json(json_report.render(schedule.report))


def runs(context: WebContext, request: Request) -> Response:
    """A page of the runs, newest first."""
    page = paginate_runs(context, parse_page_number(request.query_params.get("page", "")))
    return _document(documents.runs_document(page))


def history(context: WebContext, request: Request) -> Response:
    """The history of a resource, `linkwatch.life/1`."""
    resource = parse_resource(request.path_params)
    settings, now = context.daemon.settings, context.clock()
    stored = resource and resource_history(
        resource,
        database=context.daemon.database,
        settings=settings,
        now=now,
        listed_acks=read_ack_file(settings.acks_file, now).acks,
    )
    if not stored:
        raise HTTPException(404, "It was never checked")
    return _json(json_history.render(stored))


def progress(context: WebContext, request: Request) -> Response:
    """The running check."""
    running = context.daemon.progress()  # before the run that it may end with meanwhile
    return _document(documents.progress_document(running, last_run_id(context.daemon.database, context.clock())))


def quota(context: WebContext, request: Request) -> Response:
    """The quota account of today."""
    day = quota_status(context.daemon.database, context.daemon.settings, context.clock())
    return _document(documents.quota_document(day))


def acks(context: WebContext, request: Request) -> Response:
    """All acknowledgements, those that have ended too."""
    now = context.clock()
    ack_file = read_ack_file(context.daemon.settings.acks_file, now)
    titled = acknowledgements_with_titles(context.daemon.database, ack_file)
    return _document(documents.Acks([documents.ack_document(entry.ack, now) for entry in titled]))


def problem(status: int, message: str, remedy: str) -> Response:
    """An error."""
    return _document(documents.Problem(message, remedy), status)


def _document(document: msgspec.Struct, status: int = 200) -> Response:
    return _json(text_of(document), status)


def _json(text: str | bytes, status: int = 200) -> Response:
    return Response(text, status, media_type="application/json")
