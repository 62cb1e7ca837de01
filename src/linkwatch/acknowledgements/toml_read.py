"""`linkwatch-acks.toml` → acknowledgements; every error names its file and line."""

import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from linkwatch.errors import SettingsError
from linkwatch.models.acknowledgement import UNDATED, AckKey, Acknowledgement
from linkwatch.models.rules import RULES, Rule
from linkwatch.settings.toml_lines import line_of, toml_error
from linkwatch.urls.parse import parse_reference, parse_url


def parse_subject(text: str) -> str | None:
    """What an acknowledgement is about, as somebody writes it.

    Returns:
        The canonical id; for a malformed link, which has none, its URL as it is listed; None for anything else.
    """
    resource = parse_reference(text)
    if resource is not None:
        return resource.id
    return None if parse_url(text) is None else text.strip()


KEYS = ("id", "url", "rule", "reason", "until", "accepted")

_CLOCKS_DIFFER = timedelta(days=1)
"""How far in the future `accepted` may lie: the person who acknowledges and the check may run on two machines."""

ErrorAt = Callable[[str, str | None, str], SettingsError]
"""What is wrong, the key, and the remedy → the error, with its place."""


def read_acks(file: str, now: datetime) -> list[Acknowledgement] | None:
    """Read the file.

    Args:
        file: Its path.
        now: The present time, aware UTC.

    Returns:
        The entries in their order; None when there is no such file.

    Raises:
        SettingsError: It can't be read, or an entry makes no sense; with file and line.
    """
    text = read_text(file)
    return None if text is None else parse_acks(text, file, now)


def read_text(file: str) -> str | None:
    """The text of the file, its line ends as they are; None when there is none.

    Raises:
        SettingsError: It can't be read.
    """
    try:
        return Path(file).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror or error}", remedy="Make it a file that can be read.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: not UTF-8", remedy="Save the file as UTF-8.") from None


def parse_acks(text: str, file: str, now: datetime) -> list[Acknowledgement]:
    """Parse the text of the file.

    Raises:
        SettingsError: An entry makes no sense; with file and line.
    """
    entries = _entries(text, file)
    found: dict[AckKey, int] = {}
    acks = []
    for number, entry in enumerate(entries):
        place = _Place(text, file, number)
        ack = _acknowledgement(entry, place.error_at, now)
        if ack.key in found:
            first = line_of(text, "ack", found[ack.key])
            raise place.error_at(f"line {first} acknowledges the same", None, "Remove one of the two.")
        found[ack.key] = number
        acks.append(ack)
    return acks


@dataclass(frozen=True, slots=True)
class _Place:
    text: str
    file: str
    number: int
    """Of the entry, from 0."""

    def error_at(self, message: str, key: str | None, remedy: str) -> SettingsError:
        path = ("ack", self.number) if key is None else ("ack", self.number, key)
        return SettingsError(f"{self.file}:{line_of(self.text, *path)}: {message}", remedy=remedy)


def _entries(text: str, file: str) -> list[Any]:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise toml_error(file, text, error) from None
    entries = found.pop("ack", [])
    if found:
        key = next(iter(found))
        message = f"{file}:{line_of(text, key)}: unknown key {key!r}"
        raise SettingsError(message, remedy="Each entry begins with [[ack]].")
    if not isinstance(entries, list):
        message = f"{file}:{line_of(text, 'ack')}: ack must be an array of tables"
        raise SettingsError(message, remedy="Begin each entry with [[ack]].")
    return entries


def _acknowledgement(entry: object, error_at: ErrorAt, now: datetime) -> Acknowledgement:
    if not isinstance(entry, dict):
        raise error_at("an entry must be a table", None, "Begin each entry with [[ack]].")
    for key in entry:
        if key not in KEYS:
            raise error_at(f"unknown key {key!r}", key, f"Known keys: {', '.join(KEYS)}.")
    about, rule = _about(entry, error_at), _rule(entry, error_at)
    if about is None and rule is None:
        raise error_at("names neither a resource nor a rule", None, "Give it an id, a url or a rule.")
    return Acknowledgement(
        about, rule, _reason(entry, error_at), _accepted(entry, error_at, now), _until(entry, error_at)
    )


def _about(entry: Mapping[str, object], error_at: ErrorAt) -> str | None:
    if "id" in entry and "url" in entry:
        raise error_at("has an id and a url", "url", "Keep one of the two.")
    key = "url" if "url" in entry else "id"
    if key not in entry:
        return None
    value = entry[key]
    about = parse_subject(value) if isinstance(value, str) else None
    if about is None:
        raise error_at(f"{key}: {value!r} is not a YouTube URL or id", key, 'For example: id = "PL49CF3715CB9EF31D".')
    return about


def _rule(entry: Mapping[str, object], error_at: ErrorAt) -> Rule | None:
    value = entry.get("rule")
    if value is None:
        return None
    rule = RULES.get(value) if isinstance(value, str) else None
    if rule is None:
        raise error_at(f"unknown rule {value!r}", "rule", f"Rules: {', '.join(RULES)}.")
    return rule


def _reason(entry: Mapping[str, object], error_at: ErrorAt) -> str:
    value = entry.get("reason")
    if not isinstance(value, str) or not value.strip():
        raise error_at("has no reason", "reason", 'For example: reason = "the author is moving it".')
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL keeps none


def _until(entry: Mapping[str, object], error_at: ErrorAt) -> date | None:
    value = entry.get("until")
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise error_at(f"until: {value!s:.40} is not a date", "until", "Write it without quotes: until = 2026-12-31.")


def _accepted(entry: Mapping[str, object], error_at: ErrorAt, now: datetime) -> datetime:
    if "accepted" not in entry:
        return UNDATED
    accepted = _moment(entry["accepted"])
    if accepted is None:
        remedy = "Write it without quotes: accepted = 2026-11-22T10:00:00Z."
        raise error_at(f"accepted: {entry['accepted']!s:.40} is not a date and time", "accepted", remedy)
    if accepted > now + _CLOCKS_DIFFER:
        raise error_at(f"accepted: {entry['accepted']} lies in the future", "accepted", "Correct the date.")
    return accepted


def _moment(value: object) -> datetime | None:
    """Aware UTC; a day is its beginning, and a time without an offset is taken for UTC."""
    match value:
        case datetime(tzinfo=None):
            return value.replace(tzinfo=UTC)
        case datetime():
            with suppress(OverflowError):  # an offset in the years 1 and 9999
                return value.astimezone(UTC)
        case date():
            return datetime.combine(value, time(), UTC)
    return None
