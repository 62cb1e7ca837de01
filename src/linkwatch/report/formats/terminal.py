"""The report for a person at a terminal: what is dead first, then what changed, then the counts and what to do."""

import textwrap
from collections.abc import Callable, Iterator, Sequence

from linkwatch.models.rules import Group, Level
from linkwatch.report.model import Finding, Recovery, Report
from linkwatch.report.summary import (
    BACK,
    acceptance,
    age,
    also_at,
    evidence,
    grouped,
    headline,
    headline_parts,
    is_complete,
    notes,
    totals,
)
from linkwatch.text import visible

Style = Callable[[str, str], str]
"""Text and a name of a style → text with or without colour."""

NARROWEST = 60
"""Columns below which lines are not wrapped: the terminal does it better."""

NARROW = 30
"""Columns beside place and rule below which a message stands under them: places may be long."""

UNDER = 11
"""Columns before such a message: those before the place."""

MOST_PLACES = 5
"""Further entries that a finding names."""

_STYLES = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTICE: "notice"}


def plain(text: str, _name: str) -> str:
    """No colour."""
    return text


def render(report: Report, *, style: Style = plain, width: int | None = None) -> str:
    """Render the report as text, with a line end.

    Args:
        report: The report.
        style: Colours a piece of text; plain by default.
        width: Columns to wrap at; None for a pipe or a file, where a finding stays on its line.
    """
    return "\n".join(_lines(report, style, width if width is None or width >= NARROWEST else None)) + "\n"


def _lines(report: Report, style: Style, width: int | None) -> Iterator[str]:
    result, tone, rest = headline_parts(report)
    yield style(result, tone) + rest
    yield from _warnings(report, style)
    places = max((len(_place(finding)) for finding in report.findings), default=0)
    rules = max((len(finding.rule.name) for finding in report.findings), default=0)
    shown = grouped(report.findings)
    for group, findings in shown:
        yield ""
        yield style(group.title, "heading")
        for finding in findings:
            yield from _finding(finding, style, width, places, rules)
    if report.recoveries:
        yield ""
        yield style(BACK, "heading")
        yield from (_recovery(recovery, style) for recovery in report.recoveries)
    summary = list(_summary(report, style, [group for group, _ in shown]))
    if summary and (shown or report.recoveries or not is_complete(report)):
        yield ""
        yield from summary


def _warnings(report: Report, style: Style) -> Iterator[str]:
    if report.run is not None and report.run.incomplete_reason:
        yield style("Incomplete: ", "warning") + visible(report.run.incomplete_reason)
    for note in notes(report):
        yield style("Note: ", "notice") + visible(note)


def _finding(finding: Finding, style: Style, width: int | None, places: int, rules: int) -> Iterator[str]:
    head = f"  {finding.level:<7}  {_place(finding):<{places}}  {finding.rule:<{rules}}  "
    is_beside = width is None or width - len(head) >= NARROW
    indent = " " * (len(head) if is_beside else UNDER)
    first, *more = _wrapped(visible(finding.message), None if width is None else width - len(indent))
    yield style(head if is_beside else head.rstrip(), _STYLES[finding.level]) + (first if is_beside else "")
    yield from (indent + line for line in (more if is_beside else [first, *more]))
    also = map(visible, also_at(finding, MOST_PLACES))
    details = [*age(finding), *evidence(finding), *acceptance(finding), *also, *_address(finding)]
    if details:
        yield indent + style(" · ".join(details), "faint")
    if finding.acknowledged is None:
        for suggestion in finding.suggestions:
            yield indent + style(visible(f"{suggestion.text}: {suggestion.url}"), "faint")


def _wrapped(text: str, width: int | None) -> list[str]:
    """At least one line."""
    return (textwrap.wrap(text, width, break_on_hyphens=False) if width is not None else [text]) or [""]


def _recovery(recovery: Recovery, style: Style) -> str:
    new = ", new" if recovery.new else ""
    when = style(f"since {recovery.since:%Y-%m-%d %H:%M} UTC{new}", "faint")
    return f"  {style('back', 'good')}     {visible(recovery.item.name)} · {when}"


def _address(finding: Finding) -> list[str]:
    """The link as it is listed, where one will want to open it."""
    return [visible(finding.links[0].url)] if finding.links and finding.rule.shows_url else []


def _place(finding: Finding) -> str:
    if not finding.links:
        return "-"
    link = finding.links[0]
    return visible(f"{link.file}:{link.line}:{link.column}")


def _summary(report: Report, style: Style, shown: Sequence[Group]) -> Iterator[str]:
    sums = totals(report)
    if sums not in headline(report):
        yield sums
    if shown:
        yield style("What to do: ", "heading") + shown[0].hint
