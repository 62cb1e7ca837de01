"""A report and what is accepted: which findings are covered, and which acknowledgements are over."""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from linkwatch.acknowledgements.matching import ActiveAcknowledgements
from linkwatch.models.acknowledgement import UNDATED, AckKey, Acknowledgement
from linkwatch.models.records import Run
from linkwatch.models.rules import RULES, Level, Subject
from linkwatch.report.build import with_findings
from linkwatch.report.model import Finding, Recovery, Report
from linkwatch.settings import Settings


def apply_acknowledgements(report: Report, accepted: ActiveAcknowledgements) -> Report:
    """The report with the findings that are covered, and counted anew."""
    if not accepted.by_key and not report.counts.acknowledged:
        return report
    return with_findings(report, [_covered(finding, accepted) for finding in report.findings])


def mark_expired_as_new(report: Report, expired: ActiveAcknowledgements) -> Report:
    """The report with the findings as new that were accepted until lately."""
    if not expired.by_key:
        return report
    return with_findings(report, [_new_again(finding, expired) for finding in report.findings])


def _new_again(finding: Finding, expired: ActiveAcknowledgements) -> Finding:
    was_accepted = finding.acknowledged is None and any(expired.matching(finding.rule, _about(finding), finding.since))
    return replace(finding, new=True) if was_accepted else finding


def _covered(finding: Finding, accepted: ActiveAcknowledgements) -> Finding:
    ack = next(accepted.matching(finding.rule, _about(finding), finding.since), None)
    return finding if ack is finding.acknowledged else replace(finding, acknowledged=ack)


def _about(finding: Finding) -> str | None:
    """Its id; a link that names nothing is known by its URL."""
    return finding.links[0].url if finding.id is None and finding.links else finding.id


def ended_acknowledgements(
    report: Report, accepted: ActiveAcknowledgements, settings: Settings, *, elsewhere: AbstractSet[str | None]
) -> set[Acknowledgement]:
    """The acknowledgements that end with the check that the report is of.

    An acknowledgement that names what died ends when that is back: one answer proves it, even in an incomplete check.
    That nothing is found any more is believed of a complete check only, about what it got an answer for; what is
    ignored, by a comment or the settings, or of a rule that is off, is not looked for.

    Args:
        report: The whole report, not the new findings alone.
        accepted: What counts now.
        settings: A rule that is off finds nothing, which ends nothing.
        elsewhere: The ids that stand in other lists too, which the check did not read; None among them: there are such
            lists, and a rule alone may find something there.
    """
    if not accepted.by_key:
        return set()
    ended_acknowledgements = _back_again(report, accepted)
    if report.run is not None and report.run.complete:
        named = {ack.id for ack in accepted.by_key.values()}
        answered, untold = _answered(report, report.run, named), _untold(report)
        ended_acknowledgements |= {
            ack
            for ack in _without_findings(report, accepted)
            if _was_looked_at(ack, answered, elsewhere)
            and ack.key not in untold
            and (ack.rule is None or settings.levels[ack.rule] is not Level.OFF)
        }
    return ended_acknowledgements


def _was_looked_at(ack: Acknowledgement, answered: AbstractSet[str], elsewhere: AbstractSet[str | None]) -> bool:
    """Whether the check would have found all that it covers."""
    if ack.id is None:
        return None not in elsewhere
    return ack.id in answered and (
        (ack.rule is not None and ack.rule.subject is Subject.RESOURCE) or ack.id not in elsewhere
    )


def _untold(report: Report) -> set[AckKey]:
    """What may be so as before, and is ignored for some entry."""
    of_some = ((item.resource.id, link.ignored) for item in report.resources for link in item.links if link.ignored)
    of_ids: set[AckKey] = {(id_, RULES[name]) for id_, names in of_some for name in names}
    # What is left out altogether is not in the report: it may be of any rule. An acknowledgement of an id alone is not
    # kept, for it would also cover what comes later.
    of_any = set(RULES.values()) if report.counts.ignored else {rule for _, rule in of_ids if rule}
    return of_ids | {(None, rule) for rule in of_any}


def _back_again(report: Report, accepted: ActiveAcknowledgements) -> set[Acknowledgement]:
    back = {recovery.item.resource.id: recovery for recovery in report.recoveries}
    candidates = (
        ack for ack in accepted.by_key.values() if (ack.rule is None or ack.rule.is_absence) and ack.id in back
    )
    return {ack for ack in candidates if _is_back(ack, back[str(ack.id)])}


def _is_back(ack: Acknowledgement, recovery: Recovery) -> bool:
    """Back with this check, or with one since it was accepted that was killed before it could end it."""
    return recovery.new or UNDATED < ack.accepted_at <= recovery.since


def _without_findings(report: Report, accepted: ActiveAcknowledgements) -> set[Acknowledgement]:
    found = (accepted.matching(finding.rule, _about(finding), finding.since) for finding in report.findings)
    return set(accepted.by_key.values()).difference(*found)


def _answered(report: Report, run: Run, named: AbstractSet[str | None]) -> set[str]:
    """Of the ids that are named, those that the check got an answer for."""
    known = ((item.resource.id, item.record) for item in report.resources if item.resource.id in named)
    return {id_ for id_, what in known if what and what.last_checked and what.last_checked >= run.started_at}
