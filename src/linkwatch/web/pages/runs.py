"""Every check that was made: when, of what, how long it took, what it cost, and whether it is complete."""

from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models.records import PastRun
from linkwatch.store.database import Database
from linkwatch.store.runs import count_runs, load_runs, run_scope
from linkwatch.web.context import WebContext
from linkwatch.web.paging import PAGE_SIZE, Page, page_count, parse_page_number


def page(context: WebContext, request: Request) -> Response:
    """The runs, newest first."""
    names = {run_scope(watch.files): watch.schedule.name for watch in context.daemon.schedules()}
    runs = page_of_runs(context.daemon.database, parse_page_number(request.query_params.get("page", "")))
    return context.page(
        request, "runs.html", page=runs, schedules={run.run.id: names.get(run_scope(run.files)) for run in runs.rows}
    )


def page_of_runs(database: Database, number: int) -> Page[PastRun]:
    """One page of all runs; a number beyond the last is the last."""
    with database.read() as connection:
        total = count_runs(connection)
        at = min(number, page_count(total))
        return Page(load_runs(connection, PAGE_SIZE, (at - 1) * PAGE_SIZE), at, total)
