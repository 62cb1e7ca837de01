"""JUnit XML, as Jenkins and GitLab read it: a suite for each list, a case for each resource.

An available resource has passed, one with an open finding at level error has failed. All others are skipped, with the
reason: no answer, not confirmed, or acknowledged. The other findings are in `system-out`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape

from linkwatch.models.link import Link
from linkwatch.models.observation import State
from linkwatch.models.records import Run
from linkwatch.models.resource import Kind
from linkwatch.models.rules import Level
from linkwatch.report.model import Finding, Report, ReportedResource
from linkwatch.report.summary import acceptance, also_at, evidence
from linkwatch.text import place, visible

MOST_PLACES = 10
"""Further links that a finding names."""

_Named = tuple[Kind | None, str | None]


@dataclass(frozen=True, slots=True)
class _Case:
    file: str
    line: int
    outcome: str
    """`passed`, `failures` or `skipped`: the attribute that counts it."""

    xml: str


def render(report: Report) -> str:
    """Render the report as JUnit XML, with a line end."""
    cases = sorted(_cases(report), key=lambda case: (case.file, case.line))
    head = f'<testsuites name="linkwatch"{_totals(cases)}{_seconds(report.run)}>'
    suites = [_suite(file, list(of_file), report.run) for file, of_file in groupby(cases, key=lambda case: case.file)]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>\n"])


def _cases(report: Report) -> Iterator[_Case]:
    found: dict[_Named, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        for subject in finding.subjects:
            found[subject].append(finding)
    reason = report.run.incomplete_reason if report.run is not None else None
    for item in report.resources:
        findings = found.get((item.resource.kind, item.resource.id), ())
        yield _case(_name(item), item.links[0], findings, _doubt(item, findings, reason))
    for malformed in _alike(found.get((None, None), ())):
        link = malformed[0].links[0]
        yield _case(f"malformed link {link.url}", link, malformed, "; ".join(map(_line, malformed)))


def _alike(malformed: Sequence[Finding]) -> Collection[Sequence[Finding]]:
    """By where and what they are: GitLab leaves out a second case of the same name."""
    alike: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in malformed:
        alike[_group(finding.links[0]), finding.links[0].url].append(finding)
    return alike.values()


def _group(link: Link) -> str:
    """Jenkins makes a package and a class of what stands before and after the last dot."""
    return f"{_list_name(link.file)}.{(link.section or 'links').replace('.', '_')}"


def _list_name(file: str) -> str:
    return "standard input" if file == "-" else file


def _name(item: ReportedResource) -> str:
    """What the list calls it, which stays when its title changes, and its id, which makes the name unique."""
    label = next((link.label for link in item.links if link.label), None)
    name = f"{item.resource.kind} “{label}”" if label else item.name
    return name if name.endswith(item.resource.id) else f"{name} {item.resource.id}"


def _doubt(item: ReportedResource, findings: Sequence[Finding], incomplete: str | None) -> str | None:
    """Why its test is skipped; None: it is available."""
    match item.state:
        case State.AVAILABLE:
            return None
        case State.UNKNOWN:
            return "; ".join([incomplete or "no check got an answer yet", *map(_line, findings)])
        case _:
            return "; ".join(map(_line, findings)) or item.state.value


def _case(name: str, link: Link, findings: Sequence[Finding], doubt: str | None) -> _Case:
    failing = [finding for finding in findings if _fails(finding)]
    # The place stands in the texts: Jenkins' schema has no attributes for it.
    opened = f'<testcase classname="{_xml(_group(link))}" name="{_xml(name)}"'
    if failing:
        outcome, inner = "failures", _failure(failing) + _output([each for each in findings if not _fails(each)])
    elif doubt is not None:
        outcome, inner = "skipped", f'<skipped message="{_xml(doubt)}">{_xml(doubt)}</skipped>'
    else:
        outcome, inner = "passed", _output(findings)
    return _Case(link.file, link.line, outcome, f"{opened}>{inner}</testcase>" if inner else f"{opened}/>")


def _fails(finding: Finding) -> bool:
    return finding.level is Level.ERROR and finding.acknowledged is None


def _output(findings: Sequence[Finding]) -> str:
    return f"<system-out>{_lines(findings)}</system-out>" if findings else ""


def _failure(failing: Sequence[Finding]) -> str:
    """One for all of them: neither Jenkins nor GitLab shows a second."""
    first = failing[0]
    return f'<failure type="{first.rule}" message="{_xml(first.message)}">{_lines(failing)}</failure>'


def _lines(findings: Sequence[Finding]) -> str:
    return "\n".join(_xml(_line(finding)) for finding in findings)


def _line(finding: Finding) -> str:
    where = f"{place(finding.links[0])}: " if finding.links else ""
    more = (f"({text})" for text in (*evidence(finding), *also_at(finding, MOST_PLACES), *acceptance(finding)))
    return " ".join([f"{where}{finding.level} {finding.rule}: {finding.message}", *more])


def _suite(file: str, cases: Sequence[_Case], run: Run | None) -> str:
    # In UTC and without a zone: the older schemas know no other form.
    began = "" if run is None else f' timestamp="{run.started_at:%Y-%m-%dT%H:%M:%S}"'
    skipped = f' skipped="{sum(case.outcome == "skipped" for case in cases)}"'
    where = "" if file == "-" else f' file="{_xml(file)}"'
    head = f'<testsuite name="{_xml(_list_name(file))}"{_totals(cases)}{skipped}{where}{began}>'
    return "\n".join([head, *_properties(run), *(case.xml for case in cases), "</testsuite>"])


def _properties(run: Run | None) -> Iterator[str]:
    properties: Mapping[str, str | None] = {}
    if run is not None:
        properties = {"source": run.source, "incomplete": run.incomplete_reason, "note": run.note}
    if any(properties.values()):
        inner = "".join(
            f'<property name="{name}" value="{_xml(value)}"/>' for name, value in properties.items() if value
        )
        yield f"<properties>{inner}</properties>"


def _totals(cases: Sequence[_Case]) -> str:
    """What the format asks each element to say of what is inside it."""
    outcomes = [case.outcome for case in cases]
    return f' tests="{len(cases)}" failures="{outcomes.count("failures")}" errors="0"'


def _seconds(run: Run | None) -> str:
    if run is None or run.finished_at is None:
        return ""
    return f' time="{(run.finished_at - run.started_at).total_seconds():.3f}"'


def _xml(text: str) -> str:
    """For text and for an attribute in double quotes."""
    return escape(visible(text), {'"': "&quot;"})
