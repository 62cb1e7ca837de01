"""The cadence of lists, and the `[[schedule]]` tables: what the daemon checks, and how often."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from linkwatch.errors import SettingsError
from linkwatch.settings.durations import format_duration, parse_duration
from linkwatch.settings.keys import Written
from linkwatch.settings.value_types import OneLine, Paths

_SHORTEST = timedelta(minutes=1)


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


class PublicPage(StrEnum):
    """What of a schedule can be read without logging in."""

    BADGE = "badge"
    """The badge as SVG, and as JSON for shields.io."""

    FEED = "feed"
    """The Atom feed."""

    STATUS = "status"
    """The status page."""


class PublicAddress(StrEnum):
    """Where the public pages of a schedule are."""

    SECRET = "secret"  # noqa: S105 - a kind of address
    """At an address that nobody can guess."""

    PLAIN = "plain"
    """At an address with the name of the schedule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Lists that the daemon checks together, and how often."""

    name: str
    """Unique; for people."""

    lists: tuple[str, ...]
    """Files, folders and globs."""

    cadence: Cadence
    place: str | None = None
    """File and line of its table; None for the lists that no table names."""

    stored_as: str | None = None
    """Its name in the store, where that is another one; addresses of pages may have it, too."""

    public: tuple[PublicPage, ...] = ()
    """What can be read without logging in."""

    public_address: PublicAddress = PublicAddress.SECRET

    stored_list: str | None = None
    """The name of the list in the database that it is the schedule of; None: of files, or of several lists."""

    @property
    def key(self) -> str:
        """Unique; its name in the store."""
        return self.stored_as or self.name


DEFAULT_KEY = "lists"
"""The key of the schedule of the lists that are in no `[[schedule]]`, whichever they are at the moment."""


def name_lists(lists: Sequence[str]) -> str:
    """A name for lists that were given none: `README.md`, or `README.md and 2 more`."""
    more = f" and {len(lists) - 1} more" if len(lists) > 1 else ""
    return f"{lists[0]}{more}"


def _parse_cadence(text: str) -> Cadence:
    if text == "auto":
        return Auto()
    if len(text.split()) == 5:
        return _parse_cron(text)
    length = parse_duration(text)
    if length < _SHORTEST:
        raise ValueError(f"at least {format_duration(_SHORTEST)}")
    return length


def _parse_cron(text: str) -> Cron:
    from cronsim import CronSim, CronSimError  # noqa: PLC0415  # not loaded for those who have no cron expression

    expression = " ".join(text.split())
    try:
        next(CronSim(expression, datetime(2000, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        raise ValueError(str(error).lower()) from None
    except StopIteration:  # such as the 30th of February
        raise ValueError("there is no such day") from None
    return Cron(expression, "UTC")


def _write_cadence(cadence: Cadence) -> str:
    match cadence:
        case Auto():
            return "auto"
        case Cron(expression):
            return expression
        case timedelta():
            return format_duration(cadence)


def _parse_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder, as `Europe`
        raise ValueError from None
    return name


CadenceText = Annotated[
    Cadence,
    Meta(examples=["1d", "17 6 * * mon-fri", "auto"]),
    Written(
        'a length of time, a cron expression or "auto"',
        type=str,
        parse=_parse_cadence,
        write=_write_cadence,
    ),
]
"""The times of a cron expression are in UTC until `in_timezone` moves them."""

TimeZone = Annotated[str, Meta(examples=["Europe/Berlin"]), Written("the name of a time zone", parse=_parse_timezone)]


PublicPages = Annotated[
    tuple[PublicPage, ...],
    Meta(examples=[["badge", "status"]]),
    Written("an array of any of badge, feed, status", parse=lambda pages: tuple(sorted(set(pages)))),
]


class ScheduleTable(msgspec.Struct, frozen=True, kw_only=True):
    """A `[[schedule]]` table."""

    lists: Annotated[Paths, Meta(description="The lists to check: files, folders and globs.")]
    name: Annotated[OneLine | None, Meta(description="A unique name; by default, the lists.", examples=["courses"])] = (
        None
    )
    cadence: Annotated[
        CadenceText | None, Meta(description="How often to check these lists; by default, the cadence of the file.")
    ] = None
    timezone: Annotated[
        TimeZone | None, Meta(description="The time zone of the cron expression; by default, that of the file.")
    ] = None
    public: Annotated[
        PublicPages, Meta(description="What of these lists can be read without logging in: badge, feed, status.")
    ] = ()
    public_address: Annotated[
        PublicAddress,
        Meta(
            description="Where these public pages are: at a secret address, which `linkwatch public` prints, or at a "
            "plain one with the name of the schedule."
        ),
    ] = PublicAddress.SECRET
    place: str


def in_timezone(cadence: Cadence, timezone: str) -> Cadence:
    """The cadence, the times of a cron expression in this time zone."""
    return Cron(cadence.expression, timezone) if isinstance(cadence, Cron) else cadence


def build_schedules(tables: Iterable[ScheduleTable], cadence: Cadence, timezone: str) -> tuple[Schedule, ...]:
    """Build the schedules of the tables, in their order.

    Args:
        tables: As the file has them.
        cadence: Of a table without one.
        timezone: Of a table without one.

    Raises:
        SettingsError: Two have one name.
    """
    schedules: dict[str, Schedule] = {}
    for table in tables:
        name = table.name or ", ".join(table.lists)
        if name in schedules:
            message = f"{table.place}: this [[schedule]] has the name {name!r} of another one"
            raise SettingsError(message, remedy="Give each a name of its own: name = …")
        own_cadence = in_timezone(table.cadence or cadence, table.timezone or timezone)
        schedules[name] = Schedule(
            name=name,
            lists=table.lists,
            cadence=own_cadence,
            place=table.place,
            public=table.public,
            public_address=table.public_address,
        )
    return tuple(schedules.values())
