"""The JSON report, `linkwatch.report/1`: types of its own, so that nothing else changes it by accident."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any, Literal

import msgspec

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.link import Link
from linkwatch.models.observation import Reason, State
from linkwatch.models.records import CustomName, Run
from linkwatch.models.rules import Level
from linkwatch.report.formats.json_encoding import KindName, Number, Position, RuleName, Time, indented, one_of
from linkwatch.report.model import Counts, Finding, Report, ReportedResource

SCHEMA = "linkwatch.report/1"

_AT_ONCE = 1000
"""Resources or findings that are rendered together."""


_LEVELS = (Level.ERROR, Level.WARNING, Level.NOTICE)
COUNTS = (
    "links",
    "resources",
    *(state.value for state in State),
    *(f"{level.value}s" for level in _LEVELS),
    "flapping",
)
"""The names of the numbers, in the order of the contract."""


class JsonPlace(msgspec.Struct):
    """Where a link stands, and what is said beside it."""

    file: str
    line: Position
    column: Position
    label: str | None
    section: str | None
    owner: str | None


class JsonLink(JsonPlace):
    """A link of a list."""

    syntax: str = "url"
    """`url`, or the name of the syntax in which the id stands without a URL."""


class JsonOwner(msgspec.Struct):
    """The channel behind a playlist or video."""

    id: str | None
    title: str | None


class JsonCustomName(msgspec.Struct):
    """A custom channel URL that is watched as the channel whose handle or user name is spelt the same."""

    name: Annotated[str, msgspec.Meta(description="`c/NAME`, or `NAME`.")]
    by: Annotated[Literal["handle", "user_name"], msgspec.Meta(description="`user_name`: or a former handle.")]


class JsonResource(msgspec.Struct):
    """One resource."""

    kind: KindName
    id: str
    url: Annotated[str, msgspec.Meta(description="The canonical URL.", pattern="^https://")]
    state: Annotated[str, one_of(State)]
    reason: Annotated[Annotated[str, one_of(Reason)] | None, msgspec.Meta(description="Why it is unavailable.")]
    title: str | None
    owner: JsonOwner | None
    item_count: Annotated[Number | None, msgspec.Meta(description="The number of items of a playlist.")]
    first_seen: Time | None
    last_checked: Time | None
    last_available: Time | None
    links: list[JsonLink]
    custom_names: Annotated[
        list[JsonCustomName] | msgspec.UnsetType,
        msgspec.Meta(description="Of a channel that is listed by a custom URL; else left out."),
    ] = msgspec.UNSET


class JsonAcknowledgement(msgspec.Struct):
    """The acknowledgement of a finding."""

    reason: str | None
    accepted_at: Time
    until: Annotated[date | None, msgspec.Meta(description="The last day, in UTC, on which it is acknowledged.")]


class JsonFinding(msgspec.Struct):
    """One finding."""

    rule: RuleName
    level: Annotated[str, one_of(_LEVELS)]
    kind: Annotated[KindName | None, msgspec.Meta(description="Null for a link that names no resource.")]
    id: str | None
    links: list[JsonLink]
    message: str
    since: Time | None
    new: Annotated[bool, msgspec.Meta(description="No earlier check found it.")]
    acknowledged: JsonAcknowledgement | None
    evidence: Annotated[dict[str, Any], msgspec.Meta(description="What the rule rests on; each rule has its own.")]


class JsonRun(msgspec.Struct):
    """The check that the report rests on."""

    id: Number
    started_at: Time
    finished_at: Time | None
    source: Annotated[str, one_of(("data-api", "keyless", "simulator"))]
    quota_units: Number
    complete: bool
    incomplete_reason: str | None


class JsonReport(msgspec.Struct):
    """The whole report."""

    schema: Annotated[str, one_of((SCHEMA,))]
    generated_at: Time
    run: Annotated[JsonRun | None, msgspec.Meta(description="Null before the first check.")]
    counts: Annotated[dict[str, Number], msgspec.Meta(extra_json_schema={"required": list(COUNTS)})]
    resources: Sequence[JsonResource]
    findings: Sequence[JsonFinding]


def render(report: Report) -> str:
    """Render the report as JSON, with a line end."""
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """The text of `render` in pieces: that of a long list is larger than the memory should be."""
    head, between, end = indented(json_head(report)).rsplit("[]", 2)
    yield head
    yield from _array(json_resource(item) for item in report.resources)
    yield between
    yield from _array(json_finding(finding) for finding in report.findings)
    yield f"{end}\n"


def json_head(report: Report) -> JsonReport:
    """The report without its resources and findings."""
    return JsonReport(
        schema=SCHEMA,
        generated_at=_whole(report.generated_at),
        run=None if report.run is None else _run(report.run),
        counts=counts_of(report.counts),
        resources=(),
        findings=(),
    )


def _array(items: Iterable[msgspec.Struct]) -> Iterator[str]:
    """An array in the outermost object, in pieces."""
    source, opened = iter(items), False
    while some := list(islice(source, _AT_ONCE)):
        # In an object, for it to stand as far to the right; what is around it is left away.
        within = indented({"": some}).removeprefix('{\n  "": [').removesuffix("\n  ]\n}")
        yield f",{within}" if opened else f"[{within}"
        opened = True
    yield "\n  ]" if opened else "[]"


def _run(run: Run) -> JsonRun:
    return JsonRun(
        id=run.id,
        started_at=_whole(run.started_at),
        finished_at=_when(run.finished_at),
        source=run.source,
        quota_units=run.quota_units,
        complete=run.complete,
        incomplete_reason=run.incomplete_reason,
    )


def counts_of(counts: Counts) -> dict[str, int]:
    """The numbers of a report by their names in JSON."""
    states = {state.value: counts.states[state] for state in State}
    levels = {f"{level.value}s": counts.levels[level] for level in _LEVELS}
    return {"links": counts.links, "resources": counts.resources, **states, **levels, "flapping": counts.flapping}


def json_resource(item: ReportedResource) -> JsonResource:
    record = item.record
    facts = record.facts if record else None
    has_owner = facts is not None and (facts.owner_id or facts.owner_title)
    return JsonResource(
        kind=item.resource.kind,
        id=item.resource.id,
        url=item.resource.url,
        state=item.state,
        reason=record.reason if record else None,
        title=facts.title if facts else None,
        owner=JsonOwner(facts.owner_id, facts.owner_title) if facts and has_owner else None,
        item_count=facts.item_count if facts else None,
        first_seen=_when(record.first_seen) if record else None,
        last_checked=_when(record.last_checked) if record else None,
        last_available=_when(record.last_available) if record else None,
        links=json_links(item.links),
        custom_names=json_custom_names(item.custom_names) or msgspec.UNSET,
    )


def json_custom_names(names: Iterable[CustomName]) -> list[JsonCustomName]:
    """Custom channel URLs, as documents hold them."""
    return [JsonCustomName(name.id, "handle" if name.by_handle else "user_name") for name in names]


def json_finding(finding: Finding) -> JsonFinding:
    return JsonFinding(
        rule=finding.rule.name,
        level=finding.level,
        kind=finding.kind,
        id=finding.id,
        links=json_links(finding.links),
        message=finding.message,
        since=_when(finding.since),
        new=finding.new,
        acknowledged=_acknowledged(finding.acknowledged),
        evidence=_evidence(finding),
    )


def _acknowledged(ack: Acknowledgement | None) -> JsonAcknowledgement | None:
    return None if ack is None else JsonAcknowledgement(ack.reason, _whole(ack.accepted_at), ack.until)


def _evidence(finding: Finding) -> dict[str, object]:
    evidence = {
        name: _whole(value) if isinstance(value, datetime) else value for name, value in finding.evidence.items()
    }
    if finding.suggestions:
        evidence["suggestions"] = [{"text": each.text, "url": each.url} for each in finding.suggestions]
    return evidence


def json_links(links: Sequence[Link]) -> list[JsonLink]:
    return [JsonLink(k.file, k.line, k.column, k.label, k.section, k.owner, k.syntax) for k in links]


def _whole(time: datetime) -> datetime:
    """In whole seconds, as the contract shows times."""
    return time.replace(microsecond=0) if time.microsecond else time


def _when(time: datetime | None) -> datetime | None:
    return None if time is None else _whole(time)
