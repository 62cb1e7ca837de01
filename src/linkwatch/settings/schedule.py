"""The cadence of lists, and the `[[schedule]]` tables of a settings file: what the daemon checks, and how often."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linkwatch.errors import SettingsError
from linkwatch.settings.model import Auto, Cadence, Cron, Schedule
from linkwatch.settings.validate import span

_KEYS = ("name", "lists", "cadence", "timezone")
_SHORTEST = timedelta(minutes=1)
_EXAMPLES = 'For example "1d" (a length of time), "17 6 * * mon-fri" (a cron expression) or "auto".'

PlaceOf = Callable[[int, str | None], str]
"""Which table, from 0, and which key of it → file and line."""


def timezone(value: object, place: str) -> str:
    """The name of a time zone.

    Raises:
        SettingsError: There is none of this name.
    """
    if isinstance(value, str):
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder, as `Europe`
            pass
        else:
            return value
    raise SettingsError(f"{place}: {value!r} is no time zone", remedy='For example: timezone = "Europe/Berlin".')


def cadence(value: object, zone: str, place: str) -> Cadence:
    """How often.

    Args:
        value: A length of time, a cron expression, or `auto`.
        zone: The time zone in which a cron expression is meant.
        place: File and line, and the key.

    Raises:
        SettingsError: It makes no sense.
    """
    if value == "auto":
        return Auto()
    if isinstance(value, str) and len(value.split()) == 5:
        return _cron(value, zone, place)
    if not isinstance(value, str) or not re.fullmatch(r"\s*\d+\s*[a-z]\s*", value):
        raise SettingsError(f"{place}: {value!r} is no cadence", remedy=_EXAMPLES)
    length = span(value, place)
    if length < _SHORTEST:
        raise SettingsError(f"{place}: must be at least {_SHORTEST.seconds // 60}m, not {value!r}")
    return length


def _cron(value: str, zone: str, place: str) -> Cron:
    # Here and not above: who has no cron expression need not load what understands them.
    from cronsim import CronSim, CronSimError  # noqa: PLC0415

    expression = " ".join(value.split())
    try:
        next(CronSim(expression, datetime(2000, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration) as error:
        why = str(error) or "it never comes"  # such as the 30th of February
        raise SettingsError(f"{place}: {value!r} is no cron expression: {why.lower()}", remedy=_EXAMPLES) from None
    return Cron(expression, zone)


def scheduled(tables: object, place_of: PlaceOf, default: Cadence, zone: str) -> tuple[Schedule, ...]:
    """What the tables say, in their order.

    Args:
        tables: As the file has them.
        place_of: Where they stand.
        default: The cadence of those that don't say one.
        zone: The time zone of those that don't say one.

    Raises:
        SettingsError: They are no tables, one of them makes no sense, or two have one name.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        message = f"{place_of(0, None)}: schedule must be an array of tables"
        raise SettingsError(message, remedy="Begin each of them with [[schedule]].")
    found: dict[str, Schedule] = {}
    for number, table in enumerate(tables):
        schedule = _schedule(table, partial(place_of, number), default, zone)
        if schedule.name in found:
            message = f"{schedule.place}: this [[schedule]] is called {schedule.name!r}, as another one is"
            raise SettingsError(message, remedy="Give each a name of its own: name = …")
        found[schedule.name] = schedule
    return tuple(found.values())


def _schedule(
    table: Mapping[str, object], place_of: Callable[[str | None], str], default: Cadence, zone: str
) -> Schedule:
    for key in table:
        if key not in _KEYS:
            message = f"{place_of(key)}: unknown key {key!r} in [[schedule]]"
            raise SettingsError(message, remedy=f"Known keys: {', '.join(_KEYS)}.")
    lists = table.get("lists")
    if not isinstance(lists, list) or not lists or not all(isinstance(item, str) and item for item in lists):
        message = f"{place_of('lists')}: lists must be an array of paths"
        raise SettingsError(message, remedy='For example: lists = ["courses/"].')
    own_zone = timezone(table["timezone"], place_of("timezone")) if "timezone" in table else zone
    often = cadence(table["cadence"], own_zone, f"{place_of('cadence')}: cadence") if "cadence" in table else default
    if isinstance(often, Cron):
        often = Cron(often.expression, own_zone)
    return Schedule(name=_name(table, lists, place_of), lists=tuple(lists), cadence=often, place=place_of(None))


def _name(table: Mapping[str, object], lists: list[str], place_of: Callable[[str | None], str]) -> str:
    name = table.get("name", ", ".join(lists))
    if isinstance(name, str) and name.strip() and name.isprintable():
        return name
    raise SettingsError(f"{place_of('name')}: name must be a text on one line, not {name!r}")
