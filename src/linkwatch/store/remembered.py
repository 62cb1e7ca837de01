"""What the store hands on: values apart from its tables, so that a report is made without loading SQLAlchemy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from linkwatch.catalogue.resource import Resource
from linkwatch.observation import Known, State
from linkwatch.verdict.events import Event


@dataclass(frozen=True, slots=True)
class Run:
    """One check, as it is remembered."""

    id: int
    source: str
    """`data-api`, `keyless` or `simulator`."""

    started_at: datetime
    finished_at: datetime | None
    """None while it runs, or when it was killed."""

    quota_units: int
    complete: bool
    incomplete_reason: str | None
    note: str | None
    """What else a person should know of it, such as that the brake let go."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event, and when it was found."""

    resource: Resource
    event: Event
    at: datetime
    run_id: int


@dataclass(frozen=True, slots=True)
class Span:
    """A value that was true for a time."""

    attribute: str
    """`state`, `title`, `owner`, `item_count` or `restrictions`; `unanswered` for a time without answers."""

    value: str | None
    """None: it was purged, as YouTube's terms ask; always for `unanswered`."""

    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that came to its end."""

    run_id: int
    known: dict[Resource, Known]
    """What was judged, as it is known now: a report need not read it again."""


@dataclass(frozen=True, slots=True)
class ChecksSoFar:
    """The last checks of some lists, and what was known after each."""

    times: tuple[datetime, ...] = ()
    """When they began, oldest first."""

    states: Mapping[Resource, tuple[State | None, ...]] = field(default_factory=dict)
    """A state for each of the times; None: no answer, or not met yet."""


NO_CHECKS = ChecksSoFar()
