"""The `[[ignore]]` tables of a settings file: what of the lists is left out."""

from collections.abc import Callable, Mapping
from functools import partial

from linkwatch.errors import SettingsError
from linkwatch.models.rules import Rule
from linkwatch.settings.model import Ignore
from linkwatch.settings.rules import rule_of

_PATTERNS = ("url", "id", "section", "file")
_KEYS = (*_PATTERNS, "rules", "reason")

PlaceOf = Callable[[int, str | None], str]
"""Which table, from 0, and which key of it → file and line."""


def ignored(tables: object, place_of: PlaceOf) -> tuple[Ignore, ...]:
    """What the tables say, in their order.

    Raises:
        SettingsError: They are no tables, or one of them makes no sense.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        message = f"{place_of(0, None)}: ignore must be an array of tables"
        raise SettingsError(message, remedy="Begin each of them with [[ignore]].")
    return tuple(_ignore(table, partial(place_of, number)) for number, table in enumerate(tables))


def _ignore(table: Mapping[str, object], place_of: Callable[[str | None], str]) -> Ignore:
    for key in table:
        if key not in _KEYS:
            message = f"{place_of(key)}: unknown key {key!r} in [[ignore]]"
            raise SettingsError(message, remedy=f"Known keys: {', '.join(_KEYS)}.")
    texts = {key: _text(key, table[key], place_of(key)) for key in (*_PATTERNS, "reason") if key in table}
    texts.pop("reason", None)  # for those who read the file
    if not texts:
        message = f"{place_of(None)}: this [[ignore]] does not say what is ignored"
        raise SettingsError(message, remedy=f"Give it one or more of: {', '.join(_PATTERNS)}.")
    return Ignore(**texts, rules=_rules(table["rules"], place_of("rules")) if "rules" in table else ())


def _text(key: str, value: object, place: str) -> str:
    if isinstance(value, str) and value.strip():
        return value
    message = f"{place}: {key} must be a text, not {value!r}"
    raise SettingsError(message, remedy=f'For example: {key} = "…"; for another pattern write another [[ignore]].')


def _rules(value: object, place: str) -> tuple[Rule, ...]:
    if not isinstance(value, list) or not value:
        message = f"{place}: rules must be an array of rules, not {value!r}"
        raise SettingsError(
            message, remedy='For example: rules = ["dead"]; without it, the link is left out altogether.'
        )
    return tuple(rule_of(name, place) for name in value)
