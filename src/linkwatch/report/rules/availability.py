"""Findings from what the checks know of a resource: dead, suspect, stale, unmonitorable."""

from linkwatch.models import rules
from linkwatch.models.observation import Answer, Reason, ResourceRecord, State
from linkwatch.models.resource import Kind
from linkwatch.report.model import Finding, ReportedResource
from linkwatch.report.rules.context import RuleContext, date_of
from linkwatch.report.rules.registry import resource_rule
from linkwatch.report.rules.suggestions import suggestions_for
from linkwatch.urls.ids import implausibility


@resource_rule(rules.DEAD, State.UNAVAILABLE)
def dead(context: RuleContext, item: ReportedResource) -> Finding | None:
    known = _of(item)
    what = {
        Reason.PRIVATE: "is private",
        Reason.TERMINATED: "is gone with its channel",
        Reason.NOT_FOUND: "is gone",
        None: "is gone",
    }[known.reason]
    seen = "never seen alive" if known.last_available is None else f"last seen alive {date_of(known.last_available)}"
    # What lived has a real id; what never did may have been copied wrong.
    doubtful = implausibility(item.resource) if known.last_available is None else None
    hint = f"; {doubtful}" if doubtful else ""
    return context.finding(
        rules.DEAD,
        resource=item.resource,
        links=item.links,
        message=f"{item.name} {what}: {_why(known)}; {seen}{hint}",
        since=known.state_since,
        evidence=_evidence(known),
        suggestions=suggestions_for(context, item),
    )


@resource_rule(rules.SUSPECT, State.SUSPECT)
def suspect(context: RuleContext, item: ReportedResource) -> Finding | None:
    known = _of(item)
    strikes = context.settings.confirm_strikes
    awaited = (
        "the witnesses disagree, so it is not called dead"
        if known.oembed is Answer.PRESENT
        else f"miss {known.missed_checks} of {strikes}, so it is not called dead yet"
    )
    return context.finding(
        rules.SUSPECT,
        resource=item.resource,
        links=item.links,
        message=f"{item.name} is missing: {_why(known)}; {awaited}",
        since=known.state_since,
        evidence=_evidence(known),
    )


def _why(known: ResourceRecord) -> str:
    """What the witnesses said, in words."""
    oembed = {
        Answer.PRESENT: "oEmbed still shows it",
        Answer.ABSENT: "oEmbed answers 404",
        Answer.FORBIDDEN: "oEmbed answers 403",
        Answer.UNAUTHORIZED: "oEmbed answers 401 (private, it seems)",
        Answer.NONE: "oEmbed gave no answer",
    }
    if known.api is None:
        return oembed[known.oembed or Answer.NONE]
    joint = " but " if known.oembed is Answer.PRESENT else " and "
    return "YouTube's API leaves it out" + (joint + oembed[known.oembed] if known.oembed else "")


def _evidence(known: ResourceRecord) -> dict[str, object]:
    return {
        "data_api": known.api,
        "oembed": known.oembed,
        "strikes": known.missed_checks,
        "last_available": known.last_available,
    }


@resource_rule(rules.UNMONITORABLE, State.UNMONITORABLE)
def unmonitorable(context: RuleContext, item: ReportedResource) -> Finding | None:
    return context.finding(
        rules.UNMONITORABLE,
        resource=item.resource,
        links=item.links,
        message=f"{item.resource.id} can't be monitored: {item.resource.unmonitorable}",
        since=context.listed_since(item.links),
    )


@resource_rule(rules.STALE, State.AVAILABLE, State.UNAVAILABLE, State.SUSPECT, State.UNKNOWN)
def stale(context: RuleContext, item: ReportedResource) -> Finding | None:
    known = item.record
    if known is None or _is_untold(context, item):
        return None
    since = (known.last_checked or known.first_seen) + context.settings.stale_after
    if since > context.now:
        return None
    last = f"since {date_of(known.last_checked)}" if known.last_checked else f"ever, since {date_of(known.first_seen)}"
    return context.finding(
        rules.STALE,
        resource=item.resource,
        links=item.links,
        message=f"{item.name}: no check got an answer {last}",
        since=since,
        evidence={"last_checked": known.last_checked},
    )


def _is_untold(context: RuleContext, item: ReportedResource) -> bool:
    """Channels can't be asked about without a key; the report says so once, not for each."""
    return item.resource.kind is Kind.CHANNEL and context.run is not None and context.run.source == "keyless"


def _of(item: ReportedResource) -> ResourceRecord:
    if item.record is None:
        raise ValueError("a state other than unknown and unmonitorable comes from a check")
    return item.record
