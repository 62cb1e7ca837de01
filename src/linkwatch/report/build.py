"""What is known → the one Report value. Nothing is counted or sorted anywhere else."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, pairwise
from typing import TypedDict

from linkwatch.catalogue.catalogue import RESOURCE_KEYS, Catalogue
from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.records import NO_HISTORY, NO_INSPECTIONS, CheckHistory, InspectionResults, Run, StoredEvent
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import Level
from linkwatch.report.model import Counts, Finding, QuotaSummary, Recovery, Report, ReportedEvent, ReportedResource
from linkwatch.report.rules.availability import state_findings
from linkwatch.report.rules.changes import change_findings
from linkwatch.report.rules.context import ReportedItems, RuleContext
from linkwatch.report.rules.entries import listing_findings
from linkwatch.report.rules.labels import find_misfits, misfit_findings
from linkwatch.report.rules.overlaps import overlap_findings
from linkwatch.report.rules.owners import owner_findings
from linkwatch.report.rules.playlist_changes import member_findings
from linkwatch.report.rules.playlist_contents import inside_findings
from linkwatch.settings import Settings
from linkwatch.spool import items_by_key, sorted_spool, spooled

_LEVELS = list(Level)


def build_report(
    *,
    now: datetime,
    catalogue: Catalogue,
    known: Mapping[Resource, ResourceRecord],
    first_seen: Callable[[Link], datetime | None],
    events: Mapping[tuple[Resource, EventKind], StoredEvent],
    run: Run | None,
    quota: QuotaSummary | None,
    settings: Settings,
    told_before: datetime | None = None,
    first_check: bool = False,
    checks: CheckHistory = NO_HISTORY,
    recent: Iterable[StoredEvent] = (),
    inside: InspectionResults = NO_INSPECTIONS,
) -> Report:
    """Build the report.

    Args:
        now: The time of the report, aware UTC.
        catalogue: The links, with handles and user names resolved.
        known: What is known of their resources; what no check has met is left out.
        first_seen: When a check first met an entry; None when none has.
        events: The last event of each kind.
        run: The last run over these lists.
        quota: How the day's account stands.
        settings: The levels of the rules and what is stale.
        told_before: When the last check began whose report these lists have had; what began later is new. None: only
            what began with the last run is.
        first_check: There was none before.
        checks: The states after the last checks.
        recent: What happened lately, newest first.
        inside: What looks inside playlists have shown.
    """
    listed = _listed(catalogue, known, checks)
    reported = _in_order(listed)
    material = RuleContext(
        now=now,
        catalogue=catalogue,
        reported=ReportedItems(reported, by_resource(listed, catalogue)),
        known=known,
        first_seen=first_seen,
        events=events,
        run=run,
        settings=settings,
        told_before=told_before,
        inside=inside,
    )
    misfits = find_misfits(material)
    found = chain(
        state_findings(material),
        change_findings(material),
        member_findings(material),
        inside_findings(material),
        overlap_findings(material),
        listing_findings(material, misfits),
        misfit_findings(material, misfits),
        owner_findings(material),
    )
    findings = sorted((finding for finding in found if finding is not None), key=_finding_order)
    untold = run is not None and run.source == "keyless"
    return Report(
        generated_at=now,
        run=run,
        counts=_counts(catalogue, reported, findings),
        resources=reported,
        findings=findings,
        quota=quota,
        recoveries=_recoveries(material),
        untold_channels=sum(_is_untold(item) for item in reported) if untold else 0,
        first_check=first_check,
        check_times=checks.times,
        events=_events(reported, recent),
    )


def _listed(
    catalogue: Catalogue, known: Mapping[Resource, ResourceRecord], checks: CheckHistory
) -> Sequence[ReportedResource]:
    """In order of first appearance."""
    links, states = catalogue.links, checks.states
    return spooled(
        (
            ReportedResource(
                resource, known.get(resource), tuple(links[at].link for at in positions), states.get(resource, ())
            )
            for resource, positions in catalogue.links_of.items()
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


def _recoveries(material: RuleContext) -> list[Recovery]:
    found = [
        Recovery(item, stored.at, new=material.is_new(stored.at))
        for item, stored in material.news()
        if stored.event.kind is EventKind.RECOVERED and item.state is State.AVAILABLE
    ]
    return sorted(found, key=lambda recovery: _place(recovery.item.links))


def _events(reported: Sequence[ReportedResource], recent: Iterable[StoredEvent]) -> list[ReportedEvent]:
    recent = list(recent)
    items = {item.resource: item for item in reported} if recent else {}
    return [ReportedEvent(items[stored.resource], stored) for stored in recent if stored.resource in items]


def _is_untold(item: ReportedResource) -> bool:
    return item.resource.kind is Kind.CHANNEL and item.state is State.UNKNOWN


def _counts(catalogue: Catalogue, reported: Sequence[ReportedResource], findings: Sequence[Finding]) -> Counts:
    states = Counter(item.state for item in reported)
    return Counts(
        links=len(catalogue.links),
        resources=len(reported),
        states={state: states[state] for state in State},
        ignored=catalogue.ignored,
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
    """The report with the findings that began with the last run, and counted anew."""
    recoveries = [recovery for recovery in report.recoveries if recovery.new]
    new = with_findings(report, [finding for finding in report.findings if finding.new])
    return replace(new, recoveries=recoveries, new_only=True)


def with_findings(report: Report, findings: Sequence[Finding]) -> Report:
    """The report with other findings, in their order, and counted anew."""
    return replace(report, findings=findings, counts=replace(report.counts, **_counted(findings)))
