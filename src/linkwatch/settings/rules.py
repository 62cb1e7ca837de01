"""The rules a finding can come from, and how much each weighs."""

from collections.abc import Callable, Iterable

from linkwatch.errors import SettingsError
from linkwatch.models.rules import DEFAULT_LEVELS, Level, Rule


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
