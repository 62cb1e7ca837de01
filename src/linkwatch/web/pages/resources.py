"""One resource: what is known of it, its timeline with the members that came and went, and where it is listed."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models.acknowledgement import UNDATED
from linkwatch.models.events import EventKind
from linkwatch.models.observation import State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.resource import Resource
from linkwatch.report.resource.html import facts_of, periods_of
from linkwatch.report.resource.model import Attribute, Period, ResourceHistory
from linkwatch.report.resource.text import (
    describe_acknowledgement,
    describe_event,
    describe_member_change,
    format_value,
    inspection_summary,
    member_title,
)
from linkwatch.report.summary import grouped
from linkwatch.services.show import resource_history
from linkwatch.web.acceptances import listed_acks
from linkwatch.web.context import WebContext
from linkwatch.web.paging import paginate, parse_page_number
from linkwatch.web.paths import parse_resource
from linkwatch.web.reports import ScheduleFinding, ScheduleReport

_OF_EVENTS = {EventKind.DIED: "error", EventKind.EMPTIED: "error", EventKind.RECOVERED: "available"}


_OF_CHANGES = {
    MemberChangeKind.DELETED: "error",
    MemberChangeKind.MADE_PRIVATE: "error",
    MemberChangeKind.REMOVED: "warning",
    MemberChangeKind.ADDED: "available",
    MemberChangeKind.RETURNED: "available",
}
"""The tones of what happens; whatever is not here is a notice, but for events that are warnings."""


_WARNINGS = {EventKind.SUSPECTED, EventKind.SHRUNK, EventKind.OWNER_CHANGED, EventKind.RESTRICTED}


class TimelineEntry(NamedTuple):
    """Something that happened."""

    at: datetime
    tone: str
    what: str
    """What happened, or what it happened to."""

    how: str


def timeline(history: ResourceHistory) -> list[TimelineEntry]:
    """All of them, newest first; of one check in the order in which it found them."""
    found = [*_events(history), *_changes(history), *_acceptances(history), _beginning(history)]
    return sorted(found, key=lambda moment: moment.at, reverse=True)


def _events(history: ResourceHistory) -> Iterator[TimelineEntry]:
    for stored in history.events:
        kind = stored.event.kind
        tone = _OF_EVENTS.get(kind, "warning" if kind in _WARNINGS else "notice")
        yield TimelineEntry(stored.at, tone, kind.value, describe_event(stored.event))


def _changes(history: ResourceHistory) -> Iterator[TimelineEntry]:
    for stored in history.contents.changes if history.contents else ():
        yield TimelineEntry(
            stored.at,
            _OF_CHANGES.get(stored.change, "notice"),
            member_title(stored.member),
            describe_member_change(stored),
        )


def _acceptances(history: ResourceHistory) -> Iterator[TimelineEntry]:
    for ack in history.acknowledgements:
        if ack.accepted_at != UNDATED:
            yield TimelineEntry(ack.accepted_at, "notice", "accepted", describe_acknowledgement(ack, history))
        if ack.ended_at is not None:
            yield TimelineEntry(
                ack.ended_at, "notice", "no longer accepted", f"{ack.rule or 'whatever was found'}: it is over"
            )


def _beginning(history: ResourceHistory) -> TimelineEntry:
    return TimelineEntry(history.record.first_seen, "notice", "first seen", "in a list, by a check")


FORMER_MEMBERS_SHOWN = 50
"""Videos that are no longer in it, the last ones to leave; the timeline has all."""

_TONES = {State.AVAILABLE: "good", State.SUSPECT: "warning", State.UNAVAILABLE: "error"}


def page(context: WebContext, request: Request) -> Response:
    """The page of a resource; of one that is listed and not checked yet, what the lists say."""
    resource = parse_resource(request.path_params)
    if resource is None:
        raise HTTPException(404)
    settings, now = context.daemon.settings, context.clock()
    acks = listed_acks(settings.acks_file, now).acks
    history = resource_history(resource, database=context.daemon.database, now=now, listed_acks=acks)
    resource = resource if history is None else history.resource
    listing = [watched for watched in context.reports.of_all() if resource in watched.items]
    if history is None and not listing:
        raise HTTPException(404, "No list names it, and no check has met it")
    if history is None:
        return context.page(request, "unmet.html", item=listing[0].items[resource], listing=listing)
    return _living(context, request, history, listing)


def _living(context: WebContext, request: Request, history: ResourceHistory, listing: list[ScheduleReport]) -> Response:
    query, inside = request.query_params, history.contents
    return context.page(
        request,
        "resource.html",
        history=history,
        name=history.record.facts.title or history.resource.id,
        tone=_TONES.get(history.record.state, "notice"),
        state=format_value(Attribute.STATE, history.periods[Attribute.STATE][-1]),
        checks=tuple(state for _, state in history.checks),
        facts=[(name, value) for name, value in facts_of(history) if value is not None],
        periods=sorted(periods_of(history), key=_since, reverse=True),
        moments=paginate(timeline(history), parse_page_number(query.get("page", ""))),
        inspection_summary=inspection_summary(inside) if inside else None,
        members=paginate(inside.members if inside else (), parse_page_number(query.get("members", ""))),
        left=inside.former_members[: -FORMER_MEMBERS_SHOWN - 1 : -1] if inside else (),
        findings=_findings(listing, history.resource),
        listing=listing,
    )


def _since(told: tuple[str, str, Period]) -> datetime:
    _, _, period = told
    return period.since


def _findings(listing: list[ScheduleReport], resource: Resource) -> list[ScheduleFinding]:
    """What is found about it now."""
    return [
        ScheduleFinding(each.name, group, finding)
        for each in listing
        for group, findings in grouped(each.findings_of(resource))
        for finding in findings
    ]
