"""A report → what is news for one target."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from linkwatch.models.link import Link
from linkwatch.models.rules import BROKEN, Level
from linkwatch.report.model import Finding, Recovery, Report
from linkwatch.settings import Notify

_LEVELS = list(Level)


@dataclass(frozen=True, slots=True)
class NotificationHistory:
    """What these lists have been told so far."""

    told: datetime | None = None
    """When the last run began that was told of; None: none was."""

    incomplete: bool = False
    """That run was incomplete, and that was told."""

    incomplete_since: datetime | None = None
    """When the first of the incomplete runs up to now began; None: the last was whole."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What one target is to be told of one run. Nothing that is known and accepted is among it."""

    first: bool
    """Nothing was told of these lists before: a summary will do."""

    found: Sequence[Finding]
    """What is new, in the order of the report; all of it when it is the first."""

    back: Sequence[Recovery]
    still: Sequence[Finding]
    """What was broken before and is still."""

    begins: bool
    """Checks are incomplete from this run on."""

    ends: bool
    """They are complete again."""

    def __bool__(self) -> bool:
        """Whether there is anything to tell, what is still broken aside."""
        return bool(self.first or self.found or self.back or self.begins or self.ends)


def covers(target: Notify, files: Iterable[str]) -> bool:
    """Whether any of these lists is one of the target's."""
    return not target.lists or any(fnmatchcase(file, pattern) for file in files for pattern in target.lists)


def select_for(target: Notify, report: Report, before: NotificationHistory) -> Selection:
    """What is news for a target.

    Args:
        target: Its lists, rules and level.
        report: Of the run, whole, with what is accepted.
        before: What was told so far.
    """
    run = report.run
    complete = run is not None and run.complete
    meant = [finding for finding in report.findings if _is_meant(target, finding)]
    return Selection(
        first=before.told is None,
        found=[finding for finding in meant if _is_new(finding.since, before)],
        back=[each for each in report.recoveries if _is_new(each.since, before) and _is_meant_back(target, each)],
        still=[finding for finding in meant if finding.rule.group is BROKEN and not _is_new(finding.since, before)],
        begins=not complete and not before.incomplete,
        ends=complete and before.incomplete,
    )


def _is_new(since: datetime | None, before: NotificationHistory) -> bool:
    # Not `Finding.new`: a run that died before it could tell leaves its news to the next one.
    return since is None or before.told is None or since > before.told


def _is_meant(target: Notify, finding: Finding) -> bool:
    return (
        finding.acknowledged is None
        and _LEVELS.index(finding.level) <= _LEVELS.index(target.level)
        and (not target.rules or finding.rule in target.rules)
        and covers(target, _files(finding.links))
    )


def _is_meant_back(target: Notify, recovery: Recovery) -> bool:
    # Who is told that something is missing is told that it is back.
    wanted = not target.rules or any(rule.is_absence for rule in target.rules)
    return wanted and covers(target, _files(recovery.item.links))


def _files(links: Sequence[Link]) -> set[str]:
    return {link.file for link in links}
