"""Findings from what the checks know of a resource: dead, suspect, stale, unmonitorable."""

from linkwatch.models import rules
from linkwatch.models.observation import UPLOAD, Answer, Reason, ResourceRecord, State
from linkwatch.models.resource import Kind
from linkwatch.report.model import Finding, ReportedResource
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.handles import name_in_words
from linkwatch.report.rules.registry import resource_rule
from linkwatch.report.rules.suggestions import suggestions_for
from linkwatch.report.wording import NEVER_AVAILABLE, Restriction, date_of, restriction, why_unmonitorable
from linkwatch.urls.ids import implausibility

_GONE = {
    Reason.PRIVATE: "is private",
    Reason.TERMINATED: "is no longer available: its channel was terminated",
    Reason.NOT_FOUND: "is no longer available",
    None: "is no longer available",
}


@resource_rule(rules.DEAD, State.UNAVAILABLE)
def dead(context: RuleContext, item: ReportedResource) -> Finding | None:
    return None if terminated_channel(item) else dead_resource(context, item)


def terminated_channel(item: ReportedResource) -> str | None:
    """The id of the terminated channel of a resource, or its own; None: it is missing for another reason."""
    if item.record is None or item.record.reason is not Reason.TERMINATED:
        return None
    return item.resource.id if item.resource.kind is Kind.CHANNEL else item.record.facts.owner_id


def dead_resource(context: RuleContext, item: ReportedResource) -> Finding | None:
    """The finding of one resource, apart from what else its channel had."""
    record = _record(item)
    seen = NEVER_AVAILABLE if record.last_available is None else f"last seen {date_of(record.last_available)}"
    # What was available has a real id; what never was may have been copied wrong.
    doubtful = implausibility(item.resource) if record.last_available is None else None
    hint = f"; {doubtful}" if doubtful else ""
    upload = unplayable_upload(record)
    gone = _GONE[record.reason] if upload is None else f"{_GONE[None]}: it {upload.clause}"
    return context.finding(
        rules.DEAD,
        resource=item.resource,
        links=item.links,
        message=f"{_name(context, item)} {gone} ({seen}){hint}",
        since=record.state_since,
        evidence=_evidence(record),
        suggestions=suggestions_for(context, item),
    )


@resource_rule(rules.SUSPECT, State.SUSPECT)
def suspect(context: RuleContext, item: ReportedResource) -> Finding | None:
    record = _record(item)
    if record.api is not None and record.oembed is Answer.PRESENT:
        upload = unplayable_upload(record)
        said = "the Data API omits it" if upload is None else f"by the Data API it {upload.clause}"
        message = f"reports disagree about {item.name}: {said}, oEmbed still shows it"
    else:
        source = "oEmbed's" if record.api is None else "the Data API's"
        missed = f"missed check {record.missed_checks} of {context.settings.confirm_strikes}"
        message = f"{_name(context, item)} is missing from {source} answers ({missed})"
    return context.finding(
        rules.SUSPECT,
        resource=item.resource,
        links=item.links,
        message=message,
        since=record.state_since,
        evidence=_evidence(record),
    )


def unplayable_upload(record: ResourceRecord) -> Restriction | None:
    """What became of the upload of a video, if that keeps everybody from watching it."""
    words = (word for word in record.facts.restrictions or () if word.startswith(UPLOAD))
    return next(map(restriction, words), None)


def _name(context: RuleContext, item: ReportedResource) -> str:
    return name_in_words(context, item.resource, item.name)


def _evidence(record: ResourceRecord) -> dict[str, object]:
    upload = unplayable_upload(record)
    return {
        "data_api": record.api,
        "oembed": record.oembed,
        "strikes": record.missed_checks,
        "last_available": record.last_available,
        **({} if upload is None else {"upload": upload.text}),
    }


@resource_rule(rules.UNMONITORABLE, State.UNMONITORABLE)
def unmonitorable(context: RuleContext, item: ReportedResource) -> Finding | None:
    tried_at = context.unresolved_names.get(item.resource.id)
    return context.finding(
        rules.UNMONITORABLE,
        resource=item.resource,
        links=item.links,
        message=f"{item.resource.id} can't be monitored: {why_unmonitorable(item.resource, tried_at)}",
        since=context.links_first_seen(item.links),
        evidence=None if tried_at is None else {"tried_at": tried_at},
    )


@resource_rule(rules.STALE, State.AVAILABLE, State.UNAVAILABLE, State.SUSPECT, State.UNKNOWN)
def stale(context: RuleContext, item: ReportedResource) -> Finding | None:
    record = item.record
    if record is None or _needs_key(context, item):
        return None
    since = (record.last_checked or record.first_seen) + context.settings.stale_after
    if since > context.now:
        return None
    last = (
        f"for {item.name} since {date_of(record.last_checked)}"
        if record.last_checked
        else f"yet for {item.name} (first seen {date_of(record.first_seen)})"
    )
    return context.finding(
        rules.STALE,
        resource=item.resource,
        links=item.links,
        message=f"no check got an answer {last}",
        since=since,
        evidence={"last_checked": record.last_checked},
    )


def _needs_key(context: RuleContext, item: ReportedResource) -> bool:
    """Channels can't be checked without a key; the report says so once, not for each."""
    return item.resource.kind is Kind.CHANNEL and context.run is not None and context.run.source == "keyless"


def _record(item: ReportedResource) -> ResourceRecord:
    if item.record is None:
        raise ValueError("a state other than unknown and unmonitorable comes from a check")
    return item.record
