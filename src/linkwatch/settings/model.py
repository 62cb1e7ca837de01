"""Everything that can be set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from linkwatch.models.rules import DEFAULT_LEVELS, Level, Rule

DATA_API_URL = "https://youtube.googleapis.com/"
OEMBED_URL = "https://www.youtube.com/oembed"
DEFAULT_FILE = "linkwatch.toml"
DEFAULT_LIST = "resources.csv"

RESTRICTIONS = ("age", "embedding", "regions", "live", "upcoming")
"""What can keep a reader from watching."""


class InspectMode(StrEnum):
    """How far a check with a key looks inside playlists."""

    OFF = "off"
    MEMBERS = "members"
    """Who is in it."""

    FULL = "full"
    """And the state and restrictions of each video."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """Entries of the lists that are left out: those that fit every pattern that is given.

    In a pattern `*` stands for any text (a `/` too), `?` for any character, `[…]` for one of some; case counts.
    """

    url: str | None = None
    """Pattern of the URL as it is listed."""

    id: str | None = None
    """Pattern of the id of what is listed."""

    section: str | None = None
    """Pattern of one of the headings above, or of all of them as a report shows them (`Archive > 2019`)."""

    file: str | None = None
    """Pattern of the list, as a report names it."""

    rules: tuple[Rule, ...] = ()
    """What is not told of them; empty: they are left out altogether."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Where news go, and which."""

    name: str
    """How people and the outbox call it; unique, and without a secret."""

    url: str = field(repr=False)
    """Apprise's address of the service, as it is written: `$NAME` stands for a variable of the environment."""

    place: str
    """File and line of its table."""

    lists: tuple[str, ...] = ()
    """Patterns of the lists whose news it gets; empty: all."""

    rules: tuple[Rule, ...] = ()
    """What it is told of; empty: all."""

    level: Level = Level.WARNING
    """The least level that it is told of."""

    remind: timedelta | None = None
    """How often it is told again what is still broken; None: never."""

    template: str | None = None
    """File of a Jinja2 template of the text; None: linkwatch's own words."""


@dataclass(frozen=True, slots=True)
class Cron:
    """At the times of a cron expression."""

    expression: str
    """Five fields: minute, hour, day of the month, month, day of the week."""

    timezone: str
    """IANA name."""


@dataclass(frozen=True, slots=True)
class Auto:
    """What changes or is missing sooner, what never changes later."""


Cadence = timedelta | Cron | Auto
"""How often lists are checked; a length of time is the time between two checks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Lists that the daemon checks together, and how often."""

    name: str
    """How people and the store call it; unique."""

    lists: tuple[str, ...]
    """Files, folders and globs."""

    cadence: Cadence
    place: str | None = None
    """File and line of its table; None for the lists that no table names."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. `linkwatch.toml` uses the field names as keys."""

    lists: tuple[str, ...] = ()
    """Lists to read when none is named; empty: `resources.csv`."""

    database_url: str = "sqlite:///linkwatch.db"
    data_api_url: str = DATA_API_URL
    oembed_url: str = OEMBED_URL
    api_key: str | None = field(default=None, repr=False)
    """From the environment only; None is the keyless way."""

    quota_per_day: int = 10_000
    """Units of the key's project per Pacific day."""

    calls_in_flight: int = 8
    """Data API calls at once."""

    oembed_in_flight: int = 6
    """oEmbed requests at once: polite to one host."""

    confirm_strikes: int = 3
    confirm_spacing: timedelta = timedelta(hours=6)
    stale_after: timedelta = timedelta(days=14)
    """A resource that no witness answered about for longer is `stale`."""

    inside: InspectMode = InspectMode.MEMBERS
    """How far a check with a key looks inside playlists."""

    inside_every: timedelta = timedelta(days=7)
    """A playlist in which nothing seems to move is looked into again after this time."""

    hollow_percent: int = 10
    """Part of a playlist's videos that must be gone for `hollow`."""

    regions: tuple[str, ...] = ()
    """ISO 3166-1 codes of the readers' countries; empty: a block in any country is told."""

    restrictions: tuple[str, ...] = RESTRICTIONS
    """Those that matter to the readers."""

    changes_for: timedelta = timedelta(days=7)
    """How long a change (a new title, a count that fell) stays in the report."""

    retention_days: int = 30
    """How long superseded titles and counts, and those of what is gone, are kept; YouTube's terms allow 30."""

    acks_file: str = "linkwatch-acks.toml"
    """What is known and accepted, for reviewers and for a CI without a database; need not be there."""

    ignore: tuple[Ignore, ...] = ()
    """What is left out of the lists."""

    notify: tuple[Notify, ...] = ()
    """Where news go."""

    ping_url: str | None = field(default=None, repr=False)
    """Asked after each complete check, so that a dead man's switch notices when there was none; `$NAME` as above."""

    cadence: Cadence = timedelta(days=1)
    """Of the lists that no schedule names."""

    timezone: str = "UTC"
    """IANA name; in it the times of cron expressions are meant."""

    schedules: tuple[Schedule, ...] = ()
    """What the daemon checks at a cadence of its own."""

    bind: str = "127.0.0.1:8440"
    """Address of the daemon's dashboard."""

    dashboard_token: str | None = field(default=None, repr=False)
    """Asked for by a dashboard beyond loopback; from the environment only."""

    allow_private: bool = False
    """Webhooks and pings may go to addresses that are not of the public Internet."""

    levels: Mapping[Rule, Level] = field(default_factory=lambda: dict(DEFAULT_LEVELS))
    origin: str | None = None
    """The file they were read from; None when there was none."""
