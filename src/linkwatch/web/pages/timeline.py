"""Everything that happened to a resource and inside it, in one line of time."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from linkwatch.models.acknowledgement import UNDATED
from linkwatch.models.events import EventKind
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.report.resource.model import ResourceHistory
from linkwatch.report.resource.text import (
    describe_acknowledgement,
    describe_event,
    describe_member_change,
    member_title,
)

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


class Moment(NamedTuple):
    """Something that happened."""

    at: datetime
    tone: str
    what: str
    """What happened, or what it happened to."""

    how: str


def moments_of(life: ResourceHistory) -> list[Moment]:
    """All of them, newest first; of one check in the order in which it found them."""
    found = [*_events(life), *_changes(life), *_acceptances(life), _beginning(life)]
    return sorted(found, key=lambda moment: moment.at, reverse=True)


def _events(life: ResourceHistory) -> Iterator[Moment]:
    for stored in life.events:
        kind = stored.event.kind
        tone = _OF_EVENTS.get(kind, "warning" if kind in _WARNINGS else "notice")
        yield Moment(stored.at, tone, kind.value, describe_event(stored.event))


def _changes(life: ResourceHistory) -> Iterator[Moment]:
    for stored in life.inside.changes if life.inside else ():
        yield Moment(
            stored.at,
            _OF_CHANGES.get(stored.change, "notice"),
            member_title(stored.member),
            describe_member_change(stored),
        )


def _acceptances(life: ResourceHistory) -> Iterator[Moment]:
    for ack in life.acks:
        if ack.accepted_at != UNDATED:
            yield Moment(ack.accepted_at, "notice", "accepted", describe_acknowledgement(ack, life))
        if ack.ended_at is not None:
            yield Moment(
                ack.ended_at, "notice", "no longer accepted", f"{ack.rule or 'whatever was found'}: it is over"
            )


def _beginning(life: ResourceHistory) -> Moment:
    return Moment(life.known.first_seen, "notice", "first seen", "in a list, by a check")
