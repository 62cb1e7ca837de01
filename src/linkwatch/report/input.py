"""What a report is made from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from linkwatch.catalogue.catalogue import Catalogue
from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import ResourceRecord
from linkwatch.models.records import (
    NO_HISTORY,
    NO_INSPECTIONS,
    CheckHistory,
    CustomName,
    Flapping,
    InspectionResults,
    MovedHandle,
    Run,
    StoredEvent,
)
from linkwatch.models.resource import Resource
from linkwatch.report.model import QuotaSummary
from linkwatch.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInput:
    """What a report is made from: its caller loads it, the report reads nothing else."""

    now: datetime
    """The time of the report, aware UTC."""

    settings: Settings
    """Levels of the rules, limits, and how long a change is reported."""

    catalogue: Catalogue
    """The links, with handles and user names resolved."""

    records: Mapping[Resource, ResourceRecord] = field(default_factory=dict)
    """Of the listed resources; those that no check has met are left out."""

    first_seen: Callable[[Link], datetime | None] = lambda _: None
    """When a check first saw a link, with its URL and label as written; None when none has."""

    listed_since: Callable[[Link, Resource], datetime | None] = lambda _link, _resource: None
    """When a check first saw a resource in the list of a link, however it was written there; None when none has."""

    events: Mapping[tuple[Resource, EventKind], StoredEvent] = field(default_factory=dict)
    """The last event of each kind; those that are too old to be reported may be left out when it is iterated over."""

    custom_names: Mapping[str, tuple[CustomName, ...]] = field(default_factory=dict)
    """The custom URLs in the lists that are watched as channels, by the id of the channel."""

    unresolved_names: Mapping[str, datetime] = field(default_factory=dict)
    """Custom channel URLs that led to no channel, and when that was tried."""

    moved_handles: Mapping[str, MovedHandle] = field(default_factory=dict)
    """Handles that left the channel that they led to."""

    flapping: Mapping[Resource, Flapping] = field(default_factory=dict)
    """Resources that flap, or did lately and have not changed since."""

    run: Run | None = None
    """The last run over these lists."""

    new_since: datetime | None = None
    """What began after this is new: when the last check began that these lists were reported on. None: only what began
    with the last run is new."""

    first_check: bool = False
    """No check came before the last run."""

    inspections: InspectionResults = NO_INSPECTIONS
    quota: QuotaSummary | None = None
    check_history: CheckHistory = NO_HISTORY
    """The states after the last checks; empty unless a format shows them."""

    recent_events: Sequence[StoredEvent] = ()
    """Newest first; empty unless a format shows them."""
