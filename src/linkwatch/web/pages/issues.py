"""The pages of findings: issues that are open, acknowledged or resolved; and duplicates."""

from collections.abc import Iterable
from typing import Any

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models import rules
from linkwatch.models.rules import ACCEPTED, RULES, Level
from linkwatch.services.dashboard import AckFile, acknowledgements_with_titles, past_outages, read_ack_file
from linkwatch.web.context import WebContext
from linkwatch.web.filters import FindingFilter, parse_finding_filter
from linkwatch.web.pages.overview import worst_first
from linkwatch.web.paging import paginate, parse_page_number
from linkwatch.web.paths import local_path
from linkwatch.web.reports import ScheduleFinding, findings_by_group


def page(context: WebContext, request: Request) -> Response:
    """One of the three tabs: open, acknowledged (`accepted`) or resolved (`over`)."""
    query = request.query_params
    tab, number = query.get("show", "open"), parse_page_number(query.get("page", ""))
    findings = worst_first(findings_by_group(context.reports.all()))
    ack_file = read_ack_file(context.daemon.settings.acks_file, context.clock())
    wanted = parse_finding_filter(query)
    values: dict[str, Any]
    match tab:
        case "accepted":
            values = _acknowledged(context, ack_file, findings, number)
        case "over":
            values = {"outages": paginate(past_outages(context.daemon.database), number)}
        case _:
            tab, values = "open", _open(findings, wanted, number)
    return context.page(
        request,
        "issues.html",
        tab=tab,
        filter=wanted,
        schedules=[state.schedule.name for state in context.daemon.schedules()],
        acknowledged_number=sum(entry.group is ACCEPTED for entry in findings),
        open_number=sum(entry.group is not ACCEPTED for entry in findings),
        acks_problem=ack_file.problem,
        **values,
    )


def ask_again(context: WebContext, request: Request, fields: ImmutableMultiDict[str, str], problem: str) -> Response:
    """The form of an acknowledgement that can't be made as it was sent: what is wrong, and what was typed."""
    chosen = fields.getlist("finding")
    findings = findings_by_group(context.reports.all())
    return context.page(
        request,
        "acknowledge.html",
        422,
        problem=problem,
        entries=[entry for entry in findings if f"{entry.finding.rule} {entry.subject}" in chosen],
        typed=fields,
        back=local_path(fields.get("next", "")),
    )


def _open(findings: Iterable[ScheduleFinding], wanted: FindingFilter, number: int) -> dict[str, Any]:
    issues = [entry for entry in findings if entry.group is not ACCEPTED]
    page = paginate([entry for entry in issues if wanted.keeps(entry.finding, entry.schedule)], number)
    fired = {entry.finding.rule for entry in issues}
    return {
        "page": page,
        "levels": [level for level in Level if level is not Level.OFF],
        "rules": [rule for rule in RULES.values() if rule in fired],
    }


def _acknowledged(
    context: WebContext, ack_file: AckFile, findings: Iterable[ScheduleFinding], number: int
) -> dict[str, Any]:
    """The acknowledgements, each with the findings that it covers now."""
    covered: dict[object, list[ScheduleFinding]] = {}
    for entry in findings:
        if entry.finding.acknowledged is not None:
            covered.setdefault(entry.finding.acknowledged.key, []).append(entry)
    acks = acknowledgements_with_titles(context.daemon.database, ack_file)
    return {"acks": paginate(acks, number), "covered": covered}


def duplicates_page(context: WebContext, request: Request) -> Response:
    """Duplicates and overlapping playlists of all lists; acknowledged ones come last."""
    findings = findings_by_group(context.reports.all())
    query, settings = request.query_params, context.daemon.settings
    duplicates = [entry for entry in findings if entry.finding.rule is rules.DUPLICATE]
    overlaps = [entry for entry in findings if entry.finding.rule is rules.OVERLAP]
    return context.page(
        request,
        "duplicates.html",
        duplicates=paginate(duplicates, parse_page_number(query.get("page", ""))),
        overlaps=paginate(overlaps, parse_page_number(query.get("overlaps", ""))),
        off=[rule for rule in (rules.DUPLICATE, rules.OVERLAP) if settings.levels[rule] is Level.OFF],
        has_key=settings.api_key is not None,
    )
