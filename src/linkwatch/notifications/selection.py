"""A report → what one recipient is notified of."""

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
    """What notifications about some lists have covered so far."""

    last_run: datetime | None = None
    """When the last run began that notifications were queued for; None: there was none."""

    last_incomplete: bool = False
    """That run was incomplete, and its notifications said so."""

    incomplete_since: datetime | None = None
    """When the first of the incomplete runs up to now began; None: the last run was complete."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What one recipient is notified of after one run; without acknowledged findings."""

    first: bool
    """There was no notification about these lists yet, so this one is a summary."""

    findings: Sequence[Finding]
    """The new findings in the order of the report; all of them in the first notification."""

    recoveries: Sequence[Recovery]
    still_broken: Sequence[Finding]
    """Findings of broken links that are not new."""

    became_incomplete: bool
    """Checks are incomplete since this run."""

    became_complete: bool
    """Checks are complete again since this run."""

    def __bool__(self) -> bool:
        """Whether there is anything new."""
        return bool(self.first or self.findings or self.recoveries or self.became_incomplete or self.became_complete)


def covers(target: Notify, files: Iterable[str]) -> bool:
    """Whether a recipient is notified about any of these lists."""
    return not target.lists or any(fnmatchcase(file, pattern) for file in files for pattern in target.lists)


def select_for(target: Notify, report: Report, history: NotificationHistory) -> Selection:
    """Select what a recipient is notified of.

    Args:
        target: The recipient with its lists, rules and level.
        report: The whole report of a run, with acknowledgements.
        history: What notifications have covered so far.
    """
    run = report.run
    complete = run is not None and run.complete
    wanted = [finding for finding in report.findings if _wants(target, finding)]
    return Selection(
        first=history.last_run is None,
        findings=[finding for finding in wanted if _is_new(finding.appeared_at, history)],
        recoveries=[
            recovery
            for recovery in report.recoveries
            if _is_new(recovery.appeared_at, history) and _wants_recovery(target, recovery)
        ],
        still_broken=[
            finding for finding in wanted if finding.rule.group is BROKEN and not _is_new(finding.appeared_at, history)
        ],
        became_incomplete=not complete and not history.last_incomplete,
        became_complete=complete and history.last_incomplete,
    )


def _is_new(appeared_at: datetime | None, history: NotificationHistory) -> bool:
    # Not `Finding.new`: what a run found that died before it queued notifications belongs to the next run's.
    return appeared_at is None or history.last_run is None or appeared_at > history.last_run


def _wants(target: Notify, finding: Finding) -> bool:
    return (
        finding.acknowledged is None
        and _LEVELS.index(finding.level) <= _LEVELS.index(target.level)
        and (not target.rules or finding.rule in target.rules)
        and covers(target, _files(finding.links))
    )


def _wants_recovery(target: Notify, recovery: Recovery) -> bool:
    # Whoever is notified that something is missing is notified that it is back.
    wanted = not target.rules or any(rule.is_absence for rule in target.rules)
    return wanted and covers(target, _files(recovery.item.links))


def _files(links: Sequence[Link]) -> set[str]:
    return {link.file for link in links}
