"""The filters of lists and issues: a query → which resources and findings are shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from linkwatch.models.observation import Facts, State
from linkwatch.models.resource import Kind
from linkwatch.models.rules import RULES, Level, Rule
from linkwatch.report.model import Finding, ReportedResource

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ResourceFilter:
    """A field that is None or empty does not filter."""

    state: State | None = None
    kind: Kind | None = None
    rule: Rule | None = None
    """A rule of a finding that is not acknowledged."""

    file: str = ""
    text: str = ""
    """Part of a title, label, owner, section or id; upper and lower case are the same."""

    def keeps(self, item: ReportedResource, findings: Iterable[Finding]) -> bool:
        """Whether a resource is shown."""
        return (
            (self.state is None or item.state is self.state)
            and (self.kind is None or item.resource.kind is self.kind)
            and (self.rule is None or any(f.rule is self.rule and f.acknowledged is None for f in findings))
            and (not self.file or any(link.file == self.file for link in item.links))
            and (not self.text or self.text.casefold() in _texts(item))
        )


def _texts(item: ReportedResource) -> str:
    facts = item.record.facts if item.record is not None else Facts()
    texts = [item.resource.id, facts.title, facts.owner_title]
    for link in item.links:
        texts += [link.label, link.section, link.owner]
    return "\n".join(filter(None, texts)).casefold()


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """A field that is None or empty does not filter."""

    level: Level | None = None
    rule: Rule | None = None
    schedule: str = ""
    new: bool = False
    """Only findings that are new since the last run."""

    def keeps(self, finding: Finding, schedule: str) -> bool:
        """Whether a finding of a schedule is shown."""
        return (
            (self.level is None or finding.level is self.level)
            and (self.rule is None or finding.rule is self.rule)
            and (finding.new or not self.new)
            and (not self.schedule or schedule == self.schedule)
        )


def parse_resource_filter(query: Mapping[str, str]) -> ResourceFilter:
    """The filter of a query; invalid values are ignored."""
    return ResourceFilter(
        state=_member(State, query.get("state")),
        kind=_member(Kind, query.get("kind")),
        rule=RULES.get(query.get("rule", "")),
        file=query.get("file", ""),
        text=query.get("q", "").strip(),
    )


def parse_finding_filter(query: Mapping[str, str]) -> FindingFilter:
    """The filter of a query; invalid values are ignored."""
    return FindingFilter(
        level=_member(Level, query.get("level")),
        rule=RULES.get(query.get("rule", "")),
        schedule=query.get("list", ""),
        new=query.get("new") == "1",
    )


def _member(kind: type[E], text: str | None) -> E | None:
    members: Sequence[E] = list(kind)
    return next((member for member in members if member == text), None)
