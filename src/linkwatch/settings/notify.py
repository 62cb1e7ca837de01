"""The `[[notify]]` tables of a settings file: where news go, and which.

An address holds secrets: no message here quotes one.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from typing import Any

from linkwatch.errors import SettingsError
from linkwatch.models.rules import Level
from linkwatch.settings.model import Notify
from linkwatch.settings.rules import rule_of
from linkwatch.settings.validate import span

_KEYS = ("url", "urls", "name", "lists", "rules", "level", "remind", "template")
_LEVELS = (Level.ERROR, Level.WARNING, Level.NOTICE)
_EXAMPLE = 'For example: url = "$NOTIFY_URL".'

PlaceOf = Callable[[int, str | None], str]
"""Which table, from 0, and which key of it → file and line."""


def notified(tables: object, place_of: PlaceOf) -> tuple[Notify, ...]:
    """What the tables say, in their order; a table of several addresses becomes as many.

    Raises:
        SettingsError: They are no tables, one of them makes no sense, or two have one name.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        message = f"{place_of(0, None)}: notify must be an array of tables"
        raise SettingsError(message, remedy="Begin each of them with [[notify]].")
    found: dict[str, Notify] = {}
    for number, table in enumerate(tables):
        for notify in _notifies(table, partial(place_of, number)):
            if notify.name in found:
                message = f"{notify.place}: this [[notify]] is called {notify.name!r}, as another one is"
                raise SettingsError(message, remedy="Give each a name of its own, or the address once.")
            found[notify.name] = notify
    return tuple(found.values())


def _notifies(table: Mapping[str, object], place_of: Callable[[str | None], str]) -> Iterator[Notify]:
    for key in table:
        if key not in _KEYS:
            message = f"{place_of(key)}: unknown key {key!r} in [[notify]]"
            raise SettingsError(message, remedy=f"Known keys: {', '.join(_KEYS)}.")
    values: dict[str, Any] = {key: _VALUES[key](table[key], place_of(key)) for key in _VALUES if key in table}
    name, urls = values.pop("name", None), _urls(table, place_of)
    for url in urls:
        called = name if name and len(urls) == 1 else f"{name}-{_digits(url)}" if name else _name_of(url)
        yield Notify(name=called, url=url, place=place_of(None), **values)


def _urls(table: Mapping[str, object], place_of: Callable[[str | None], str]) -> Sequence[str]:
    given = [key for key in ("url", "urls") if key in table]
    if len(given) != 1:
        what = "has url and urls" if given else "does not say where to"
        raise SettingsError(f"{place_of(None)}: this [[notify]] {what}", remedy=_EXAMPLE)
    urls = [table["url"]] if given == ["url"] else table["urls"]
    if isinstance(urls, list) and urls and all(isinstance(url, str) and re.search(r"://|^\$", url) for url in urls):
        return urls
    takes = "an address such as mailto://…" if given == ["url"] else "an array of addresses such as mailto://…"
    raise SettingsError(f"{place_of(given[0])}: {given[0]} must be {takes}, or $NAME", remedy=_EXAMPLE)


def _name_of(url: str) -> str:
    """A name without a secret: that of its variable, or the kind of service and a hash."""
    if variable := re.fullmatch(r"\$\{?(\w+)\}?", url):
        return variable[1]
    scheme = re.match(r"[a-z][a-z0-9+.-]*(?=://)", url)
    return f"{scheme[0] if scheme else 'notify'}-{_digits(url)}"


def _digits(url: str) -> str:
    return blake2b(url.encode("utf-8", "backslashreplace"), digest_size=4).hexdigest()


def _text(key: str, value: object, place: str) -> str:
    if isinstance(value, str) and value.strip() and value.isprintable():
        return value
    raise SettingsError(f"{place}: {key} must be a text on one line, not {value!r}")


def _lists(value: object, place: str) -> tuple[str, ...]:
    if isinstance(value, list) and value and all(isinstance(item, str) and item for item in value):
        return tuple(value)
    raise SettingsError(
        f"{place}: lists must be an array of patterns, not {value!r}", remedy='For example: lists = ["courses/*"].'
    )


def _rules(value: object, place: str) -> tuple[Any, ...]:
    if isinstance(value, list) and value:
        return tuple(rule_of(name, place) for name in value)
    raise SettingsError(
        f"{place}: rules must be an array of rules, not {value!r}", remedy='For example: rules = ["dead"].'
    )


def _level(value: object, place: str) -> Level:
    if value in _LEVELS:
        return Level(str(value))
    raise SettingsError(f"{place}: level must be one of {', '.join(_LEVELS)}, not {value!r}")


def _remind(value: object, place: str) -> Any:
    return span(value, f"{place}: remind")


_VALUES: Mapping[str, Callable[[object, str], Any]] = {
    "name": partial(_text, "name"),
    "lists": _lists,
    "rules": _rules,
    "level": _level,
    "remind": _remind,
    "template": partial(_text, "template"),
}
