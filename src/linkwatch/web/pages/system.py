"""The pages about linkwatch itself: runs, settings, log-in."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from linkwatch.models.records import PastRun
from linkwatch.report.charts import quota_chart
from linkwatch.services.dashboard import database_address, past_runs, read_ack_file, run_count, units_by_day
from linkwatch.web.context import WebContext
from linkwatch.web.paging import PAGE_SIZE, Page, page_count, parse_page_number
from linkwatch.web.paths import local_path
from linkwatch.web.text import describe_target, displayed_settings, mask_url


def runs_page(context: WebContext, request: Request) -> Response:
    """All checks, newest first."""
    names = {frozenset(state.files): state.schedule.name for state in context.daemon.schedules()}
    runs = paginate_runs(context, parse_page_number(request.query_params.get("page", "")))
    schedules = {run.run.id: names.get(frozenset(run.files)) for run in runs.rows}
    settings, now = context.daemon.settings, context.clock()
    chart = quota_chart(units_by_day(context.daemon.database, settings, now), settings.quota_per_day)
    return context.page(request, "runs.html", page=runs, schedules=schedules, chart=chart)


def paginate_runs(context: WebContext, number: int) -> Page[PastRun]:
    """One page of all runs; a number beyond the last page gives the last page."""
    total = run_count(context.daemon.database)
    number = min(number, page_count(total))
    return Page(past_runs(context.daemon.database, PAGE_SIZE, (number - 1) * PAGE_SIZE), number, total)


def settings_page(context: WebContext, request: Request) -> Response:
    """The settings in force, without secrets."""
    settings = context.daemon.settings
    return context.page(
        request,
        "settings.html",
        origin=settings.origin,
        schedules=context.daemon.schedules(),
        values=list(displayed_settings(settings, database_address(settings))),
        levels=[(rule, level, level is not rule.level) for rule, level in settings.levels.items()],
        targets=[(target.name, mask_url(target.url), describe_target(target)) for target in settings.notify],
        ignored=settings.ignore,
        acks_problem=read_ack_file(settings.acks_file, context.clock()).problem,
    )


def login_page(context: WebContext, request: Request) -> Response:
    """The log-in form; an open dashboard redirects to the page."""
    next_path = local_path(request.query_params.get("next", ""))
    if context.authenticator.is_open:
        return RedirectResponse(next_path, 303)
    return context.page(request, "login.html", next_path=next_path, wrong_token=False)
