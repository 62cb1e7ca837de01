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
from linkwatch.web.filters import FindingFilter, findings_asked_for
from linkwatch.web.paging import Page, number_in, page_of
from linkwatch.web.reports import Shown, shown


def page(desk: WebContext, request: Request) -> Response:
    """One of the three tabs."""
    query = request.query_params
    tab, number = query.get("show", "open"), number_in(query.get("page", ""))
    found = shown(desk.reports.of_all())
    asked = findings_asked_for(query)
    context: dict[str, Any]
    match tab:
        case "accepted":
            context = _accepted(desk, found, number)
        case "over":
            with desk.watching.database.read() as connection:
                over = load_outages(connection)
            context = {"outages": page_of(over, number)}
        case _:
            tab, context = "open", _open(found, asked, number)
    return desk.page(
        request,
        "incidents.html",
        tab=tab,
        asked=asked,
        schedules=[watch.schedule.name for watch in desk.watching.watches()],
        accepted_number=sum(each.group is ACCEPTED for each in found),
        open_number=sum(each.group is not ACCEPTED for each in found),
        acks_problem=listed_acks(desk.watching.settings.acks_file, desk.clock()).problem,
        **context,
    )


def _open(found: Iterable[Shown], asked: FindingFilter, number: int) -> dict[str, Any]:
    is_open = [each for each in found if each.group is not ACCEPTED]
    page = page_of([each for each in is_open if asked.keeps(each.finding, each.schedule)], number)
    rules = {each.finding.rule for each in is_open}
    return {
        "groups": in_groups(page),
        "page": page,
        "levels": [level for level in Level if level is not Level.OFF],
        "rules": [rule for rule in RULES.values() if rule in rules],
    }


def in_groups(page: Page[Shown]) -> list[tuple[Group, list[Shown]]]:
    """What is on a page, under the headings of the reports."""
    by_title = groupby(page.rows, key=lambda each: each.group.title)
    return [(theirs[0].group, theirs) for theirs in (list(some) for _, some in by_title)]


def _accepted(desk: WebContext, found: Iterable[Shown], number: int) -> dict[str, Any]:
    """The acknowledgements, with what each covers now."""
    listed = listed_acks(desk.watching.settings.acks_file, desk.clock())
    covered: dict[object, list[Shown]] = {}
    for each in found:
        if each.finding.acknowledged is not None:
            covered.setdefault(each.finding.acknowledged.key, []).append(each)
    return {"acks": page_of(all_acks(desk.watching.database, listed), number), "covered": covered}
