"""Workflow commands: GitHub's runner makes an annotation of each, beside the line that it is about.

The escapes are those of the runner's own toolkit; see “Workflow commands” in GitHub's documentation.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from linkwatch.models.link import Link
from linkwatch.models.rules import ACCEPTED, Level
from linkwatch.report.model import Finding, Report
from linkwatch.report.summary import age, also_at, evidence, grouped, headline, notes, totals
from linkwatch.text import counted, place, shortened

PER_LEVEL = 10
"""Annotations of each level that GitHub shows for a step; what comes after them is only in its log."""

LONGEST = 1_000
"""Characters of a line of a message; the runner cuts a message at 4,096."""

MOST_PLACES = 10
"""Further links that a message names."""

_DATA = {ord("%"): "%25", ord("\r"): "%0D", ord("\n"): "%0A"}
_PROPERTY = {**_DATA, ord(":"): "%3A", ord(","): "%2C"}


@dataclass(frozen=True, slots=True)
class _Annotation:
    level: Level
    title: str
    message: str
    link: Link | None = None
    """The link to show it at; None: at no file."""


def render(report: Report) -> str:
    """Render the report as workflow commands and a line of totals, with a line end."""
    annotations = list(_annotations(report))
    lines: list[str] = []
    for level in (Level.ERROR, Level.WARNING, Level.NOTICE):
        lines += map(_command, _with_the_rest([each for each in annotations if each.level is level]))
    return "\n".join([*lines, _last_line(report)]) + "\n"


def _with_the_rest(annotations: list[_Annotation]) -> list[_Annotation]:
    """All of a level; where GitHub shows not all of them, the last that it shows says how many follow."""
    shown, rest = annotations[: PER_LEVEL - 1], annotations[PER_LEVEL - 1 :]
    if len(rest) <= 1:
        return annotations
    level = rest[0].level
    text = f"and {len(rest):,} more {level}s, in the log of this step and in the job summary"
    # All are written: the log is searched too, and GitHub may come to show more of them.
    return [*shown, _Annotation(level, "linkwatch: more", text), *rest]


def _annotations(report: Report) -> Iterator[_Annotation]:
    """What weighs most comes first: that not all was asked, what is broken, what is new."""
    if report.run is None and not report.lists_only:
        yield _Annotation(Level.WARNING, "linkwatch: incomplete", headline(report))
    elif report.run is not None and report.run.incomplete_reason:
        yield _Annotation(Level.WARNING, "linkwatch: incomplete", shortened(report.run.incomplete_reason, LONGEST))
    for note in notes(report):
        yield _Annotation(Level.NOTICE, "linkwatch: note", shortened(note, LONGEST))
    for group, findings in grouped(report.findings):
        if group is not ACCEPTED:
            yield from map(_annotation, sorted(findings, key=lambda finding: not finding.new))


def _annotation(finding: Finding) -> _Annotation:
    link = finding.links[0] if finding.links and finding.links[0].file != "-" else None
    lines = [shortened(line, LONGEST) for line in _message(finding, link)]
    return _Annotation(finding.level, f"linkwatch: {finding.rule}", "\n".join(lines), link)


def _message(finding: Finding, link: Link | None) -> Iterator[str]:
    yield finding.message
    if finding.links and link is None:
        yield f"at {place(finding.links[0])}"
    yield from also_at(finding, MOST_PLACES)
    if details := [*age(finding), *evidence(finding)]:
        yield " · ".join(details)
    for suggestion in finding.suggestions:
        yield f"{suggestion.text}: {suggestion.url}"


def _command(annotation: _Annotation) -> str:
    properties = {**_position(annotation.link), "title": annotation.title}
    text = ",".join(f"{name}={value.translate(_PROPERTY)}" for name, value in properties.items())
    return f"::{annotation.level} {text}::{annotation.message.translate(_DATA)}"


def _position(link: Link | None) -> Mapping[str, str]:
    # No end of the column: the file's own format may have escaped the URL, which is then longer there.
    if link is None:
        return {}
    return {"file": shortened(link.file, LONGEST), "line": str(link.line), "col": str(link.column)}


def _last_line(report: Report) -> str:
    """For the log. It holds nothing that a stranger wrote, so it can be no command."""
    result, counts = headline(report), totals(report)
    accepted = [f"{counted(report.counts.acknowledged, 'finding')} acknowledged"]
    return "; ".join(
        [result, *([] if counts in result else [counts]), *(accepted if report.counts.acknowledged else [])]
    )
