"""Findings from the videos that came to playlists and went from them lately: shrunk, grown."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.playlist import MemberChangeKind, MemberKey
from linkwatch.models.records import StoredEvent, StoredMemberChange
from linkwatch.models.resource import Resource
from linkwatch.models.times import whole_seconds
from linkwatch.report.model import Finding, ReportedResource
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.playlist_contents import NAMED, named, numbered, titled
from linkwatch.report.rules.registry import list_rule
from linkwatch.report.wording import MEMBER_CHANGES
from linkwatch.text import counted

_LOSSES = (MemberChangeKind.REMOVED, MemberChangeKind.MADE_PRIVATE, MemberChangeKind.DELETED)
"""In the order in which they are named."""


@dataclass(slots=True)
class _RecentChanges:
    """What happened to one playlist, as far as it still holds."""

    fell: StoredEvent | None = None
    """Its count did."""

    rose: StoredEvent | None = None
    lost: dict[MemberKey, StoredMemberChange] = field(default_factory=dict)
    """What went and was not replaced."""

    replaced: dict[MemberKey, StoredMemberChange] = field(default_factory=dict)
    added: dict[MemberKey, StoredMemberChange] = field(default_factory=dict)
    moved: dict[MemberKey, StoredMemberChange] = field(default_factory=dict)


@list_rule(rules.SHRUNK, rules.GROWN)
def members_changed(context: RuleContext) -> Iterator[Finding | None]:
    by_playlist: dict[Resource, _RecentChanges] = defaultdict(_RecentChanges)
    for item, stored in context.recent_changes():
        # A value that was purged leaves the fact that something changed, which is no use to a reader.
        if stored.event.before is None or stored.event.after is None:
            continue
        if stored.event.kind is EventKind.SHRUNK:
            by_playlist[item.resource].fell = stored
        elif stored.event.kind is EventKind.GROWN:
            by_playlist[item.resource].rose = stored
    for playlist, changes in context.inspections.member_changes.items():
        _apply(by_playlist[playlist], (each for each in changes if context.is_recent(each.at)))
    for playlist, recent in by_playlist.items():
        _leave_out_counts(context, playlist, recent)
        yield _shrunk(context, context.reported[playlist], recent)
        yield _grown(context, context.reported[playlist], recent)


def _leave_out_counts(context: RuleContext, playlist: Resource, recent: _RecentChanges) -> None:
    """Where an inspection followed, its members decide what came and went: a count may waver on its own."""
    last = context.inspections.last_inspections.get(playlist)
    if last is None or last.inspected_at is None or last.closed:
        return
    for name, members in (("fell", recent.lost), ("rose", recent.added)):
        event: StoredEvent | None = getattr(recent, name)
        if event is not None and event.at <= last.inspected_at and _difference(event) > len(members):
            setattr(recent, name, None)


def _difference(event: StoredEvent) -> int:
    return abs(int(str(event.event.before)) - int(str(event.event.after)))


def _apply(recent: _RecentChanges, changes: Iterable[StoredMemberChange]) -> None:
    """One change after the other: what came back was not lost."""
    for each in changes:
        key = (each.member.video_id, each.member.occurrence)
        match each.change:
            case MemberChangeKind.MOVED:
                recent.moved[key] = each
            case MemberChangeKind.RETURNED:
                recent.lost.pop(key, None)
            case MemberChangeKind.ADDED:
                if recent.lost.pop(key, None) is None:
                    recent.added[key] = each
            case MemberChangeKind.REPLACED:
                recent.added.pop(key, None)
                recent.replaced[key] = each
            case _:
                recent.added.pop(key, None)
                recent.lost[key] = each


def _shrunk(context: RuleContext, item: ReportedResource, recent: _RecentChanges) -> Finding | None:
    lost, replaced = _by_place(recent.lost), _by_place(recent.replaced)
    if recent.fell is None and not lost and not replaced:
        return None
    parts = [f"{MEMBER_CHANGES[change]}: {_named(some)}" for change in _LOSSES if (some := _of(change, lost))]
    parts += [
        f"{_numbered(each)} was replaced by {titled(each.replaced_by_title, each.replaced_by)}"
        for each in replaced[:NAMED]
    ]
    if len(replaced) > NAMED:
        parts.append(f"{counted(len(replaced) - NAMED, 'more video')} replaced")
    went, counts = _by_count(recent.fell, len(lost))
    head = f"{item.name} lost {counted(went, 'video')}{counts}" if went else f"in {item.name}"
    return context.finding(
        rules.SHRUNK,
        resource=item.resource,
        links=item.links,
        message="; ".join([head, *parts]) if went else f"{head} {'; '.join(parts)}",
        since=max(each.at for each in (recent.fell, *lost, *replaced) if each is not None),
        evidence=_evidence(recent.fell, [*lost, *replaced], recent),
    )


def _grown(context: RuleContext, item: ReportedResource, recent: _RecentChanges) -> Finding | None:
    added = _by_place(recent.added)
    if recent.rose is None and not added:
        return None
    more, counts = _by_count(recent.rose, len(added))
    has = f"gained {counted(more, 'video')}{counts}" if counts else f"has {counted(more, 'new video')}"
    parts = f"{'; new' if counts else ''}: {_named(added)}" if added else ""
    return context.finding(
        rules.GROWN,
        resource=item.resource,
        links=item.links,
        message=f"{item.name} {has}{parts}",
        since=max(each.at for each in (recent.rose, *added) if each is not None),
        evidence=_evidence(recent.rose, added, recent),
    )


def _by_count(event: StoredEvent | None, videos: int) -> tuple[int, str]:
    """How many videos, and the counts before and after unless the inspections saw more changes than they show.

    Only the last change of a count is known, and placeholders are counted too: inspections may have seen more leave.
    """
    if event is not None and _difference(event) >= videos:
        return _difference(event), f": {event.event.before} → {event.event.after}"
    return videos, ""


def _by_place(changes: dict[MemberKey, StoredMemberChange]) -> list[StoredMemberChange]:
    return sorted(changes.values(), key=lambda each: (each.position, each.member.video_id))


def _of(change: MemberChangeKind, among: Iterable[StoredMemberChange]) -> list[StoredMemberChange]:
    return [each for each in among if each.change is change]


def _numbered(each: StoredMemberChange) -> str:
    return numbered(each.position, each.member.title, each.member.video_id)


def _named(changes: Sequence[StoredMemberChange]) -> str:
    return named(map(_numbered, changes))


def _evidence(
    event: StoredEvent | None, changes: Sequence[StoredMemberChange], recent: _RecentChanges
) -> dict[str, object]:
    """The counts, and all that happened to videos, for machines; what moved too. Positions are 0-based."""
    counts = {} if event is None else {"before": event.event.before, "after": event.event.after}
    videos = [_evidence_of(each) for each in (*changes, *_by_place(recent.moved))]
    return {**counts, **({"videos": videos} if videos else {})}


def _evidence_of(each: StoredMemberChange) -> dict[str, object]:
    replaced_by = {} if each.replaced_by is None else {"by": each.replaced_by, "by_title": each.replaced_by_title}
    return {
        "video_id": each.member.video_id,
        "title": each.member.title,
        "position": each.position,
        "change": each.change,
        "at": whole_seconds(each.at),
        **replaced_by,
    }
