"""Which findings of a report are acknowledged, and which acknowledgements end."""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from linkwatch.acknowledgements.matching import ActiveAcknowledgements
from linkwatch.models.acknowledgement import UNDATED, AckKey, Acknowledgement
from linkwatch.models.records import Coverage, Run
from linkwatch.models.rules import RULES, Level, Subject
from linkwatch.report.build import with_findings
from linkwatch.report.model import Finding, Recovery, Report
from linkwatch.settings import Settings


def apply_acknowledgements(report: Report, active: ActiveAcknowledgements) -> Report:
    """The report with its acknowledged findings marked, and counted again."""
    if not active.by_key and not report.counts.acknowledged:
        return report
    return with_findings(report, [_covered(finding, active) for finding in report.findings])


def mark_expired_as_new(report: Report, expired: ActiveAcknowledgements) -> Report:
    """The report with those findings marked as new whose acknowledgement has expired."""
    if not expired.by_key:
        return report
    return with_findings(report, [_new_again(finding, expired) for finding in report.findings])


def _new_again(finding: Finding, expired: ActiveAcknowledgements) -> Finding:
    was_acknowledged = finding.acknowledged is None and _acknowledgement(finding, expired) is not None
    return replace(finding, new=True) if was_acknowledged else finding


def _covered(finding: Finding, active: ActiveAcknowledgements) -> Finding:
    ack = _acknowledgement(finding, active)
    return finding if ack is finding.acknowledged else replace(finding, acknowledged=ack)


def _acknowledgement(finding: Finding, active: ActiveAcknowledgements) -> Acknowledgement | None:
    """What covers a finding; what went with a terminated channel may be acknowledged with it, or each by itself."""
    ack = next(active.matching(finding.rule, _about(finding), finding.since), None)
    if ack is not None or not finding.resources:
        return ack
    acks = [next(active.matching(finding.rule, each.id, finding.since), None) for each in finding.resources]
    return acks[0] if all(acks) else None


def _about(finding: Finding) -> str | None:
    """Its id; a malformed link is identified by its URL."""
    return finding.links[0].url if finding.id is None and finding.links else finding.id


def ended_acknowledgements(
    report: Report, active: ActiveAcknowledgements, settings: Settings, *, elsewhere: AbstractSet[str | None]
) -> set[Acknowledgement]:
    """The acknowledgements that end with the check of the report.

    One about a missing resource ends when the resource is available again: one answer proves that, even in an
    incomplete check. Otherwise each ends when its findings are resolved, which only a complete check shows, about what
    it got an answer for, and unless the rule is off or ignored there.

    Args:
        report: The whole report, not the new findings alone.
        active: Those that hold now.
        settings: A rule that is off ends nothing.
        elsewhere: The ids that are in other lists too, which the check did not read; with None among them when there
            are such lists, in which an acknowledged rule may find something.
    """
    if not active.by_key:
        return set()
    ended = _ended_by_recovery(report, active)
    if report.run is not None and report.run.complete:
        named = {ack.id for ack in active.by_key.values()}
        answered, ignored = _answered(report, report.run, named), _ignored_keys(report)
        ended |= {
            ack
            for ack in _without_findings(report, active)
            if _was_checked(ack, answered, elsewhere)
            and (ack.id is not None or report.run.coverage is not Coverage.CHANGED)
            and ack.key not in ignored
            and (ack.rule is None or settings.levels[ack.rule] is not Level.OFF)
        }
    return ended


def _was_checked(ack: Acknowledgement, answered: AbstractSet[str], elsewhere: AbstractSet[str | None]) -> bool:
    """Whether the check would have found all that it covers."""
    if ack.id is None:
        return None not in elsewhere
    return ack.id in answered and (
        (ack.rule is not None and ack.rule.subject is Subject.RESOURCE) or ack.id not in elsewhere
    )


def _ignored_keys(report: Report) -> set[AckKey]:
    """The acknowledgements whose findings may exist still, but are ignored for some link."""
    of_some = ((item.resource.id, link.ignored) for item in report.resources for link in item.links if link.ignored)
    of_ids: set[AckKey] = {(id_, RULES[name]) for id_, names in of_some for name in names}
    # What is left out altogether is not in the report: it may be of any rule. An acknowledgement of an id alone is not
    # kept, for it would also cover what comes later.
    of_any = set(RULES.values()) if report.counts.ignored else {rule for _, rule in of_ids if rule}
    return of_ids | {(None, rule) for rule in of_any}


def _ended_by_recovery(report: Report, active: ActiveAcknowledgements) -> set[Acknowledgement]:
    back = {recovery.item.resource.id: recovery for recovery in report.recoveries}
    candidates = (ack for ack in active.by_key.values() if (ack.rule is None or ack.rule.is_absence) and ack.id in back)
    return {ack for ack in candidates if _is_back(ack, back[str(ack.id)])}


def _is_back(ack: Acknowledgement, recovery: Recovery) -> bool:
    """Back with this check, or with one since it was accepted that was killed before it could end it."""
    return recovery.new or UNDATED < ack.accepted_at <= recovery.since


def _without_findings(report: Report, active: ActiveAcknowledgements) -> set[Acknowledgement]:
    found = (
        active.matching(finding.rule, about, finding.since)
        for finding in report.findings
        for about in (_about(finding), *(each.id for each in finding.resources))
    )
    return set(active.by_key.values()).difference(*found)


def _answered(report: Report, run: Run, named: AbstractSet[str | None]) -> set[str]:
    """Of the ids that are named, those that the check got an answer for."""
    known = ((item.resource.id, item.record) for item in report.resources if item.resource.id in named)
    return {id_ for id_, what in known if what and what.last_checked and what.last_checked >= run.started_at}
