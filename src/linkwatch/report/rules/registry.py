"""The functions of the rules: each registers itself with the rules whose findings it gives.

A function gives None for a finding that a rule, being off or ignored for the links, does not have.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

from linkwatch import plugins
from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.models.observation import State
from linkwatch.models.rules import Level, Rule
from linkwatch.report.model import Finding, ReportedResource
from linkwatch.report.rules.context import RuleContext

ResourceFunction = Callable[[RuleContext, ReportedResource], Finding | None]
LinkFunction = Callable[[RuleContext, CataloguedLink], Finding | None]
ListFunction = Callable[[RuleContext], Iterable[Finding | None]]


class RulePlugin(Protocol):
    """A rule of a plug-in: what an entry point in `linkwatch.rules` names, a module or an object."""

    @property
    def rule(self) -> Rule:
        """All that is said of the rule; its name is that of the entry point."""

    def findings(self, context: RuleContext, /) -> Iterable[Finding | None]:
        """Give the findings, each as `context.finding` makes it. It is not called while the rule is off."""


F = TypeVar("F", ResourceFunction, LinkFunction, ListFunction)


@dataclass(frozen=True, slots=True)
class RuleFunctions:
    """What finds: every function with its rules, in the order of registration."""

    by_state: dict[State, list[tuple[tuple[Rule, ...], ResourceFunction]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    of_links: list[tuple[tuple[Rule, ...], LinkFunction]] = field(default_factory=list)
    of_lists: list[tuple[tuple[Rule, ...], ListFunction]] = field(default_factory=list)


FUNCTIONS = RuleFunctions()


def resource_rule(rule: Rule, *states: State) -> Callable[[ResourceFunction], ResourceFunction]:
    """Register a function that examines each reported resource in one of these states."""

    def register(function: ResourceFunction) -> ResourceFunction:
        for state in states:
            FUNCTIONS.by_state[state].append(((rule,), function))
        return function

    return register


def link_rule(rule: Rule) -> Callable[[LinkFunction], LinkFunction]:
    """Register a function that examines each link of the lists."""

    def register(function: LinkFunction) -> LinkFunction:
        FUNCTIONS.of_links.append(((rule,), function))
        return function

    return register


def list_rule(*rules: Rule) -> Callable[[ListFunction], ListFunction]:
    """Register a function that examines the lists as a whole."""

    def register(function: ListFunction) -> ListFunction:
        FUNCTIONS.of_lists.append((rules, function))
        return function

    return register


def find(context: RuleContext) -> Iterator[Finding]:
    """Give the findings of every rule that is not off; resources and links are read once."""
    for finding in _find(context):
        if finding is not None:
            yield finding


def _find(context: RuleContext) -> Iterator[Finding | None]:
    by_state = {state: _wanted(context, functions) for state, functions in FUNCTIONS.by_state.items()}
    for item in context.reported.in_order():
        for of_resource in by_state.get(item.state, ()):
            yield of_resource(context, item)
    of_links = _wanted(context, FUNCTIONS.of_links)
    for link in context.catalogue.links if of_links else ():
        for of_link in of_links:
            yield of_link(context, link)
    for of_lists in _wanted(context, FUNCTIONS.of_lists):
        yield from of_lists(context)
    for addition, plugin in plugins.loaded(plugins.RULES):
        if context.settings.levels[plugin.rule] is not Level.OFF:
            yield from plugins.run(addition, partial(_plugin_findings, context, plugin)) or ()


def _plugin_findings(context: RuleContext, plugin: RulePlugin) -> list[Finding]:
    """All findings of a plug-in's rule, or none if one of them is faulty.

    Raises:
        TypeError: One is no finding of this rule.
    """
    findings = [finding for finding in plugin.findings(context) if finding is not None]
    for finding in findings:
        if not isinstance(finding, Finding) or finding.rule is not plugin.rule:
            raise TypeError("`findings` must give what `context.finding(rule, …)` returns")
    return findings


def _wanted(context: RuleContext, functions: Iterable[tuple[tuple[Rule, ...], F]]) -> list[F]:
    levels = context.settings.levels
    return [function for rules, function in functions if any(levels[rule] is not Level.OFF for rule in rules)]
