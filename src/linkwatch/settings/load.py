"""Where settings come from: flag, then environment, then file, then default."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from linkwatch.errors import SettingsError
from linkwatch.models.rules import DEFAULT_LEVELS
from linkwatch.settings.ignore import ignored
from linkwatch.settings.model import DEFAULT_FILE, Settings
from linkwatch.settings.notify import notified
from linkwatch.settings.rules import levels_of_file, levels_of_flags
from linkwatch.settings.schedule import PlaceOf, cadence, scheduled, timezone
from linkwatch.settings.toml_lines import line_in_array, line_of
from linkwatch.settings.validate import COUNTS, SEVERAL, SINGLE, several, single

ENVIRONMENT = {
    "LINKWATCH_DATABASE_URL": "database_url",
    "LINKWATCH_DATA_API_URL": "data_api_url",
    "LINKWATCH_OEMBED_URL": "oembed_url",
    "LINKWATCH_QUOTA_PER_DAY": "quota_per_day",
    "LINKWATCH_INSIDE": "inside",
    "LINKWATCH_BIND": "bind",
}
"""Variable → setting."""

SECRETS = {"YOUTUBE_API_KEY": "api_key", "LINKWATCH_DASHBOARD_TOKEN": "dashboard_token"}
"""Variable → setting that is read from the environment only, and never printed."""

_RHYTHM = {"cadence", "schedule", "timezone"}
"""When the daemon checks."""

_KNOWN = sorted({"ignore", "notify", "rules"} | _RHYTHM | SEVERAL | SINGLE)


def load_settings(
    *,
    config: str | None = None,
    database: str | None = None,
    rules: Sequence[str] = (),
    inside: str | None = None,
    bind: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Read the settings.

    Args:
        config: `--config`; None: `$LINKWATCH_CONFIG`, else `linkwatch.toml`, else `pyproject.toml`.
        database: `--database`: an SQLAlchemy URL, or the path of an SQLite file.
        rules: `--rule`: levels of rules, each as `NAME=LEVEL`.
        inside: `--inside`.
        bind: `--bind`.
        environ: The environment.

    Raises:
        SettingsError: An unknown key, a value that makes no sense, a file that can't be read; with file and line.
    """
    values = _from_file(config or environ.get("LINKWATCH_CONFIG") or None)
    for variable, name in ENVIRONMENT.items():
        if raw := environ.get(variable, "").strip():
            is_number = name in COUNTS and re.fullmatch(r"[0-9]{1,18}", raw)
            values[name] = single(name, int(raw) if is_number else raw, f"${variable}")
    if database is not None:
        values["database_url"] = database
    if "database_url" in values:
        values["database_url"] = database_url(values["database_url"])
    if inside is not None:
        values["inside"] = single("inside", inside, "--inside")
    if bind is not None:
        values["bind"] = single("bind", bind, "--bind")
    if rules:
        values["levels"] = {**values.get("levels", DEFAULT_LEVELS), **levels_of_flags(rules)}
    values |= {name: _secret(environ, variable) for variable, name in SECRETS.items()}
    return Settings(**values)


def database_url(named: str) -> str:
    """The URL of a database that is named by one, or by the path of an SQLite file."""
    return named if "://" in named else f"sqlite:///{named}"


def _secret(environ: Mapping[str, str], variable: str) -> str | None:
    secret = environ.get(variable, "").strip()
    if secret and not re.fullmatch(r"[\x21-\x7e]+", secret):
        # Said without the value: a secret is never printed.
        message = f"${variable} holds white space or a character no {SECRETS[variable].split('_')[-1]} has"
        raise SettingsError(message, remedy="Copy it again.")
    return secret or None


def _from_file(config: str | None) -> dict[str, Any]:
    if config is not None:
        return _parsed(Path(config), ())
    if Path(DEFAULT_FILE).is_file():
        return _parsed(Path(DEFAULT_FILE), ())
    if Path("pyproject.toml").is_file() and "[tool.linkwatch" in Path("pyproject.toml").read_text("utf-8", "replace"):
        return _parsed(Path("pyproject.toml"), ("tool", "linkwatch"))
    return {}


def _parsed(path: Path, table: tuple[str, ...]) -> dict[str, Any]:
    text, found = _toml(path)
    for part in table:
        found = found.get(part, {})

    def place_of(*names: str) -> str:
        return f"{path}:{line_of(text, *table, *names)}"

    def place_in_array(name: str, number: int, key: str | None) -> str:
        return f"{path}:{line_in_array(text, [*table, name], number, key)}"

    values: dict[str, Any] = {"origin": str(path)} | _rhythm(found, place_of, partial(place_in_array, "schedule"))
    for name, value in ((name, value) for name, value in found.items() if name not in _RHYTHM):
        if name == "rules":
            values["levels"] = levels_of_file(value, place_of)
        elif name == "ignore":
            values["ignore"] = ignored(value, partial(place_in_array, "ignore"))
        elif name == "notify":
            values["notify"] = notified(value, partial(place_in_array, "notify"))
        elif name in SEVERAL:
            values[name] = several(name, value, place_of(name))
        elif name in SINGLE:
            values[name] = single(name, value, f"{place_of(name)}: {name}")
        else:
            raise SettingsError(_unknown(place_of(name), name), remedy=f"Known settings: {', '.join(_KNOWN)}.")
    return values


def _rhythm(found: Mapping[str, object], place_of: Callable[..., str], place_in_schedule: PlaceOf) -> dict[str, Any]:
    """The time zone, the cadence and the schedules: one needs another, in whatever order they are written."""
    values: dict[str, Any] = {}
    defaults = Settings()
    if "timezone" in found:
        values["timezone"] = timezone(found["timezone"], place_of("timezone"))
    zone = values.get("timezone", defaults.timezone)
    if "cadence" in found:
        values["cadence"] = cadence(found["cadence"], zone, f"{place_of('cadence')}: cadence")
    if "schedule" in found:
        default = values.get("cadence", defaults.cadence)
        values["schedules"] = scheduled(found["schedule"], place_in_schedule, default, zone)
    return values


def _toml(path: Path) -> tuple[str, Any]:
    """The text of a file, and what it says."""
    try:
        text = path.read_text("utf-8-sig")
        return text, tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}", remedy="Name a settings file that exists.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8", remedy="Save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not TOML: {error}", remedy="Mend the line that is named.") from None


def _unknown(place: str, name: str) -> str:
    if "key" in name.lower():
        return f"{place}: unknown setting {name!r}; the API key is read from $YOUTUBE_API_KEY only, never from a file"
    return f"{place}: unknown setting {name!r}"
