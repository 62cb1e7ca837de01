"""The page of a resource: state, findings, timeline, facts, members, and where it is listed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models.acknowledgement import UNDATED
from linkwatch.models.events import EventKind
from linkwatch.models.observation import State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.resource import Resource
from linkwatch.report.charts import checks_bar, members_map, videos_chart
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
from linkwatch.services.dashboard import read_ack_file
from linkwatch.services.show import resource_history
from linkwatch.web.context import WebContext
from linkwatch.web.paging import paginate, parse_page_number
from linkwatch.web.paths import edit_path, parse_resource
from linkwatch.web.reports import ScheduleFinding, ScheduleReport

FORMER_MEMBERS_SHOWN = 50
"""Of the videos that left a playlist, the last ones; the timeline has all."""

_STATE_TONES = {State.AVAILABLE: "good", State.SUSPECT: "warning", State.UNAVAILABLE: "error"}

_EVENT_TONES = {
    EventKind.DIED: "error",
    EventKind.EMPTIED: "error",
    EventKind.RECOVERED: "available",
    EventKind.SUSPECTED: "warning",
    EventKind.SHRUNK: "warning",
    EventKind.OWNER_CHANGED: "warning",
    EventKind.RESTRICTED: "warning",
}
_CHANGE_TONES = {
    MemberChangeKind.DELETED: "error",
    MemberChangeKind.MADE_PRIVATE: "error",
    MemberChangeKind.REMOVED: "warning",
    MemberChangeKind.ADDED: "available",
    MemberChangeKind.RETURNED: "available",
}
"""CSS classes of timeline entries; any other kind is a `notice`."""

_MOST_EDITS = 20
"""Places at which a resource is listed that lead to where they are edited."""


class TimelineEntry(NamedTuple):
    """Something that happened."""

    at: datetime
    tone: str
    label: str
    """What happened, or the video that it happened to."""

    text: str


def timeline(history: ResourceHistory) -> list[TimelineEntry]:
    """Everything that happened to a resource and to its members, newest first."""
    entries = [
        *_event_entries(history),
        *_member_entries(history),
        *_acknowledgement_entries(history),
        TimelineEntry(history.record.first_seen, "notice", "first seen", "in a list, by a check"),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _event_entries(history: ResourceHistory) -> Iterator[TimelineEntry]:
    for stored in history.events:
        kind = stored.event.kind
        yield TimelineEntry(stored.at, _EVENT_TONES.get(kind, "notice"), kind.value, describe_event(stored.event))


def _member_entries(history: ResourceHistory) -> Iterator[TimelineEntry]:
    for stored in history.contents.changes if history.contents else ():
        tone = _CHANGE_TONES.get(stored.change, "notice")
        yield TimelineEntry(stored.at, tone, member_title(stored.member), describe_member_change(stored))


def _acknowledgement_entries(history: ResourceHistory) -> Iterator[TimelineEntry]:
    for ack in history.acknowledgements:
        if ack.accepted_at != UNDATED:
            yield TimelineEntry(ack.accepted_at, "notice", "acknowledged", describe_acknowledgement(ack, history))
        if ack.ended_at is not None:
            text = f"{ack.rule or 'all findings'}: resolved"
            yield TimelineEntry(ack.ended_at, "notice", "acknowledgement ended", text)


def page(context: WebContext, request: Request) -> Response:
    """The page of a resource; before its first check, where it is listed."""
    resource = parse_resource(request.path_params)
    if resource is None:
        raise HTTPException(404)
    settings, now = context.daemon.settings, context.clock()
    acks = read_ack_file(settings.acks_file, now).acks
    history = resource_history(resource, database=context.daemon.database, settings=settings, now=now, listed_acks=acks)
    resource = resource if history is None else history.resource
    schedules = [schedule for schedule in context.reports.all() if resource in schedule.items]
    if history is None and not schedules:
        raise HTTPException(404, "It is in no list, and was never checked")
    if history is None:
        item = schedules[0].items[resource]
        return context.page(request, "unchecked_resource.html", item=item, schedules=schedules)
    return _history_page(context, request, history, schedules)


def _history_page(
    context: WebContext, request: Request, history: ResourceHistory, schedules: list[ScheduleReport]
) -> Response:
    query, inside = request.query_params, history.contents
    return context.page(
        request,
        "resource.html",
        history=history,
        picture=context.pictured_videos([history.resource]).get(history.resource),
        name=history.record.facts.title or history.resource.id,
        tone=_STATE_TONES.get(history.record.state, "notice"),
        state=format_value(Attribute.STATE, history.periods[Attribute.STATE][-1]),
        checks=checks_bar(
            tuple(state for _, state in history.checks),
            tuple(time for time, _ in history.checks),
            history.record.reason,
        ),
        check_count=len(history.checks),
        charts=[chart for chart in (videos_chart(history), members_map(history)) if chart],
        label=next((link.label for link in history.links if link.label), None),
        facts=[(name, value) for name, value in facts_of(history) if value is not None],
        periods=sorted(periods_of(history), key=_since, reverse=True),
        timeline=paginate(timeline(history), parse_page_number(query.get("page", ""))),
        inspection_summary=inspection_summary(inside) if inside else None,
        members=paginate(inside.members if inside else (), parse_page_number(query.get("members", ""))),
        former_members=inside.former_members[: -FORMER_MEMBERS_SHOWN - 1 : -1] if inside else (),
        findings=_findings(schedules, history.resource),
        schedules=schedules,
        edits=list(islice(_edits(schedules, history.resource), _MOST_EDITS)),
    )


def _edits(schedules: Iterable[ScheduleReport], resource: Resource) -> Iterator[tuple[str, str]]:
    """Where the resource is listed now, and the pages on which that can be edited."""
    edits: dict[str, str] = {}
    for schedule in schedules:
        for link in schedule.items[resource].links:
            path = edit_path(schedule.name, file=link.file, line=link.line)
            edits.setdefault(f"{link.file}:{link.line}", path)
    return iter(edits.items())


def _since(row: tuple[str, str, Period]) -> datetime:
    _, _, period = row
    return period.since


def _findings(schedules: list[ScheduleReport], resource: Resource) -> list[ScheduleFinding]:
    """The current findings about a resource."""
    return [
        schedule.finding(group, finding)
        for schedule in schedules
        for group, findings in grouped(schedule.findings_of(resource))
        for finding in findings
    ]
