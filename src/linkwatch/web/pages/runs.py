"""Every check that was made: when, of what, how long it took, what it cost, and whether it is complete."""

from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models.records import PastRun
from linkwatch.store.database import Database
from linkwatch.store.runs import count_runs, load_runs, run_scope
from linkwatch.web.context import WebContext
from linkwatch.web.paging import SIZE, Page, number_in, pages_of


def page(desk: WebContext, request: Request) -> Response:
    """The runs, newest first."""
    names = {run_scope(watch.files): watch.schedule.name for watch in desk.watching.watches()}
    runs = page_of_runs(desk.watching.database, number_in(request.query_params.get("page", "")))
    return desk.page(
        request, "runs.html", page=runs, schedules={run.run.id: names.get(run_scope(run.files)) for run in runs.rows}
    )


def page_of_runs(database: Database, number: int) -> Page[PastRun]:
    """One page of all runs; a number beyond the last is the last."""
    with database.read() as connection:
        total = count_runs(connection)
        at = min(number, pages_of(total))
        return Page(load_runs(connection, SIZE, (at - 1) * SIZE), at, total)
