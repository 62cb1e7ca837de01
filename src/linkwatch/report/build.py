"""The input of a report → the one Report value. Nothing is counted or sorted anywhere else."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from itertools import pairwise
from typing import TypedDict

from linkwatch.catalogue.catalogue import RESOURCE_KEYS, Catalogue
from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import State
from linkwatch.models.records import StoredEvent
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import Level
from linkwatch.report.input import ReportInput
from linkwatch.report.model import Counts, Finding, Recovery, Report, ReportedEvent, ReportedResource
from linkwatch.report.rules.context import ReportedItems, RuleContext
from linkwatch.report.rules.owners import with_confirmed_owners
from linkwatch.report.rules.registry import find
from linkwatch.spool import items_by_key, sorted_spool, spooled

_LEVELS = list(Level)


def build_report(data: ReportInput) -> Report:
    """Build the report; a pure function of its input."""
    data = replace(data, catalogue=with_confirmed_owners(data.catalogue, data.records))
    listed = _listed(data)
    reported = _in_order(listed)
    context = RuleContext(
        **{field.name: getattr(data, field.name) for field in fields(data)},
        reported=ReportedItems(reported, by_resource(listed, data.catalogue)),
    )
    findings = sorted(find(context), key=_finding_order)
    keyless = data.run is not None and data.run.source == "keyless"
    return Report(
        generated_at=data.now,
        run=data.run,
        counts=_counts(data, reported, findings),
        resources=reported,
        findings=findings,
        quota=data.quota,
        recoveries=_recoveries(context),
        custom_names=[
            (name, _title_of_channel(data, name.channel_id)) for names in data.custom_names.values() for name in names
        ],
        unchecked_channels=sum(_is_unchecked(item) for item in reported) if keyless else 0,
        last_answer=_last_answer(reported),
        first_check=data.first_check,
        check_times=data.check_history.times,
        events=_events(reported, data.recent_events),
    )


def _title_of_channel(data: ReportInput, id_: str) -> str | None:
    record = data.records.get(Resource(Kind.CHANNEL, id_))
    return None if record is None else record.facts.title


def _listed(data: ReportInput) -> Sequence[ReportedResource]:
    """In order of first appearance."""
    links, states = data.catalogue.links, data.check_history.states
    return spooled(
        (
            ReportedResource(
                resource,
                data.records.get(resource),
                tuple(links[at].link for at in positions),
                data.custom_names.get(resource.id, ()),
                states.get(resource, ()),
            )
            for resource, positions in data.catalogue.links_of.items()
        ),
        ReportedResource,
    )


def by_resource(
    items: Sequence[ReportedResource], catalogue: Catalogue | None = None
) -> Mapping[Resource, ReportedResource]:
    """What is reported, by resource.

    Args:
        items: In any order.
        catalogue: Its resources stand in the order of the items; None: in another one, or it is not at hand.
    """
    positions = None if catalogue is None else catalogue.links_of
    return items_by_key(items, lambda item: item.resource, RESOURCE_KEYS, positions=positions)


def _in_order(items: Sequence[ReportedResource]) -> Sequence[ReportedResource]:
    # A list is read in its own order, so mostly there is nothing to sort, and no key to be kept for each of many.
    in_order = all(one <= next_ for one, next_ in pairwise(map(_resource_order, items)))
    return items if in_order else sorted_spool(items, ReportedResource, _resource_order)


def _resource_order(item: ReportedResource) -> tuple[str, int, str]:
    return (item.links[0].file, item.links[0].line, item.resource.id)


def _recoveries(context: RuleContext) -> list[Recovery]:
    recoveries = [
        _recovery(context, item, stored.at)
        for item, stored in context.recent_changes()
        if stored.event.kind is EventKind.RECOVERED and item.state is State.AVAILABLE
    ]
    return sorted(recoveries, key=lambda recovery: _place(recovery.item.links))


def _recovery(context: RuleContext, item: ReportedResource, at: datetime) -> Recovery:
    flapping = context.flapping.get(item.resource)
    appeared_at = at if flapping is None else flapping.news_at
    still = flapping if flapping is not None and flapping.ended_at is None else None
    return Recovery(item, at, appeared_at, new=context.is_new(appeared_at), flapping=still)


def _events(reported: Sequence[ReportedResource], recent: Sequence[StoredEvent]) -> list[ReportedEvent]:
    items = {item.resource: item for item in reported} if recent else {}
    return [ReportedEvent(items[stored.resource], stored) for stored in recent if stored.resource in items]


def _last_answer(reported: Iterable[ReportedResource]) -> datetime | None:
    latest = None
    for item in reported:
        at = None if item.record is None else item.record.last_checked
        # Mostly all were answered by one check, and their time is one object: nothing is compared.
        if at is not latest and at is not None and (latest is None or at > latest):
            latest = at
    return latest


def _is_unchecked(item: ReportedResource) -> bool:
    return item.resource.kind is Kind.CHANNEL and item.state is State.UNKNOWN


def _counts(data: ReportInput, reported: Sequence[ReportedResource], findings: Sequence[Finding]) -> Counts:
    states = Counter(item.state for item in reported)
    return Counts(
        links=len(data.catalogue.links),
        resources=len(reported),
        states={state: states[state] for state in State},
        flapping=sum(each.ended_at is None for each in data.flapping.values()),
        ignored=data.catalogue.ignored,
        **_counted(findings),
    )


class _OfFindings(TypedDict):
    levels: Mapping[Level, int]
    acknowledged: int


def _counted(findings: Sequence[Finding]) -> _OfFindings:
    levels = Counter(finding.level for finding in findings if finding.acknowledged is None)
    return {
        "levels": {level: levels[level] for level in Level if level is not Level.OFF},
        "acknowledged": len(findings) - levels.total(),
    }


def _finding_order(finding: Finding) -> tuple[int, str, int, str, str]:
    return (_LEVELS.index(finding.level), *_place(finding.links), finding.id or "", finding.rule.name)


def _place(links: Sequence[Link]) -> tuple[str, int]:
    return (links[0].file, links[0].line) if links else ("", 0)


def only_new(report: Report) -> Report:
    """The report with the findings that appeared with the last run, and new counts."""
    recoveries = [recovery for recovery in report.recoveries if recovery.new]
    new = with_findings(report, [finding for finding in report.findings if finding.new])
    return replace(new, recoveries=recoveries, new_only=True)


def only_changed(report: Report, revision: str, is_changed: Callable[[Link], bool], link_count: int) -> Report:
    """The report of what is on changed lines, with new counts; in its findings, the links there come first.

    Args:
        report: Made from all links: a changed line may list again what another lists.
        revision: The git revision since which lines have changed.
        is_changed: Whether a link is on a changed line.
        link_count: How many links are.
    """
    resources = spooled((item for item in report.resources if any(map(is_changed, item.links))), ReportedResource)
    judged = {item.resource for item in resources}
    findings = [
        replace(finding, links=tuple(sorted(finding.links, key=lambda link: not is_changed(link))))
        for finding in report.findings
        if any(map(is_changed, finding.links))
    ]
    states = Counter(item.state for item in resources)
    counts = replace(
        report.counts, links=link_count, resources=len(resources), states={state: states[state] for state in State}
    )
    unchecked = sum(_is_unchecked(item) for item in resources) if report.unchecked_channels else 0
    changed = replace(
        report,
        counts=counts,
        resources=resources,
        recoveries=[recovery for recovery in report.recoveries if recovery.item.resource in judged],
        events=[event for event in report.events if event.item.resource in judged],
        unchecked_channels=unchecked,
        last_answer=_last_answer(resources),
        changed_since=revision,
    )
    return with_findings(changed, sorted(findings, key=_finding_order))


def with_findings(report: Report, findings: Sequence[Finding]) -> Report:
    """The report with other findings, in their order, and new counts."""
    return replace(report, findings=findings, counts=replace(report.counts, **_counted(findings)))
