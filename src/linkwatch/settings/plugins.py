"""Enabling plug-ins: their rules must be known before the settings that name rules are read."""

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from linkwatch import plugins
from linkwatch.models.rules import (
    GROUPS,
    PLUGIN_RULE_NAME,
    RULES,
    Level,
    Rule,
    Subject,
    register,
    unloaded_rule,
)

_registered: set[str] = set()


def enable_plugins(names: Iterable[str], where: str = "plugins") -> None:
    """Enable plug-ins, for as long as the process lives, and register their rules.

    A rule that can't be loaded is registered without a function: the settings that name it remain valid.

    Args:
        names: Of distributions.
        where: They are named, for errors.

    Raises:
        SettingsError: One is not installed, or adds nothing to linkwatch.
    """
    plugins.enable(names, where)
    for addition in plugins.additions(plugins.RULES):
        name = addition.name
        if name in _registered:
            continue
        if name in RULES:
            plugins.fail(addition, "linkwatch has a rule of that name")
        elif not re.fullmatch(PLUGIN_RULE_NAME, name):
            plugins.fail(addition, "the name of a rule must be two or more words in lower case, joined by hyphens")
        else:
            loaded = plugins.load(addition, partial(_fault, name=name))
            register(unloaded_rule(name, addition.distribution) if loaded is None else loaded.rule)
            _registered.add(name)


def _fault(loaded: Any, *, name: str) -> str | None:
    rule = getattr(loaded, "rule", None)
    if not isinstance(rule, Rule) or not callable(getattr(loaded, "findings", None)):
        return "it needs `rule`, a linkwatch.plugin_api.Rule, and a function `findings(context)`"
    if rule.name != name:
        return f"its `rule` has another name, “{rule.name}”"
    if rule.group not in GROUPS or not isinstance(rule.level, Level) or not isinstance(rule.subject, Subject):
        return "its `rule` must have a group, a level and a subject of linkwatch.plugin_api"
    return None
