"""Resources that flap: that become missing and available again, over and over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linkwatch.models.events import Event, EventKind
from linkwatch.models.observation import State
from linkwatch.models.records import Flapping, StoredEvent


@dataclass(frozen=True, slots=True)
class FlapPolicy:
    """How many changes make a resource flap, and when that is over."""

    changes: int = 3
    """Changes between available and missing within `window`; ≥ 1."""

    window: timedelta = timedelta(days=7)
    quiet: timedelta = timedelta(days=3)
    """Without a change, after which it does not flap any more."""


def state_changes(events: Iterable[StoredEvent]) -> list[datetime]:
    """When a resource became missing, and when available again; `store.events.load_state_changes` selects the same."""
    return [stored.at for stored in events if _is_change(stored.event)]


def _is_change(event: Event) -> bool:
    if event.kind is EventKind.RECOVERED:
        return True
    return event.kind in {EventKind.DIED, EventKind.SUSPECTED} and event.before == State.AVAILABLE


def find_flapping(changes: Sequence[datetime], policy: FlapPolicy, now: datetime) -> Flapping | None:
    """The time in which a resource flaps, or flapped last; None when it does not, or changed once more since.

    Args:
        changes: When it became missing or available again, oldest first.
        policy: The limits.
        now: The time of the last check.
    """
    counted: list[datetime] = []
    since: datetime | None = None
    for at in changes:
        if since is not None and at - counted[-1] >= policy.quiet:
            counted, since = [], None
        if since is None:
            counted = [time for time in counted if at - time <= policy.window]
        counted.append(at)
        if since is None and len(counted) >= policy.changes:
            since = at
    if since is None:
        return None
    quiet_at = counted[-1] + policy.quiet
    return Flapping(counted[0], since, len(counted), quiet_at if quiet_at <= now else None)
