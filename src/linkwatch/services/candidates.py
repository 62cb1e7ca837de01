"""Which playlists may be inspected, and the last inspection of each."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from linkwatch.models.events import EventKind
from linkwatch.models.observation import State
from linkwatch.models.records import LastInspection
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.inspections import InspectionCandidate
from linkwatch.store.playlists import load_last_inspections, mark_inspection_due
from linkwatch.store.resources import load_resources
from linkwatch.verdict.judge import Verdict

_WORTH_AN_INSPECTION = frozenset({EventKind.RETITLED, EventKind.RECOVERED, EventKind.OWNER_CHANGED})
"""Events after which a playlist is inspected, as it is when its item count or ETag has changed."""


def evaluated_candidates(
    connection: Connection, verdicts: Mapping[Resource, Verdict], etags: Mapping[Resource, str | None]
) -> list[InspectionCandidate]:
    """The available playlists among resources that were just evaluated.

    An event happens once: a playlist that had one is marked as due in the same transaction, so that an interruption
    doesn't lose its inspection.

    Args:
        connection: The transaction that saves the verdicts.
        verdicts: By resource.
        etags: Of the playlists, by this check.
    """
    available = {
        resource: verdict
        for resource, verdict in verdicts.items()
        if resource.kind is Kind.PLAYLIST and verdict.record.state is State.AVAILABLE
    }
    last = load_last_inspections(connection, available)
    mark_inspection_due(connection, [playlist for playlist in last if _has_event(available[playlist])])
    return [
        _candidate(playlist, verdict, etags.get(playlist), last.get(playlist))
        for playlist, verdict in available.items()
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
    playlist: Resource, verdict: Verdict, etag: str | None, last: LastInspection | None
) -> InspectionCandidate:
    item_count = verdict.record.facts.item_count
    if last is None:
        return InspectionCandidate(playlist, item_count, etag=etag)
    changed = last.due or last.item_count != item_count or _has_event(verdict)
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
