"""Where settings come from: flag, then environment, then file, then default."""

import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from linkwatch.errors import SettingsError
from linkwatch.masking import hide_addresses, hide_environment
from linkwatch.models.rules import Level, Rule, default_levels
from linkwatch.settings.keys import convert_value, keys_of, keys_of_table, read_table
from linkwatch.settings.model import DEFAULT_FILE, RULE_LEVELS, Settings
from linkwatch.settings.notify import build_recipients
from linkwatch.settings.plugins import enable_plugins
from linkwatch.settings.schedule import build_schedules, in_timezone
from linkwatch.settings.toml_lines import line_of, toml_error

KEYS = keys_of(Settings)

ENVIRONMENT = {
    key.environment.variable: key.name for key in KEYS.values() if key.environment and not key.written.secret
}
"""Variable → setting; without those that hold a secret."""

_PYPROJECT = "pyproject.toml"
_TABLE = ("tool", "linkwatch")


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
        database: `--database`: an SQLAlchemy URL, the path of an SQLite file, or `xdg`.
        rules: `--rule`: levels of rules, each as `NAME=LEVEL`.
        inside: `--inside`.
        bind: `--bind`.
        environ: The environment.

    Raises:
        SettingsError: An unknown key, a value that it can't have, a file that can't be read; with file and line.
    """
    values = _from_file(config or environ.get("LINKWATCH_CONFIG") or None)
    values |= _from_environment(environ)
    hide_addresses(*[target.url for target in values.get("notify", ())], values.get("ping_url") or "")
    hide_environment({"--database": database or "", "database_url": str(values.get("database_url", ""))})
    flags = {"database": ("database_url", database), "inside": ("inside", inside), "bind": ("bind", bind)}
    for flag, (name, text) in flags.items():
        if text is not None:
            values[name] = convert_value(text, KEYS[name], f"--{flag}")
    if not values.get("notifications", True):
        values |= {"notify": (), "ping_url": None}
    if "levels" in values or rules:
        values["levels"] = {**default_levels(), **values.get("levels", {}), **_levels_of_flags(rules)}
    return Settings(**values)


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    values = {}
    for key in KEYS.values():
        if key.environment and (text := environ.get(key.environment.variable, "").strip()):
            values[key.field] = convert_value(text, key, f"${key.environment.variable}", strict=False)
    return values


def _levels_of_flags(flags: Iterable[str]) -> dict[Rule, Level]:
    """The levels that `--rule NAME=LEVEL` sets; of two for one rule the last."""
    levels: dict[Rule, Level] = {}
    for flag in flags:
        name, equals, level = flag.partition("=")
        if not equals:
            raise SettingsError(
                f"--rule must be NAME=LEVEL, not {flag!r}", remedy="For example: --rule uncanonical=warning"
            )
        levels |= read_table({name: level}, keys_of_table(RULE_LEVELS), lambda _: "--rule", noun="rule")
    return levels


def _from_file(config: str | None) -> dict[str, Any]:
    if config is not None:
        return _read(Path(config), _TABLE if Path(config).name == _PYPROJECT else ())
    if Path(DEFAULT_FILE).is_file():
        return _read(Path(DEFAULT_FILE), ())
    if Path(_PYPROJECT).is_file() and "[tool.linkwatch" in Path(_PYPROJECT).read_text("utf-8", "replace"):
        return _read(Path(_PYPROJECT), _TABLE)
    return {}


def _read(path: Path, table: tuple[str, ...]) -> dict[str, Any]:
    """The settings of a file, by the fields of `Settings`.

    Args:
        path: The file.
        table: The names of the table that they stand in.
    """
    text, written = _read_toml(path)
    for name in table:
        written = written.get(name, {})

    def place(*names: str | int) -> str:
        return f"{path}:{line_of(text, *table, *names)}"

    if "plugins" in written:
        # First: what they add can be named by the rest.
        where = f"{place('plugins')}: plugins"
        enable_plugins(convert_value(written["plugins"], KEYS["plugins"], where), where)
    values = read_table(written, KEYS, place)
    # These depend on each other, in whatever order they are written.
    timezone = values.get("timezone", KEYS["timezone"].default)
    cadence = in_timezone(values.get("cadence", KEYS["cadence"].default), timezone)
    values["cadence"] = cadence
    values["schedules"] = build_schedules(values.get("schedules", ()), cadence, timezone)
    values["notify"] = build_recipients(values.get("notify", ()))
    return {**values, "origin": str(path)}


def _read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """The text of a file, and its tables."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}", remedy="Name a settings file that exists.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not UTF-8", remedy="Save the file as UTF-8.") from None
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise toml_error(str(path), text, error) from None
