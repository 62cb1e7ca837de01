"""What the store holds of some lists, and a moment → what changed since."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from linkwatch.catalogue.catalogue import Catalogue
from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.records import Flapping, Run, StoredEvent, StoredMemberChange
from linkwatch.models.resource import Resource
from linkwatch.report.diff.model import (
    NO_VIDEO_CHANGES,
    Difference,
    DiffKind,
    ListDiff,
    VideoChanges,
    net_video_changes,
)
from linkwatch.report.model import ReportedResource
from linkwatch.report.rules.restrictions import mattering
from linkwatch.settings import Settings


@dataclass(frozen=True, slots=True)
class DiffInput:
    """What the store holds of the lists."""

    catalogue: Catalogue
    """The lists as they are now, with handles and user names resolved."""

    records: Mapping[Resource, ResourceRecord]
    """Of removed resources too; those that no check has met are left out."""

    events: Mapping[Resource, Sequence[StoredEvent]]
    """Since the moment, oldest first."""

    member_changes: Mapping[Resource, Sequence[StoredMemberChange]]
    """Inside playlists, since the moment, oldest first."""

    first_checks: Mapping[str, datetime]
    """By list, those that were never checked left out."""

    removed: Mapping[Resource, Sequence[Link]]
    """Resources that are no longer in the lists, and their last links as far as these are known."""

    run: Run | None

    flapping: Mapping[Resource, Flapping] = field(default_factory=dict)
    """What flaps at the last check."""


def build_diff(data: DiffInput, *, since: datetime, now: datetime, settings: Settings) -> ListDiff:
    """Compare the lists with what they were.

    Args:
        data: What the store holds of them.
        since: The moment with which the present is compared, aware UTC.
        now: The present time, aware UTC.
        settings: Which restrictions matter.
    """
    items = [
        ReportedResource(resource, data.records.get(resource), _links(data.catalogue, positions))
        for resource, positions in data.catalogue.links_of.items()
    ]
    removed = [ReportedResource(each, data.records.get(each), tuple(k)) for each, k in data.removed.items()]
    first_checks = data.first_checks
    checks = [first_checks[file] for file in _files(items) if file in first_checks] or list(first_checks.values())
    differences = [
        *(each for item in items for each in _differences(item, data, since, settings)),
        *(Difference(DiffKind.REMOVED, item, item.record.last_checked if item.record else None) for item in removed),
    ]
    return ListDiff(
        generated_at=now,
        since=since,
        first_check=min(checks) if data.records else None,
        run=data.run,
        resources=len(items),
        unanswered=sum(_is_unanswered(item, since) for item in items),
        differences=sorted(differences, key=_order),
    )


def _links(catalogue: Catalogue, positions: Iterable[int]) -> tuple[Link, ...]:
    return tuple(catalogue.links[at].link for at in positions)


def _files(items: Iterable[ReportedResource]) -> set[str]:
    return {link.file for item in items for link in item.links}


def _is_unanswered(item: ReportedResource, since: datetime) -> bool:
    if item.state is State.UNMONITORABLE:
        return False
    return item.record is None or item.record.last_checked is None or item.record.last_checked < since


def _order(difference: Difference) -> tuple[int, str, int, str]:
    links = difference.item.links
    place = (links[0].file, links[0].line) if links else ("", 0)
    return (list(DiffKind).index(difference.kind), *place, difference.item.resource.id)


def _differences(item: ReportedResource, data: DiffInput, since: datetime, settings: Settings) -> Iterator[Difference]:
    """Yield the differences of one resource."""
    if _is_added(item, data.first_checks, since):
        yield Difference(DiffKind.ADDED, item, item.record.first_seen if item.record else None)
    if item.record is None:
        return
    events = data.events.get(item.resource, ())
    found = (
        _state(item, item.record, _among(events, _STATES), data.flapping.get(item.resource)),
        _title(item, item.record, _among(events, {EventKind.RETITLED})),
        _videos(item, item.record, _among(events, _COUNTS), data.member_changes.get(item.resource, ())),
        _owner(item, item.record, _among(events, {EventKind.OWNER_CHANGED})),
        _restrictions(item, item.record, _among(events, _RESTRICTIONS), settings),
    )
    yield from (difference for difference in found if difference is not None)


_KINDS = {
    State.UNAVAILABLE: DiffKind.DIED,
    State.SUSPECT: DiffKind.WENT_MISSING,
    State.AVAILABLE: DiffKind.RECOVERED,
}
_STATES = {EventKind.DIED, EventKind.SUSPECTED, EventKind.RECOVERED}
_COUNTS = {EventKind.GROWN, EventKind.SHRUNK, EventKind.EMPTIED}
_RESTRICTIONS = {EventKind.RESTRICTED, EventKind.UNRESTRICTED}


def _among(events: Iterable[StoredEvent], kinds: set[EventKind]) -> list[StoredEvent]:
    return [stored for stored in events if stored.event.kind in kinds]


def _is_added(item: ReportedResource, first_checks: Mapping[str, datetime], since: datetime) -> bool:
    """Whether it was put into its list since; what the first check of a list met was in it before, perhaps."""
    checked = [first_checks[link.file] for link in item.links if link.file in first_checks]
    if len(checked) < len(item.links):
        return False
    return item.record is None or (item.record.first_seen >= since and item.record.first_seen > min(checked))


def _state(
    item: ReportedResource, known: ResourceRecord, events: Sequence[StoredEvent], flapping: Flapping | None
) -> Difference | None:
    kind = _KINDS.get(known.state)
    if not events or kind is None:
        return None
    before, last = events[0].event.before, events[-1]
    absence = (events[0].at, last.at) if before == known.state == State.AVAILABLE else None
    return Difference(kind, item, last.at, before, known.state, absence, flapping=flapping)


def _title(item: ReportedResource, known: ResourceRecord, events: Sequence[StoredEvent]) -> Difference | None:
    return _changed(DiffKind.RETITLED, item, events, known.facts.title)


def _owner(item: ReportedResource, known: ResourceRecord, events: Sequence[StoredEvent]) -> Difference | None:
    return _changed(DiffKind.OWNER_CHANGED, item, events, known.facts.owner_title or known.facts.owner_id)


def _changed(
    kind: DiffKind, item: ReportedResource, events: Sequence[StoredEvent], present: str | None
) -> Difference | None:
    """From the value before the first event to the present one; None when it is the same again."""
    if not events:
        return None
    before, after = events[0].event.before, present if present is not None else events[-1].event.after
    return None if before == after and before is not None else Difference(kind, item, events[-1].at, before, after)


def _restrictions(
    item: ReportedResource, known: ResourceRecord, events: Sequence[StoredEvent], settings: Settings
) -> Difference | None:
    present = None if known.facts.restrictions is None else " ".join(known.facts.restrictions)
    found = _changed(DiffKind.RESTRICTIONS_CHANGED, item, events, present)
    if found is None:
        return None
    before, after = (
        None if words is None else " ".join(mattering(words.split(), settings)) for words in (found.before, found.after)
    )
    same = before == after and before is not None
    return None if same else Difference(found.kind, item, found.at, before, after)


def _videos(
    item: ReportedResource, known: ResourceRecord, events: Sequence[StoredEvent], changes: Sequence[StoredMemberChange]
) -> Difference | None:
    videos = net_video_changes(changes)
    count = known.facts.item_count
    present = None if count is None else str(count)
    counted = _changed(DiffKind.GREW, item, events, present)
    if counted is None and videos == NO_VIDEO_CHANGES:
        return None
    at = max([*(stored.at for stored in events), *(stored.at for stored in changes)])
    before, after = (counted.before, counted.after) if counted else (present, present)
    return Difference(_direction(before, after, events, videos), item, at, before, after, videos=videos)


def _direction(before: str | None, after: str | None, events: Sequence[StoredEvent], videos: VideoChanges) -> DiffKind:
    """By the counts; where they are no longer kept, by which way they all went."""
    if before is not None and after is not None:
        more = int(after) - int(before)
    else:
        ways = {stored.event.kind is EventKind.GROWN for stored in events}
        more = 0 if len(ways) != 1 else 1 if ways == {True} else -1
    # YouTube may still count a private or deleted video, which nobody can watch.
    more = more or videos.balance
    return DiffKind.EXCHANGED if more == 0 else DiffKind.GREW if more > 0 else DiffKind.SHRANK
