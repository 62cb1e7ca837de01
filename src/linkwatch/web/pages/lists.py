"""The lists: all of them, one with its resources in any order and in pages, and a search over all."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models.observation import WORST_FIRST, Facts, Reason, ResourceRecord, State
from linkwatch.models.resource import Kind
from linkwatch.models.rules import RULES, Level, Rule
from linkwatch.models.times import EPOCH
from linkwatch.report.charts import availability_chart, broken_chart, shared_bars
from linkwatch.report.formats.html import bar_of, figures_of
from linkwatch.report.model import Finding, Report, ReportedResource
from linkwatch.report.summary import notes
from linkwatch.settings.schedule import PublicAddress
from linkwatch.spool import sorted_spool
from linkwatch.web.context import WebContext
from linkwatch.web.filters import ResourceFilter, parse_resource_filter
from linkwatch.web.pages.overview import DAYS_SHOWN, headline
from linkwatch.web.paging import Page, paginate, parse_page_number
from linkwatch.web.paths import list_path, with_query
from linkwatch.web.reports import ScheduleReport

_PUBLIC = {
    "status": "status page",
    "badge.svg": "badge",
    "badge.json": "badge for shields.io",
    "feed.atom": "feed",
}
"""The names of public pages, by the last parts of their paths."""


class Row(NamedTuple):
    """One resource."""

    schedule: str
    item: ReportedResource
    name: str
    facts: Facts
    findings: list[Finding]
    """Those that are not acknowledged, one of each rule."""

    bar: Markup
    picture: str | None
    """The id of the video whose picture is shown, if pictures are."""

    @property
    def record(self) -> ResourceRecord | None:
        """What is stored of the resource; None before its first check."""
        return self.item.record

    @property
    def reason(self) -> Reason | None:
        """Why it is unavailable."""
        return None if self.record is None else self.record.reason


SORTS = {
    "worst": "worst first",
    "state": "state",
    "name": "name",
    "videos": "videos",
    "changed": "last change",
    "line": "line",
}
"""The orders of a list's resources, the default first: value in the query and words."""

_LEVELS = (Level.ERROR, Level.WARNING, Level.NOTICE)

SortKey = Callable[[ReportedResource], Any]


def _sort_key(schedule: ScheduleReport, sort: str) -> SortKey | None:
    """The key of an order; None: that of the lists. Resources with the same key stay in the order of the lists."""

    def worst(item: ReportedResource) -> tuple[int, int]:
        levels = (f.level for f in schedule.findings_of(item.resource) if f.acknowledged is None)
        level = min((_LEVELS.index(level) for level in levels if level in _LEVELS), default=len(_LEVELS))
        return level, WORST_FIRST.index(item.state)

    keys: dict[str, SortKey] = {
        "worst": worst,
        "state": lambda item: WORST_FIRST.index(item.state),
        "name": lambda item: _name(item).casefold(),
        "videos": lambda item: -(_facts(item).item_count or -1),
        "changed": lambda item: -((item.record.state_since if item.record else EPOCH) - EPOCH).total_seconds(),
    }
    return keys.get(sort)


def page(context: WebContext, request: Request) -> Response:
    """The page of a schedule."""
    schedule = context.reports.get(request.path_params["schedule"])
    if schedule is None:
        raise HTTPException(404, "There is no such list")
    if schedule.report is None:
        return context.page(request, "unreadable_lists.html", schedule=schedule)
    report, query = schedule.report, request.query_params
    wanted = parse_resource_filter(query)
    sort = query.get("sort", "") if query.get("sort") in SORTS else next(iter(SORTS))
    matching = _matching(schedule, wanted, sort)
    items = paginate(matching, parse_page_number(query.get("page", "")))
    drawings, rows = _rows(context, [(schedule, item) for item in items.rows])
    return context.page(
        request,
        "list.html",
        schedule=schedule,
        report=report,
        headline=headline(report),
        notes=notes(report),
        figures=list(_linked_figures(schedule.name, report)),
        filter=wanted,
        sort=sort,
        sorts=SORTS,
        page=Page(rows, items.number, items.total),
        drawings=drawings,
        states=[state for state in State if report.counts.states[state]],
        kinds=list(Kind),
        rules=_rules(report),
        files=sorted({link.file for item in report.resources for link in item.links}),
        public=[(_PUBLIC[name], path) for name, path in context.public.paths(schedule.state.schedule).items()],
        renewable=schedule.state.schedule.public_address is PublicAddress.SECRET,
        charts=[
            chart for chart in (availability_chart(schedule.days[-DAYS_SHOWN:]), broken_chart(schedule.days)) if chart
        ],
    )


def _matching(schedule: ScheduleReport, wanted: ResourceFilter, sort: str) -> Sequence[ReportedResource]:
    items = schedule.report.resources if schedule.report is not None else ()
    kept = (item for item in items if wanted.keeps(item, schedule.findings_of(item.resource)))
    return sorted_spool(kept, ReportedResource, _sort_key(schedule, sort) or (lambda item: 0))


def _linked_figures(schedule: str, report: Report) -> Iterable[tuple[str, int, str, str]]:
    """The figures of a report, each with the page of what it counts."""
    for name, number, tone in figures_of(report):
        if tone in {level.value for level in Level}:
            address = with_query("/incidents", list=schedule, level=tone)
        elif tone in {state.value for state in State}:
            address = with_query(list_path(schedule), state=tone)
        elif name == "acknowledged":
            address = with_query("/incidents", show="accepted")
        else:
            address = "/runs" if name.startswith("quota") else list_path(schedule)
        yield name, number, tone, address


def all_page(context: WebContext, request: Request) -> Response:
    """All lists, and how to add one."""
    schedules = context.reports.all()
    headlines = {each.name: headline(each.report) for each in schedules if each.report is not None}
    return context.page(request, "lists.html", schedules=schedules, headlines=headlines)


def search_page(context: WebContext, request: Request) -> Response:
    """The resources of all lists that a text is part of."""
    text = request.query_params.get("q", "").strip()[:100]
    found: list[tuple[ScheduleReport, ReportedResource]] = []
    for schedule in context.reports.all():
        if text:
            found += [(schedule, item) for item in _matching(schedule, ResourceFilter(text=text), "worst")]
    entries = paginate(found, parse_page_number(request.query_params.get("page", "")))
    drawings, rows = _rows(context, entries.rows)
    results = Page(rows, entries.number, entries.total)
    return context.page(request, "search.html", text=text, page=results, drawings=drawings)


def _rows(context: WebContext, entries: Sequence[tuple[ScheduleReport, ReportedResource]]) -> tuple[Markup, list[Row]]:
    """The rows of a page, and the drawings that their bars refer to."""
    times = next((s.report.check_times for s, _ in entries if s.report is not None), ())
    same = all(s.report is not None and s.report.check_times == times for s, _ in entries)
    drawings, bars = shared_bars((bar_of(item) for _, item in entries), times if same else ())
    pictures = context.pictured_videos(item.resource for _, item in entries)
    return drawings, [
        _row(schedule, item, bars.get(bar_of(item), Markup()), pictures.get(item.resource))
        for schedule, item in entries
    ]


def _row(schedule: ScheduleReport, item: ReportedResource, bar: Markup, picture: str | None) -> Row:
    findings = {f.rule: f for f in schedule.findings_of(item.resource) if f.acknowledged is None}
    return Row(schedule.name, item, _name(item), _facts(item), list(findings.values()), bar, picture)


def _facts(item: ReportedResource) -> Facts:
    return item.record.facts if item.record is not None else Facts()


def _name(item: ReportedResource) -> str:
    label = next((link.label for link in item.links if link.label), None)
    return _facts(item).title or label or item.resource.id


def _rules(report: Report) -> list[Rule]:
    fired = {finding.rule for finding in report.findings if finding.acknowledged is None and finding.id is not None}
    return [rule for rule in RULES.values() if rule in fired]
