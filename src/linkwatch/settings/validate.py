"""A value as it is written → the value; what makes no sense is told with its place."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from linkwatch.errors import SettingsError
from linkwatch.settings.model import RESTRICTIONS, InspectMode

_TEXTS = {"acks_file", "database_url", "data_api_url", "oembed_url"}
COUNTS = {
    "quota_per_day",
    "calls_in_flight",
    "oembed_in_flight",
    "confirm_strikes",
    "hollow_percent",
    "retention_days",
}
_SPANS = {"confirm_spacing", "inside_every", "stale_after", "changes_for"}
SINGLE = _TEXTS | COUNTS | _SPANS | {"inside", "ping_url", "allow_private", "bind"}
"""Settings of one value."""

SEVERAL = {"lists", "regions", "restrictions"}
"""Settings of an array of texts."""

_LONGEST = timedelta(days=36_500)
"""A hundred years; dates that are reckoned from longer ones would end before year 1."""

_MOST = {"retention_days": _LONGEST.days, "hollow_percent": 100}
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def several(name: str, value: object, place: str) -> tuple[str, ...]:
    """The texts of one of `SEVERAL`.

    Raises:
        SettingsError: They make no sense.
    """
    return _lists(value, place) if name == "lists" else _words(name, value, place)


def _lists(value: object, place: str) -> tuple[str, ...]:
    if isinstance(value, list) and value and all(isinstance(item, str) and item for item in value):
        return tuple(value)
    raise SettingsError(f"{place}: lists must be an array of paths", remedy='For example: lists = ["README.md"].')


def _words(name: str, value: object, place: str) -> tuple[str, ...]:
    words = value if isinstance(value, list) else [value]
    if name == "regions" and all(isinstance(word, str) and re.fullmatch(r"[A-Za-z]{2}", word) for word in words):
        return tuple(sorted({str(word).upper() for word in words}))
    if name == "restrictions" and all(word in RESTRICTIONS for word in words):
        return tuple(str(word) for word in words)
    takes = 'codes of countries such as "DE"' if name == "regions" else f"any of {', '.join(RESTRICTIONS)}"
    raise SettingsError(f"{place}: {name} must be an array of {takes}, not {value!r}")


def single(name: str, value: object, place: str) -> str | int | timedelta:
    """The value of one of `SINGLE`.

    Raises:
        SettingsError: It makes no sense.
    """
    if name in COUNTS:
        return _count(name, value, place)
    if name in _SPANS:
        return span(value, place)
    if name in _OF_ITS_OWN:
        return _OF_ITS_OWN[name](value, place)
    return _text(name, value, place)


def _text(name: str, value: object, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise SettingsError(f"{place}: must be a text, not {value!r}")
    if name in {"data_api_url", "oembed_url"} and not re.match(r"https?://[^/\s]+", value):
        raise SettingsError(f"{place}: must be a URL that begins with http:// or https://, not {value!r}")
    return f"{value.rstrip('/')}/" if name == "data_api_url" else value


def _count(name: str, value: object, place: str) -> int:
    most = _MOST.get(name, 1_000_000_000)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
        return value
    raise SettingsError(f"{place}: must be a whole number of at least 1 and at most {most:,}, not {value!r}")


def _flag(value: object, place: str) -> bool:
    if isinstance(value, bool):
        return value
    raise SettingsError(f"{place}: must be true or false, not {value!r}")


def _inside(value: object, place: str) -> InspectMode:
    if isinstance(value, str) and value in list(InspectMode):
        return InspectMode(value)
    raise SettingsError(f"{place}: must be one of {', '.join(InspectMode)}, not {value!r}")


def _address(value: object, place: str) -> str:
    address = value if isinstance(value, str) else ""
    match = re.fullmatch(r"(?:[^\s:/\[\]]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})", address)
    if match and int(match[1]) <= 65_535:
        return address
    example = "For example 127.0.0.1:8440, or [::1]:8440."
    raise SettingsError(f"{place}: must be an address and a port, not {value!r}", remedy=example)


def _ping_url(value: object, place: str) -> str:
    if isinstance(value, str) and re.match(r"https?://[^/\s]+|\$", value):
        return value
    # Said without the value: whoever knows it can ping as well.
    raise SettingsError(f"{place}: must be a URL that begins with http:// or https://, or a variable such as $PING_URL")


_OF_ITS_OWN: Mapping[str, Callable[[object, str], str | bool | InspectMode]] = {
    "allow_private": _flag,
    "bind": _address,
    "inside": _inside,
    "ping_url": _ping_url,
}


def span(value: object, place: str) -> timedelta:
    """A length of time.

    Raises:
        SettingsError: It is none, or a very long one.
    """
    match = re.fullmatch(r"\s*(\d{1,6})\s*([smhdw])\s*", value) if isinstance(value, str) else None
    if match is None:
        raise SettingsError(f"{place}: must be a length of time such as '6h' or '14d', not {value!r}")
    length = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if length > _LONGEST:
        raise SettingsError(f"{place}: must be at most {_LONGEST.days:,}d, not {value!r}")
    return length
