"""What of a list is shown: a query → which resources and findings it keeps."""

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
    """None, or an empty text: whatever it is."""

    state: State | None = None
    kind: Kind | None = None
    rule: Rule | None = None
    """One that somebody has not accepted."""

    file: str = ""
    text: str = ""
    """Part of a title, a label, an owner, a section or an id, in whatever case."""

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
    told = [item.resource.id, facts.title, facts.owner_title]
    for link in item.links:
        told += [link.label, link.section, link.owner]
    return "\n".join(filter(None, told)).casefold()


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """None, or an empty text: whatever it is."""

    level: Level | None = None
    rule: Rule | None = None
    schedule: str = ""
    new: bool = False
    """Only what began with the last run."""

    def keeps(self, finding: Finding, schedule: str) -> bool:
        """Whether a finding of a schedule is shown."""
        return (
            (self.level is None or finding.level is self.level)
            and (self.rule is None or finding.rule is self.rule)
            and (finding.new or not self.new)
            and (not self.schedule or schedule == self.schedule)
        )


def parse_resource_filter(query: Mapping[str, str]) -> ResourceFilter:
    """The filter that a query names; what makes no sense in it is passed over."""
    return ResourceFilter(
        state=_member(State, query.get("state")),
        kind=_member(Kind, query.get("kind")),
        rule=RULES.get(query.get("rule", "")),
        file=query.get("file", ""),
        text=query.get("q", "").strip(),
    )


def parse_finding_filter(query: Mapping[str, str]) -> FindingFilter:
    """The filter that a query names; what makes no sense in it is passed over."""
    return FindingFilter(
        level=_member(Level, query.get("level")),
        rule=RULES.get(query.get("rule", "")),
        schedule=query.get("list", ""),
        new=query.get("new") == "1",
    )


def _member(kind: type[E], text: str | None) -> E | None:
    members: Sequence[E] = list(kind)
    return next((member for member in members if member == text), None)
