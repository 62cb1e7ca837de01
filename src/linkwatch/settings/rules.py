"""The rules a finding can come from, and how much each weighs."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from linkwatch.errors import SettingsError


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
    HOLLOW = "hollow"
    SHRUNK = "shrunk"
    STALE = "stale"
    UNMONITORABLE = "unmonitorable"
    MISPLACED = "misplaced"
    RETITLED = "retitled"
    GROWN = "grown"
    OVERLAP = "overlap"
    UNCANONICAL = "uncanonical"


_NOTICES = {Rule.RETITLED, Rule.GROWN, Rule.OVERLAP, Rule.UNCANONICAL}
_ERRORS = {Rule.DEAD, Rule.MALFORMED, Rule.EMPTIED}

DEFAULT_LEVELS: Mapping[Rule, Level] = {
    rule: Level.ERROR if rule in _ERRORS else Level.NOTICE if rule in _NOTICES else Level.WARNING for rule in Rule
}


def levels_of_file(value: object, place_of: Callable[..., str]) -> dict[Rule, Level]:
    """The levels of all rules, with those of a `[rules]` table.

    Raises:
        SettingsError: It is no table, or names an unknown rule or level.
    """
    if not isinstance(value, dict):
        raise SettingsError(
            f"{place_of('rules')}: rules must be a table", remedy='For example: rules.duplicate = "error".'
        )
    return {**DEFAULT_LEVELS, **dict(_level(name, level, place_of("rules", name)) for name, level in value.items())}


def levels_of_flags(flags: Iterable[str]) -> dict[Rule, Level]:
    """The levels that `--rule NAME=LEVEL` says; of two about one rule the last.

    Raises:
        SettingsError: One is written otherwise, or names an unknown rule or level.
    """
    levels = {}
    for flag in flags:
        name, equals, level = flag.partition("=")
        if not equals:
            raise SettingsError(
                f"--rule: {flag!r} is no rule with a level", remedy="For example: --rule uncanonical=warning"
            )
        rule, levels[rule] = _level(name, level, "--rule")
    return levels


def _level(name: str, level: object, place: str) -> tuple[Rule, Level]:
    rule = rule_of(name, place)
    if level not in list(Level):
        raise SettingsError(f"{place}: {name}: unknown level {level!r}", remedy=f"Levels: {', '.join(Level)}.")
    return rule, Level(str(level))


def rule_of(name: object, place: str) -> Rule:
    """The rule of this name.

    Raises:
        SettingsError: There is none.
    """
    if name not in list(Rule):
        raise SettingsError(f"{place}: unknown rule {name!r}", remedy=f"Rules: {', '.join(Rule)}.")
    return Rule(str(name))
