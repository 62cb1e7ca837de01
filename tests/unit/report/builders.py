"""Reports built directly: entries, what is known of them, and what happened."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.models.events import Event, EventKind
from linkwatch.models.link import DuplicateScope, Link
from linkwatch.models.observation import Answer, Facts, Member, MemberState, Reason, ResourceRecord, State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import (
    NO_INSPECTIONS,
    InspectionResults,
    LastInspection,
    Run,
    StoredEvent,
    StoredMemberChange,
)
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import RULES, Level, Rule, default_levels
from linkwatch.report.build import build_report
from linkwatch.report.input import ReportInput
from linkwatch.report.model import Finding, QuotaSummary, Report
from linkwatch.settings import Settings

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
RUN_AT = NOW - timedelta(minutes=5)
DAY = timedelta(days=1)
YESTERDAY = RUN_AT - DAY
LONG_AGO = RUN_AT - 100 * DAY

PLAYLIST = Resource(Kind.PLAYLIST, "PLDesaqWTN6ESk16YRmzuJ8f6-rnuy0Ry7")
OTHER = Resource(Kind.PLAYLIST, "PLF797E961509B4EB5")
VIDEO = Resource(Kind.VIDEO, "haHLRD0QZ08")
CHANNEL = Resource(Kind.CHANNEL, "UCYO_jab_esuFRV4b17AJtAw")
MALFORMED = "https://www.youtube.com/watch?v=short"
WATCH_LATER = "https://www.youtube.com/playlist?list=WL"

RUN = Run(3, "data-api", RUN_AT, RUN_AT + timedelta(seconds=2), 4, True, None, None)

Events = Mapping[tuple[Resource, EventKind], StoredEvent]


EVERYWHERE = Settings(duplicates=DuplicateScope.EVERYWHERE)


def entry(
    named: Resource | str,
    label: str | None = None,
    *,
    file: str = "list.md",
    line: int = 1,
    column: int = 1,
    owner: str | None = None,
    section: str | None = None,
) -> Link:
    """An entry of a list, by its URL or by what it names."""
    return Link(named if isinstance(named, str) else named.url, file, line, column, label, section, owner)


def living(
    title: str | None = None, *, owner: str | None = None, checked: datetime = RUN_AT, **facts: object
) -> ResourceRecord:
    """What is known of something that the last run saw."""
    stored_facts = Facts(title=title, owner_title=owner, **facts)  # type: ignore[arg-type]  # each by its name
    return ResourceRecord(
        State.AVAILABLE,
        state_since=LONG_AGO,
        first_seen=LONG_AGO,
        last_checked=checked,
        last_available=checked,
        api=Answer.PRESENT,
        facts=stored_facts,
    )


def missing(
    state: State,
    *,
    since: datetime = RUN_AT,
    reason: Reason | None = None,
    api: Answer | None = Answer.ABSENT,
    oembed: Answer | None = Answer.ABSENT,
    last_available: datetime | None = YESTERDAY,
    missed_checks: int = 0,
    title: str | None = "Calculus 3",
    checked: datetime = RUN_AT,
) -> ResourceRecord:
    """What is known of something that is suspect or gone."""
    return ResourceRecord(
        state,
        state_since=since,
        first_seen=LONG_AGO,
        reason=reason,
        last_checked=checked,
        last_available=last_available,
        missed_checks=missed_checks,
        api=api,
        oembed=oembed,
        facts=Facts(title=title),
    )


def unanswered(first_seen: datetime = LONG_AGO) -> ResourceRecord:
    """What is known of something that no witness ever answered about."""
    return ResourceRecord(State.UNKNOWN, state_since=first_seen, first_seen=first_seen)


def happened(
    resource: Resource, kind: EventKind, before: str | None, after: str | None, at: datetime = RUN_AT
) -> tuple[tuple[Resource, EventKind], StoredEvent]:
    """An event, under the key by which a report knows it."""
    return (resource, kind), StoredEvent(resource, Event(kind, before, after), at, RUN.id)


def lecture(
    number: int,
    state: MemberState = MemberState.AVAILABLE,
    *,
    since: datetime = LONG_AGO,
    title: str | None = "",
    restrictions: tuple[str, ...] | None = None,
    left_at: datetime | None = None,
) -> Member:
    """The lecture of this number, by which people call it, in its place in a course; None: its title was purged."""
    return Member(
        video_id=f"{number:010d}A",
        occurrence=0,
        position=number - 1,
        state=state,
        state_since=since,
        first_seen=LONG_AGO,
        title=f"Lecture {number}" if title == "" else title,
        restrictions=restrictions,
        left_at=left_at,
    )


def looked(members: int, gone: int = 0, *, due: bool = False) -> LastInspection:
    """The last look inside a playlist, which the last run made."""
    return LastInspection(1, RUN_AT, due, None, members, closed=False, member_count=members, lost_count=gone)


def turned(
    change: MemberChangeKind, number: int, *, at: datetime = RUN_AT, title: str | None = "", by: str | None = None
) -> StoredMemberChange:
    """What happened to a lecture; when another replaced it, by the title of that."""
    member = lecture(number, title=title)
    return StoredMemberChange(
        change, member, at, RUN.id, member.position, None if by is None else "byAnother0A", by or None
    )


def with_levels(**levels: Level) -> Settings:
    """The default settings with other levels: `dead=Level.OFF`."""
    return Settings(
        levels={**default_levels(), **{RULES[name.replace("_", "-")]: level for name, level in levels.items()}}
    )


def report_of(
    links: Iterable[Link],
    known: Mapping[Resource, ResourceRecord] | None = None,
    events: Iterable[tuple[tuple[Resource, EventKind], StoredEvent]] = (),
    *,
    first_seen: Callable[[Link], datetime | None] = lambda link: LONG_AGO,
    listed_since: Callable[[Link, Resource], datetime | None] = lambda link, resource: LONG_AGO,
    run: Run | None = RUN,
    new_since: datetime | None = None,
    quota: QuotaSummary | None = None,
    settings: Settings | None = None,
    now: datetime = NOW,
    inside: InspectionResults = NO_INSPECTIONS,
) -> Report:
    """The report of these entries."""
    return build_report(
        ReportInput(
            now=now,
            catalogue=catalogue_links(links),
            records=known or {},
            first_seen=first_seen,
            listed_since=listed_since,
            new_since=new_since,
            events=dict(events),
            run=run,
            quota=quota,
            settings=settings or Settings(),
            inspections=inside,
        )
    )


def found(report: Report, rule: Rule) -> list[Finding]:
    """The findings of one rule."""
    return [finding for finding in report.findings if finding.rule is rule]


def without_key(run: Run = RUN) -> Run:
    """The same run, without a key."""
    return replace(run, source="keyless")
