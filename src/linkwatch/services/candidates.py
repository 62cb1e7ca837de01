"""Which playlists may be inspected, and the last inspection of each."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from linkwatch.models.events import EventKind
from linkwatch.models.observation import Facts, State
from linkwatch.models.records import LastInspection
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.inspections import InspectionCandidate
from linkwatch.store.playlists import load_last_inspections, mark_inspection_due
from linkwatch.store.resources import load_resources
from linkwatch.verdict.judge import Verdict

_WORTH_AN_INSPECTION = frozenset({EventKind.RETITLED, EventKind.RECOVERED, EventKind.OWNER_CHANGED})
"""Events after which a playlist is inspected, as it is when its item count or ETag has changed."""


def evaluated_candidates(
    connection: Connection,
    verdicts: Mapping[Resource, Verdict],
    unchanged: Mapping[Resource, Facts],
    etags: Mapping[Resource, str | None],
) -> list[InspectionCandidate]:
    """The available playlists among resources that were just evaluated.

    An event happens once: a playlist that had one is marked as due in the same transaction, so that an interruption
    doesn't lose its inspection.

    Args:
        connection: The transaction that saves the verdicts.
        verdicts: By resource.
        unchanged: The facts of what is available as before, and has no verdict.
        etags: Of everything that was observed, by this check.
    """
    judged = {
        resource: (verdict.record.facts.item_count, _has_event(verdict))
        for resource, verdict in verdicts.items()
        if resource.kind is Kind.PLAYLIST and verdict.record.state is State.AVAILABLE
    }
    quiet = {
        resource: (facts.item_count, False) for resource, facts in unchanged.items() if resource.kind is Kind.PLAYLIST
    }
    both = judged | quiet
    available = {playlist: both[playlist] for playlist in etags if playlist in both}  # as they were observed
    last = load_last_inspections(connection, available)
    mark_inspection_due(connection, [playlist for playlist in last if available[playlist][1]])
    return [
        _candidate(playlist, item_count, etags.get(playlist), last.get(playlist), has_event=has_event)
        for playlist, (item_count, has_event) in available.items()
    ]


def stored_candidates(connection: Connection, playlists: Sequence[Resource]) -> list[InspectionCandidate]:
    """Those of these playlists that are available, or not checked yet, by what is stored."""
    stored = load_resources(connection, playlists)
    last = load_last_inspections(connection, playlists)
    candidates = []
    for playlist in playlists:
        record = stored[playlist].record if playlist in stored else None
        if record is not None and record.state not in {State.AVAILABLE, State.UNKNOWN}:
            continue
        candidates.append(
            InspectionCandidate(
                playlist,
                item_count=None if record is None else record.facts.item_count,
                inspected_at=last[playlist].inspected_at if playlist in last else None,
                changed=playlist in last and last[playlist].due,
                unreadable_since=last[playlist].unreadable_since if playlist in last else None,
                unreadable_at=last[playlist].unreadable_at if playlist in last else None,
            )
        )
    return candidates


def _candidate(
    playlist: Resource, item_count: int | None, etag: str | None, last: LastInspection | None, *, has_event: bool
) -> InspectionCandidate:
    if last is None:
        return InspectionCandidate(playlist, item_count, etag=etag)
    changed = last.due or last.item_count != item_count or has_event
    etag_changed = None not in {last.etag, etag} and last.etag != etag
    return InspectionCandidate(
        playlist,
        item_count,
        last.inspected_at,
        changed=changed or etag_changed,
        etag_only=etag_changed and not changed,
        etag=etag,
        unreadable_since=last.unreadable_since,
        unreadable_at=last.unreadable_at,
    )


def _has_event(verdict: Verdict) -> bool:
    return any(event.kind in _WORTH_AN_INSPECTION for event in verdict.events)
