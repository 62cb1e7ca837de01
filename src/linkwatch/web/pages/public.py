"""The public pages of a list, for people who are not logged in: status page, badge, feed.

They show what YouTube shows and the names that the list gives: no files, findings, acknowledgements or settings.
"""

from typing import NamedTuple

import msgspec
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models.observation import Facts, State
from linkwatch.report.charts import days_strip
from linkwatch.report.formats import atom
from linkwatch.report.formats.html import state_mark
from linkwatch.report.merge import merge_reports
from linkwatch.report.model import ReportedResource
from linkwatch.report.status import ListStatus, list_status
from linkwatch.services.public import lost_videos
from linkwatch.settings.schedule import PublicAddress, PublicPage
from linkwatch.text import counted
from linkwatch.web.badges import badge_svg, endpoint_badge
from linkwatch.web.conditional import FOR_ALL, conditional
from linkwatch.web.context import WebContext, templates
from linkwatch.web.pages.overview import DAYS_SHOWN
from linkwatch.web.paging import Page, paginate, parse_page_number
from linkwatch.web.reports import ScheduleReport

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_EMBEDDED = {"cross-origin-resource-policy": "cross-origin"}
"""Other sites may show it."""


class StatusRow(NamedTuple):
    """One resource of a list."""

    mark: Markup
    name: str
    url: str
    about: str
    section: str | None


def status_page(context: WebContext, request: Request) -> Response:
    """What of a list can't be watched, and since when."""
    schedule = _find(context, request, PublicPage.STATUS)
    report, number = schedule.report, parse_page_number(request.query_params.get("page", ""))
    items = paginate(report.resources if report is not None else (), number)
    page = Page([_row(item) for item in items.rows], items.number, items.total)
    text = (
        templates()
        .get_template("status.html")
        .render(
            name=schedule.name,
            status=_status(context, schedule),
            days=days_strip(schedule.days[-DAYS_SHOWN:]),
            days_shown=DAYS_SHOWN,
            page=page,
            now=context.clock(),
            here=request.url.path,
            is_secret=_is_secret(schedule),
            feed=context.public.paths(schedule.state.schedule).get("feed.atom"),
        )
    )
    headers = {"content-security-policy": _POLICY, "referrer-policy": "no-referrer"}
    return _answer(request, schedule, context.html(text, headers=headers))


def badge_page(context: WebContext, request: Request) -> Response:
    """The badge, as on the dashboard."""
    schedule = _find(context, request, PublicPage.BADGE)
    return _answer(request, schedule, Response(badge_svg(schedule.report), 200, _EMBEDDED, "image/svg+xml"))


def badge_json(context: WebContext, request: Request) -> Response:
    """The badge as shields.io takes it from an endpoint."""
    schedule = _find(context, request, PublicPage.BADGE)
    content = msgspec.json.encode(endpoint_badge(schedule.report))
    return _answer(request, schedule, Response(content, 200, _EMBEDDED, "application/json"))


def feed(context: WebContext, request: Request) -> Response:
    """The last events of a list, without the places in its files."""
    schedule = _find(context, request, PublicPage.FEED)
    # Lists that could never be read have a feed without an entry, as those have that were not checked yet.
    report = schedule.report or merge_reports([], context.clock())
    text = atom.render(report, context.address_of(request), public_title=f"linkwatch: {schedule.name}")
    return _answer(request, schedule, Response(text, 200, _EMBEDDED, "application/atom+xml"))


def _find(context: WebContext, request: Request, page: PublicPage) -> ScheduleReport:
    """The schedule at the address of the request, if it has this page."""
    state = context.public.find(request.path_params["address"], page)
    return context.reports.of(state)


def _status(context: WebContext, schedule: ScheduleReport) -> ListStatus:
    """The status, made once a report."""
    report, name = schedule.report, schedule.name
    made = context.statuses.get(name)
    if made is not None and made[0] is report:
        return made[1]
    available = (item.resource for item in report.resources if item.state is State.AVAILABLE) if report else ()
    lost, count = lost_videos(context.daemon.database, available, context.clock())
    status = list_status(report, schedule.items, lost, count)
    context.statuses[name] = report, status
    return status


def _row(item: ReportedResource) -> StatusRow:
    record = item.record
    facts = record.facts if record is not None else Facts()
    owner = facts.owner_title or next((link.owner for link in item.links if link.owner), None)
    parts = [item.resource.kind.value] + ([f"by {owner}"] if owner else [])
    if facts.item_count is not None:
        parts.append(counted(facts.item_count, "video"))
    return StatusRow(
        state_mark(item.state, record.reason if record is not None else None),
        item.title or item.resource.id,
        item.resource.url,
        " · ".join(parts),
        next((link.section for link in item.links if link.section), None),
    )


def _is_secret(schedule: ScheduleReport) -> bool:
    return schedule.state.schedule.public_address is PublicAddress.SECRET


def _answer(request: Request, schedule: ScheduleReport, response: Response) -> Response:
    """The answer as anybody may keep it; search engines are told not to show a secret address."""
    if _is_secret(schedule):
        response.headers["x-robots-tag"] = "noindex, nofollow"
    return conditional(request, response, FOR_ALL)
