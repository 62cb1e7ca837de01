"""A report without its resources, small enough to be stored with a check: for the first page and the metrics; pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from linkwatch.models.link import Link
from linkwatch.models.records import Run
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import ACCEPTED, RULES, Level
from linkwatch.report.model import Counts, Finding, QuotaSummary, Report, ReportedResource, Suggestion
from linkwatch.report.summary import grouped
from linkwatch.report.trends import DayStates

MAX_AGE = timedelta(minutes=5)
"""Older reports are made again, because findings such as `stale` depend on the present time."""

LONGEST_AGE = timedelta(days=1)
"""As `MAX_AGE`, of a report that takes long to make."""

_WORTH = 1000
"""A report that takes a second or more to make is used for so many times as long."""

ISSUES_KEPT = 12
"""Findings of a condensed report: as many as the first page of the dashboard shows."""


@dataclass(frozen=True, slots=True)
class CondensedReport:
    """The numbers of a report, and its first issues."""

    report: Report
    """Its findings are the first `ISSUES_KEPT` issues, worst first, its resources what these are about; its counts are
    those of the whole report."""

    issues: int = 0
    """All findings that are not acknowledged."""

    by_rule: Mapping[str, int] = field(default_factory=dict)
    """The same by the name of the rule."""

    days: Sequence[DayStates] = ()
    """The states of the resources at the end of each day of the last year, oldest first."""

    max_age: timedelta = MAX_AGE
    """When it is older than this, or than midnight UTC if this is `MAX_AGE`, another one is made."""


def condense(
    report: Report, days: Sequence[DayStates], took: float, items: Mapping[Resource, ReportedResource] | None = None
) -> CondensedReport:
    """Condense a report.

    Args:
        report: The whole report.
        days: The states of its resources by day.
        took: Seconds that it took to make.
        items: Its resources; None: they are looked for in the report.
    """
    levels = list(Level)
    issues = [finding for group, findings in grouped(report.findings) if group is not ACCEPTED for finding in findings]
    worst = sorted(issues, key=lambda finding: (levels.index(finding.level), not finding.new))[:ISSUES_KEPT]
    subjects = {Resource(each.kind, each.id) for each in worst if each.kind is not None and each.id is not None}
    return CondensedReport(
        replace(
            report,
            resources=_items(report, items, subjects),
            findings=worst,
            recoveries=(),
            custom_names=(),
            check_times=(),
            events=(),
        ),
        len(issues),
        Counter(finding.rule.name for finding in issues),
        days,
        MAX_AGE if took < 1 else min(timedelta(seconds=took * _WORTH), LONGEST_AGE),
    )


def _items(
    report: Report, items: Mapping[Resource, ReportedResource] | None, subjects: set[Resource]
) -> list[ReportedResource]:
    if items is not None:
        return [items[each] for each in subjects if each in items]
    return [item for item in report.resources if item.resource in subjects] if subjects else []


class _Issue(msgspec.Struct, frozen=True):
    """A `Finding` that is not acknowledged, with the name of its rule."""

    rule: str
    level: Level
    kind: Kind | None
    id: str | None
    links: tuple[Link, ...]
    message: str
    since: datetime | None
    appeared_at: datetime | None
    new: bool
    evidence: dict[str, Any]
    suggestions: tuple[Suggestion, ...]
    title: str | None
    resources: tuple[Resource, ...]


class _Document(msgspec.Struct, frozen=True):
    generated_at: datetime
    run: Run | None
    counts: Counts
    resources: tuple[ReportedResource, ...]
    findings: tuple[_Issue, ...]
    quota: QuotaSummary | None
    unchecked_channels: int
    first_check: bool
    last_answer: datetime | None
    issues: int
    by_rule: dict[str, int]
    days: tuple[DayStates, ...]
    max_age: timedelta


_ISSUE_FIELDS = tuple(name for name in _Issue.__struct_fields__ if name != "rule")
_REPORT_FIELDS = tuple(name for name in _Document.__struct_fields__ if name in Report.__dataclass_fields__)


def encode_condensed(condensed: CondensedReport) -> str:
    """As JSON.

    Raises:
        UnicodeError: It holds text that is not Unicode.
    """
    report = condensed.report
    values = {name: getattr(report, name) for name in _REPORT_FIELDS}
    values["findings"] = [
        _Issue(rule=each.rule.name, **{name: getattr(each, name) for name in _ISSUE_FIELDS}) for each in report.findings
    ]
    values |= {"issues": condensed.issues, "by_rule": condensed.by_rule, "days": condensed.days}
    values["max_age"] = condensed.max_age
    return msgspec.json.encode(values).decode()


def decode_condensed(text: str) -> CondensedReport:
    """The reverse of `encode_condensed`.

    Raises:
        ValueError: Another version of linkwatch wrote it.
        KeyError: It has findings of a rule that this version does not have.
    """
    document = msgspec.json.decode(text, type=_Document)
    values: dict[str, Any] = {name: getattr(document, name) for name in _REPORT_FIELDS}
    values["findings"] = [
        Finding(rule=RULES[each.rule], **{name: getattr(each, name) for name in _ISSUE_FIELDS})
        for each in document.findings
    ]
    return CondensedReport(Report(**values), document.issues, document.by_rule, document.days, document.max_age)
