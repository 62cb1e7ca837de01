"""linkwatch.toml and the environment → frozen Settings: flag, then environment, then file, then default."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from linkwatch.errors import SettingsError

DATA_API_URL = "https://youtube.googleapis.com/"
OEMBED_URL = "https://www.youtube.com/oembed"
DEFAULT_FILE = "linkwatch.toml"
DEFAULT_LIST = "resources.csv"


class Level(StrEnum):
    """How much a finding weighs; `off` hides it."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"
    OFF = "off"


class Rule(StrEnum):
    """Every rule a finding can come from, in the order of the contract."""

    DEAD = "dead"
    MALFORMED = "malformed"
    EMPTIED = "emptied"
    SUSPECT = "suspect"
    DUPLICATE = "duplicate"
    MISLABELLED = "mislabelled"
    OWNER_CHANGED = "owner-changed"
    RESTRICTED = "restricted"
    SHRUNK = "shrunk"
    STALE = "stale"
    UNMONITORABLE = "unmonitorable"
    RETITLED = "retitled"
    GROWN = "grown"
    UNCANONICAL = "uncanonical"


_NOTICES = {Rule.RETITLED, Rule.GROWN, Rule.UNCANONICAL}
_ERRORS = {Rule.DEAD, Rule.MALFORMED, Rule.EMPTIED}

DEFAULT_LEVELS: Mapping[Rule, Level] = {
    rule: Level.ERROR if rule in _ERRORS else Level.NOTICE if rule in _NOTICES else Level.WARNING for rule in Rule
}


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

    changes_for: timedelta = timedelta(days=7)
    """How long a change (a new title, a count that fell) stays in the report."""

    retention_days: int = 30
    """How long superseded titles and counts, and those of what is gone, are kept; YouTube's terms allow 30."""

    levels: Mapping[Rule, Level] = field(default_factory=lambda: dict(DEFAULT_LEVELS))
    origin: str | None = None
    """The file they were read from; None when there was none."""


_TEXTS = {"database_url", "data_api_url", "oembed_url"}
_COUNTS = {"quota_per_day", "calls_in_flight", "oembed_in_flight", "confirm_strikes", "retention_days"}
_SPANS = {"confirm_spacing", "stale_after", "changes_for"}
_ENVIRONMENT = {
    "LINKWATCH_DATABASE_URL": "database_url",
    "LINKWATCH_DATA_API_URL": "data_api_url",
    "LINKWATCH_OEMBED_URL": "oembed_url",
    "LINKWATCH_QUOTA_PER_DAY": "quota_per_day",
}
_LONGEST = timedelta(days=36_500)
"""A hundred years; dates that are reckoned from longer ones would end before year 1."""

_MOST = {"retention_days": _LONGEST.days}
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def load_settings(
    *, config: str | None = None, database: str | None = None, environ: Mapping[str, str] = os.environ
) -> Settings:
    """Read the settings.

    Args:
        config: `--config`; None: `$LINKWATCH_CONFIG`, else `linkwatch.toml`, else `pyproject.toml`.
        database: `--database`: an SQLAlchemy URL, or the path of an SQLite file.
        environ: The environment.

    Raises:
        SettingsError: An unknown key, a value that makes no sense, a file that can't be read; with file and line.
    """
    values = _from_file(config or environ.get("LINKWATCH_CONFIG") or None)
    for variable, name in _ENVIRONMENT.items():
        if raw := environ.get(variable, "").strip():
            is_number = name in _COUNTS and re.fullmatch(r"[0-9]{1,18}", raw)
            values[name] = _checked(name, int(raw) if is_number else raw, place=f"${variable}")
    if database is not None:
        values["database_url"] = database
    if "database_url" in values and "://" not in values["database_url"]:
        values["database_url"] = f"sqlite:///{values['database_url']}"
    return Settings(api_key=_api_key(environ), **values)


def _api_key(environ: Mapping[str, str]) -> str | None:
    key = environ.get("YOUTUBE_API_KEY", "").strip()
    if key and not re.fullmatch(r"[\x21-\x7e]+", key):
        # Said without the value: a key is never printed.
        raise SettingsError(
            "$YOUTUBE_API_KEY holds white space or a character no key has", remedy="Copy the key again."
        )
    return key or None


def _from_file(config: str | None) -> dict[str, Any]:
    if config is not None:
        return _parsed(Path(config), ())
    if Path(DEFAULT_FILE).is_file():
        return _parsed(Path(DEFAULT_FILE), ())
    if Path("pyproject.toml").is_file() and "[tool.linkwatch" in Path("pyproject.toml").read_text("utf-8", "replace"):
        return _parsed(Path("pyproject.toml"), ("tool", "linkwatch"))
    return {}


def _parsed(path: Path, table: tuple[str, ...]) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8-sig")
        found: Any = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}", remedy="Name a settings file that exists.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8", remedy="Save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not TOML: {error}", remedy="Mend the line that is named.") from None
    for part in table:
        found = found.get(part, {})

    def place_of(*names: str) -> str:
        return f"{path}:{_line_of(text, *table, *names)}"

    values: dict[str, Any] = {"origin": str(path)}
    for name, value in found.items():
        if name == "rules":
            values["levels"] = _levels(value, place_of)
        elif name == "lists":
            values["lists"] = _lists(value, place_of(name))
        elif name in _TEXTS | _COUNTS | _SPANS:
            values[name] = _checked(name, value, place=f"{place_of(name)}: {name}")
        else:
            raise SettingsError(_unknown(place_of(name), name), remedy=f"Known settings: {', '.join(_known_names())}.")
    return values


def _known_names() -> list[str]:
    return sorted({"lists", "rules"} | _TEXTS | _COUNTS | _SPANS)


def _unknown(place: str, name: str) -> str:
    if "key" in name.lower():
        return f"{place}: unknown setting {name!r}; the API key is read from $YOUTUBE_API_KEY only, never from a file"
    return f"{place}: unknown setting {name!r}"


def _line_of(text: str, *names: str) -> int:
    """1-based line where a key stands, looked for below the tables that it is in; tomllib tells no places."""
    lines, at = text.split("\n"), 0
    for name in names:
        key = re.escape(name)
        pattern = re.compile(rf"""\s*(?:\[[^\]]*(?<![\w-]){key}(?![\w-])[^\]]*\]|["']?{key}["']?\s*[=.])""")
        at = next((number for number, line in enumerate(lines[at:], at) if pattern.match(line)), at)
    return at + 1


def _lists(value: object, place: str) -> tuple[str, ...]:
    if isinstance(value, list) and value and all(isinstance(item, str) and item for item in value):
        return tuple(value)
    raise SettingsError(f"{place}: lists must be an array of paths", remedy='For example: lists = ["README.md"].')


def _levels(value: object, place_of: Callable[..., str]) -> dict[Rule, Level]:
    if not isinstance(value, dict):
        raise SettingsError(
            f"{place_of('rules')}: rules must be a table", remedy='For example: rules.duplicate = "error".'
        )
    levels = dict(DEFAULT_LEVELS)
    for name, level in value.items():
        place = place_of("rules", name)
        if name not in list(Rule):
            raise SettingsError(f"{place}: unknown rule {name!r}", remedy=f"Rules: {', '.join(Rule)}.")
        if level not in list(Level):
            raise SettingsError(f"{place}: {name}: unknown level {level!r}", remedy=f"Levels: {', '.join(Level)}.")
        levels[Rule(name)] = Level(level)
    return levels


def _checked(name: str, value: object, *, place: str) -> str | int | timedelta:
    if name in _COUNTS:
        most = _MOST.get(name, 1_000_000_000)
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
            return value
        raise SettingsError(f"{place}: must be a whole number of at least 1 and at most {most:,}, not {value!r}")
    if not isinstance(value, str) or not value.strip():
        raise SettingsError(f"{place}: must be a text, not {value!r}")
    if name in _SPANS:
        return _span(value, place)
    if name in {"data_api_url", "oembed_url"} and not re.match(r"https?://[^/\s]+", value):
        raise SettingsError(f"{place}: must be a URL that begins with http:// or https://, not {value!r}")
    return f"{value.rstrip('/')}/" if name == "data_api_url" else value


def _span(value: str, place: str) -> timedelta:
    match = re.fullmatch(r"\s*(\d{1,6})\s*([smhdw])\s*", value)
    if match is None:
        raise SettingsError(f"{place}: must be a length of time such as '6h' or '14d', not {value!r}")
    span = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if span > _LONGEST:
        raise SettingsError(f"{place}: must be at most {_LONGEST.days:,}d, not {value!r}")
    return span
