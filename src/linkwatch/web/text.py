"""Wordings that only the dashboard needs: durations, cadences, settings without their secrets."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from typing import assert_never

from linkwatch.settings import Auto, Cadence, Cron, Notify, Settings
from linkwatch.text import counted

_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_LOGIN = re.compile(r"//[^/?#]*@")
_ELSEWHERE = {"schedules", "notify", "ignore", "levels", "origin"}
"""Settings that the page shows in sections of their own."""


def format_duration(time: timedelta) -> str:
    """A duration in its two largest units: `3 days 2 hours`."""
    parts, rest = [], time
    for noun, unit in _UNITS:
        number, rest = divmod(rest, unit)
        if number:
            parts.append(counted(number, noun))
    if not parts:
        seconds = time.total_seconds()
        return f"{seconds:.1f} seconds" if 0 < seconds < 10 else counted(round(seconds), "second")
    return " ".join(parts[:2])


def format_interval(time: timedelta) -> str:
    """An interval: `every day`, `every 2 hours`."""
    length = format_duration(time)
    return f"every {length[2:] if length in {'1 day', '1 hour', '1 minute'} else length}"


def describe_cadence(cadence: Cadence) -> str:
    """How often lists are checked."""
    match cadence:
        case timedelta():
            return format_interval(cadence)
        case Cron():
            return f"by cron “{cadence.expression}” ({cadence.timezone})"
        case Auto():
            return "adaptively: often if changing or missing, rarely if stable"
        case _:
            assert_never(cadence)


def format_due(time: datetime, now: datetime) -> str:
    """When something in the future is due: `in 3 hours`."""
    return f"in {format_duration(time - now)}" if time > now else "due now"


def displayed_settings(settings: Settings, database: str) -> Iterator[tuple[str, str, bool]]:
    """The settings as text, by their names in `linkwatch.toml`.

    Args:
        settings: In force.
        database: The database's URL, without its password.

    Yields:
        Name, value, and whether it is not the default.
    """
    defaults = Settings()
    for field in fields(settings):
        name, value = field.name, getattr(settings, field.name)
        if name not in _ELSEWHERE:
            yield name, _shown(name, value, database), value != getattr(defaults, name)


def _shown(name: str, value: object, database: str) -> str:
    match name:
        case "database_url":
            return database
        case "api_key" | "dashboard_token":
            return "set (not shown)" if value else "not set"
        case "ping_url" if isinstance(value, str):
            return mask_url(value)
        case _:
            return _plain(value)


def _plain(value: object) -> str:
    """A value that is not secret, without the login that a URL may hold."""
    match value:
        case None | bool():
            return {None: "not set", True: "yes", False: "no"}[value]
        case int():
            return f"{value:,}"
        case timedelta():
            return format_duration(value)
        case Cron() | Auto():
            return describe_cadence(value)
        case tuple():
            return ", ".join(map(str, value)) or "none"
    return _LOGIN.sub("//…@", str(value))


def mask_url(url: str) -> str:
    """A URL of which any part may be secret: only its scheme, or the name of its variable."""
    if url.startswith("$"):
        return re.match(r"\$\w*", url)[0]  # type: ignore[index]  # it begins with one
    scheme = _SCHEME.match(url)
    return f"{scheme[1]}://…" if scheme else "…"


def describe_target(target: Notify) -> str:
    """Which findings a notification target gets."""
    rules = f" of {', '.join(rule.name for rule in target.rules)}" if target.rules else ""
    lists = f" in {', '.join(target.lists)}" if target.lists else ""
    remind = f"; what is still broken again {format_interval(target.remind)}" if target.remind else ""
    return f"{target.level}s and worse{rules}{lists}{remind}"
