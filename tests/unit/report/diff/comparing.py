"""Differences built directly: what is remembered of a list, and the moment it is compared with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from unit.report.builders import DAY, LONG_AGO, NOW, OTHER, PLAYLIST, RUN, RUN_AT, YESTERDAY, entry, living
from unit.report.resource.histories import change, video

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.models.events import Event, EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import ResourceRecord
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import Run, StoredEvent, StoredMemberChange
from linkwatch.models.resource import Resource
from linkwatch.report.diff.compute import DiffInput, build_diff
from linkwatch.report.diff.model import Difference, ListDiff
from linkwatch.settings import Settings

SINCE = NOW - 7 * DAY
EARLIER = YESTERDAY - DAY
"""Two days before the last run: after the moment."""


def happened(
    resource: Resource, kind: EventKind, before: str | None, after: str | None, at: datetime = RUN_AT
) -> StoredEvent:
    """An event."""
    return StoredEvent(resource, Event(kind, before, after), at, RUN.id)


def compared(
    links: Iterable[Link],
    known: Mapping[Resource, ResourceRecord],
    events: Iterable[StoredEvent] = (),
    *,
    changes: Mapping[Resource, Sequence[StoredMemberChange]] | None = None,
    first_checks: Mapping[str, datetime] | None = None,
    removed: Mapping[Resource, Sequence[Link]] | None = None,
    run: Run | None = RUN,
    since: datetime = SINCE,
    settings: Settings | None = None,
) -> ListDiff:
    """What became of these entries."""
    by_resource: dict[Resource, list[StoredEvent]] = {}
    for event in events:
        by_resource.setdefault(event.resource, []).append(event)
    material = DiffInput(
        catalogue=catalogue_links(links),
        records=known,
        events=by_resource,
        member_changes=changes or {},
        first_checks={"list.md": LONG_AGO} if first_checks is None else first_checks,
        removed=removed or {},
        run=run,
    )
    return build_diff(material, since=since, now=NOW, settings=settings or Settings())


def only(differences: ListDiff) -> Difference:
    """The one that there is."""
    (difference,) = differences.differences
    return difference


def strangers(text: str) -> ListDiff:
    """Differences in which every text is from a stranger."""
    hostile = f"Calculus{text}Three"
    links = [entry(PLAYLIST, hostile, file=hostile)]
    changes = [
        change(
            MemberChangeKind.REPLACED,
            video(1, hostile, left_at=RUN_AT),
            replaced_by="aaaaaaaaaaA",
            replaced_by_title=hostile,
        )
    ]
    events = [
        happened(PLAYLIST, EventKind.RETITLED, f"{hostile}.", hostile),
        happened(PLAYLIST, EventKind.OWNER_CHANGED, f"{hostile}.", hostile),
    ]
    return compared(
        links,
        {PLAYLIST: living(hostile, owner=hostile, item_count=3), OTHER: living(hostile)},
        events,
        changes={PLAYLIST: changes},
        removed={OTHER: links},
        run=replace(RUN, complete=False, incomplete_reason=hostile),
        first_checks={hostile: LONG_AGO},
    )
