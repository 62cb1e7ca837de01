"""Lives built directly: what is remembered of one playlist."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from unit.report.builders import DAY, LONG_AGO, NOW, PLAYLIST, RUN, RUN_AT, YESTERDAY, entry, living

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.events import Event, EventKind
from linkwatch.models.observation import Member, MemberState, ResourceRecord, State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import CheckHistory, LastInspection, Span, StoredEvent, StoredMemberChange
from linkwatch.models.resource import Resource
from linkwatch.report.resource.model import ResourceHistory, build_history

LOOK = LastInspection(1, RUN_AT, due=False, etag=None, item_count=2, closed=False, member_count=2, lost_count=0)
KNOWN = living("Calculus 3", owner="Leonard", owner_id="UC1", item_count=2, restrictions=())


def video(number: int, title: str | None = "Vectors", **fields: Any) -> Member:
    """A video at this place of the playlist, counted from 1."""
    values: dict[str, Any] = {"state": MemberState.AVAILABLE, "owner_title": "Leonard", "added_at": LONG_AGO} | fields
    return Member(f"{number:010d}A", 0, number - 1, state_since=LONG_AGO, first_seen=LONG_AGO, title=title, **values)


def change(what: MemberChangeKind, member: Member, at: datetime = RUN_AT, **by: str | None) -> StoredMemberChange:
    """Something that happened to a video of the playlist."""
    return StoredMemberChange(what, member, at, RUN.id, member.position, **by)


def event(kind: EventKind, before: str | None, after: str | None, at: datetime = RUN_AT) -> StoredEvent:
    """Something that happened to the playlist."""
    return StoredEvent(PLAYLIST, Event(kind, before, after), at, RUN.id)


def checked(*states: State | None) -> CheckHistory:
    """The states of the playlist after checks, a day apart."""
    times = tuple(RUN_AT - (len(states) - 1 - at) * DAY for at in range(len(states)))
    return CheckHistory(times, {PLAYLIST: states})


def history_of(
    known: ResourceRecord = KNOWN,
    *,
    resource: Resource = PLAYLIST,
    checks: CheckHistory | None = None,
    spans: Sequence[Span] = (),
    members: Iterable[Member] | None = None,
    look: LastInspection | None = LOOK,
    **more: Any,
) -> ResourceHistory:
    """A history in which nothing ever happened, but for what is named."""
    values: dict[str, Any] = {
        "now": NOW,
        "names": (),
        "present_since": {},
        "events": (),
        "changes": (),
        "links": [entry(PLAYLIST, "Calculus", file="list.csv", line=14, section="Maths")],
        "acks": (),
    }
    return build_history(
        resource=resource,
        record=known,
        checks=checks or checked(State.AVAILABLE),
        spans=spans,
        members=[video(1), video(2)] if members is None else list(members),
        inspection=look,
        **values | more,
    )


def life_by_strangers(text: str) -> ResourceHistory:
    """A history in which every text is from a stranger."""
    hostile = f"Calculus{text}Three"
    gone = video(3, hostile, owner_title=hostile, left_at=RUN_AT)
    return history_of(
        living(hostile, owner=hostile, owner_id="UC1", item_count=2, restrictions=("age",)),
        spans=[Span("title", hostile, LONG_AGO, YESTERDAY), Span("owner", hostile, LONG_AGO, YESTERDAY)],
        events=[event(EventKind.RETITLED, hostile, hostile)],
        members=[video(1, hostile, owner_title=hostile), video(2, hostile, owner_title=hostile), gone],
        changes=[change(MemberChangeKind.REPLACED, gone, replaced_by=video(2).video_id, replaced_by_title=hostile)],
        links=[entry(PLAYLIST, hostile, file=hostile, section=hostile, owner=hostile)],
        acks=[Acknowledgement(PLAYLIST.id, None, hostile, RUN_AT)],
        names=[hostile],
    )
