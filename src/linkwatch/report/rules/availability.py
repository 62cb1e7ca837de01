"""Findings from what a resource is now: dead, suspect, emptied, restricted, stale, unmonitorable."""

from collections.abc import Iterator

from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.observation import Answer, Reason, ResourceRecord, State
from linkwatch.models.resource import Kind
from linkwatch.report.model import Finding, ReportedResource
from linkwatch.report.rules.context import RuleContext, date_of
from linkwatch.report.rules.restrictions import restricted
from linkwatch.report.rules.suggestions import suggestions_for
from linkwatch.urls.ids import doubt


def state_findings(material: RuleContext) -> Iterator[Finding | None]:
    """Every finding of this family."""
    inside = material.inside.restricted_members
    for item in material.reported.in_order():
        match item.state:
            case State.UNAVAILABLE:
                yield _dead(material, item)
            case State.SUSPECT:
                yield _suspect(material, item)
            case State.UNMONITORABLE:
                yield _unmonitorable(material, item)
            case State.AVAILABLE:
                facts = _of(item).facts
                if facts.item_count == 0:
                    yield _emptied(material, item)
                if facts.restrictions or item.resource in inside:
                    yield restricted(material, item)
            case State.UNKNOWN:
                pass
        yield _stale(material, item)


def _dead(material: RuleContext, item: ReportedResource) -> Finding | None:
    known = _of(item)
    what = {
        Reason.PRIVATE: "is private",
        Reason.TERMINATED: "is gone with its channel",
        Reason.NOT_FOUND: "is gone",
        None: "is gone",
    }[known.reason]
    seen = "never seen alive" if known.last_available is None else f"last seen alive {date_of(known.last_available)}"
    # What lived has a real id; what never did may have been copied wrong.
    doubtful = doubt(item.resource) if known.last_available is None else None
    hint = f"; {doubtful}" if doubtful else ""
    return material.finding(
        rules.DEAD,
        resource=item.resource,
        links=item.links,
        message=f"{item.name} {what}: {_why(known)}; {seen}{hint}",
        since=known.state_since,
        evidence=_evidence(known),
        suggestions=suggestions_for(material, item),
    )


def _suspect(material: RuleContext, item: ReportedResource) -> Finding | None:
    known = _of(item)
    strikes = material.settings.confirm_strikes
    awaited = (
        "the witnesses disagree, so it is not called dead"
        if known.oembed is Answer.PRESENT
        else f"miss {known.missed_checks} of {strikes}, so it is not called dead yet"
    )
    return material.finding(
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


def _unmonitorable(material: RuleContext, item: ReportedResource) -> Finding | None:
    return material.finding(
        rules.UNMONITORABLE,
        resource=item.resource,
        links=item.links,
        message=f"{item.resource.id} can't be watched: {item.resource.unmonitorable}",
        since=material.listed_since(item.links),
    )


def _emptied(material: RuleContext, item: ReportedResource) -> Finding | None:
    event = material.events.get((item.resource, EventKind.EMPTIED))
    return material.finding(
        rules.EMPTIED,
        resource=item.resource,
        links=item.links,
        message=f"{item.name} has no videos left"
        + (f", it had {event.event.before}" if event and event.event.before else ""),
        since=event.at if event else _of(item).first_seen,
        evidence={"before": event.event.before if event else None},
        suggestions=suggestions_for(material, item),
    )


def _stale(material: RuleContext, item: ReportedResource) -> Finding | None:
    known = item.known
    if known is None or known.state is State.UNMONITORABLE or _is_untold(material, item):
        return None
    since = (known.last_checked or known.first_seen) + material.settings.stale_after
    if since > material.now:
        return None
    last = f"since {date_of(known.last_checked)}" if known.last_checked else f"ever, since {date_of(known.first_seen)}"
    return material.finding(
        rules.STALE,
        resource=item.resource,
        links=item.links,
        message=f"{item.name}: no check got an answer {last}",
        since=since,
        evidence={"last_checked": known.last_checked},
    )


def _is_untold(material: RuleContext, item: ReportedResource) -> bool:
    """Channels can't be asked about without a key; the report says so once, not for each."""
    return item.resource.kind is Kind.CHANNEL and material.run is not None and material.run.source == "keyless"


def _of(item: ReportedResource) -> ResourceRecord:
    if item.known is None:
        raise ValueError("a state other than unknown and unmonitorable comes from a check")
    return item.known
