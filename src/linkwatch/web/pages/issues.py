"""What is wrong now, what of it is accepted, and what was missing for a time and is back."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models.rules import ACCEPTED, RULES, Group, Level
from linkwatch.store.events import load_outages
from linkwatch.web.acceptances import all_acks, listed_acks
from linkwatch.web.context import WebContext
from linkwatch.web.filters import FindingFilter, parse_finding_filter
from linkwatch.web.paging import Page, paginate, parse_page_number
from linkwatch.web.reports import ScheduleFinding, findings_by_group


def page(context: WebContext, request: Request) -> Response:
    """One of the three tabs."""
    query = request.query_params
    tab, number = query.get("show", "open"), parse_page_number(query.get("page", ""))
    found = findings_by_group(context.reports.of_all())
    asked = parse_finding_filter(query)
    values: dict[str, Any]
    match tab:
        case "accepted":
            values = _accepted(context, found, number)
        case "over":
            with context.daemon.database.read() as connection:
                over = load_outages(connection)
            values = {"outages": paginate(over, number)}
        case _:
            tab, values = "open", _open(found, asked, number)
    return context.page(
        request,
        "incidents.html",
        tab=tab,
        asked=asked,
        schedules=[watch.schedule.name for watch in context.daemon.schedules()],
        accepted_number=sum(each.group is ACCEPTED for each in found),
        open_number=sum(each.group is not ACCEPTED for each in found),
        acks_problem=listed_acks(context.daemon.settings.acks_file, context.clock()).problem,
        **values,
    )


def _open(found: Iterable[ScheduleFinding], asked: FindingFilter, number: int) -> dict[str, Any]:
    is_open = [each for each in found if each.group is not ACCEPTED]
    page = paginate([each for each in is_open if asked.keeps(each.finding, each.schedule)], number)
    rules = {each.finding.rule for each in is_open}
    return {
        "groups": in_groups(page),
        "page": page,
        "levels": [level for level in Level if level is not Level.OFF],
        "rules": [rule for rule in RULES.values() if rule in rules],
    }


def in_groups(page: Page[ScheduleFinding]) -> list[tuple[Group, list[ScheduleFinding]]]:
    """What is on a page, under the headings of the reports."""
    by_title = groupby(page.rows, key=lambda each: each.group.title)
    return [(theirs[0].group, theirs) for theirs in (list(some) for _, some in by_title)]


def _accepted(context: WebContext, found: Iterable[ScheduleFinding], number: int) -> dict[str, Any]:
    """The acknowledgements, with what each covers now."""
    listed = listed_acks(context.daemon.settings.acks_file, context.clock())
    covered: dict[object, list[ScheduleFinding]] = {}
    for each in found:
        if each.finding.acknowledged is not None:
            covered.setdefault(each.finding.acknowledged.key, []).append(each)
    return {"acks": paginate(all_acks(context.daemon.database, listed), number), "covered": covered}
