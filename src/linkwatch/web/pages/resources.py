"""One resource: what is known of it, its timeline with the members that came and went, and where it is listed."""

from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models.observation import State
from linkwatch.models.resource import Resource
from linkwatch.report.resource.html import facts_of, periods_of
from linkwatch.report.resource.model import Attribute, Period, ResourceHistory
from linkwatch.report.resource.text import format_value, inspection_summary
from linkwatch.report.summary import grouped
from linkwatch.services.show import resource_history
from linkwatch.web.acceptances import listed_acks
from linkwatch.web.context import WebContext
from linkwatch.web.findings import Shown
from linkwatch.web.pages.timeline import moments_of
from linkwatch.web.paging import number_in, page_of
from linkwatch.web.paths import resource_in
from linkwatch.web.reports import Watched

LEFT = 50
"""Videos that are no longer in it, the last ones to leave; the timeline has all."""

_TONES = {State.AVAILABLE: "good", State.SUSPECT: "warning", State.UNAVAILABLE: "error"}


def page(desk: WebContext, request: Request) -> Response:
    """The page of a resource; of one that is listed and not checked yet, what the lists say."""
    resource = resource_in(request.path_params)
    if resource is None:
        raise HTTPException(404)
    settings, now = desk.watching.settings, desk.clock()
    acks = listed_acks(settings.acks_file, now).acks
    life = resource_history(resource, database=desk.watching.database, now=now, listed_acks=acks)
    resource = resource if life is None else life.resource
    listing = [watched for watched in desk.reports.of_all() if resource in watched.items]
    if life is None and not listing:
        raise HTTPException(404, "No list names it, and no check has met it")
    if life is None:
        return desk.page(request, "unmet.html", item=listing[0].items[resource], listing=listing)
    return _living(desk, request, life, listing)


def _living(desk: WebContext, request: Request, life: ResourceHistory, listing: list[Watched]) -> Response:
    query, inside = request.query_params, life.inside
    return desk.page(
        request,
        "resource.html",
        life=life,
        name=life.known.facts.title or life.resource.id,
        tone=_TONES.get(life.known.state, "notice"),
        state=format_value(Attribute.STATE, life.periods[Attribute.STATE][-1]),
        checks=tuple(state for _, state in life.checks),
        facts=[(name, value) for name, value in facts_of(life, life.known) if value is not None],
        periods=sorted(periods_of(life), key=_since, reverse=True),
        moments=page_of(moments_of(life), number_in(query.get("page", ""))),
        inspection_summary=inspection_summary(inside) if inside else None,
        members=page_of(inside.members if inside else (), number_in(query.get("members", ""))),
        left=inside.left[: -LEFT - 1 : -1] if inside else (),
        findings=_findings(listing, life.resource),
        listing=listing,
    )


def _since(told: tuple[str, str, Period]) -> datetime:
    _, _, period = told
    return period.since


def _findings(listing: list[Watched], resource: Resource) -> list[Shown]:
    """What is found about it now."""
    return [
        Shown(each.name, group, finding)
        for each in listing
        for group, findings in grouped(each.findings_of(resource))
        for finding in findings
    ]
