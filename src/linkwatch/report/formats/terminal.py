"""The report for a person at a terminal: what is dead first, then what changed, then the counts and what to do."""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from linkwatch.observation import State
from linkwatch.report.escaping import visible
from linkwatch.report.report import Finding, Recovery, Report
from linkwatch.settings import Level, Rule

Style = Callable[[str, str], str]
"""Text and a name of a style → text with or without colour."""

NARROWEST = 60
"""Columns below which lines are not wrapped: the terminal does it better."""


@dataclass(frozen=True, slots=True)
class _Group:
    title: str
    rules: frozenset[Rule]
    hint: str


_ACCEPTED = _Group(
    "Known and accepted", frozenset(), "nothing: all that was found is accepted; “linkwatch ack --list” shows by whom"
)
_GROUPS = (
    _Group(
        "Broken",
        frozenset({Rule.DEAD, Rule.EMPTIED, Rule.MALFORMED}),
        "replace or remove the broken links; “linkwatch show ID” tells all that is known of one",
    ),
    _Group(
        "Missing, not confirmed",
        frozenset({Rule.SUSPECT}),
        "nothing yet for what is missing: the next checks confirm it or bring it back",
    ),
    _Group(
        "Changed",
        frozenset({Rule.SHRUNK, Rule.OWNER_CHANGED, Rule.RESTRICTED, Rule.RETITLED, Rule.GROWN}),
        "look whether what changed is still what your list wants",
    ),
    _Group(
        "In the list",
        frozenset({Rule.DUPLICATE, Rule.MISLABELLED, Rule.UNCANONICAL, Rule.UNMONITORABLE, Rule.STALE}),
        "correct the entries at the lines that are named",
    ),
    _ACCEPTED,
)

_STYLES = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTICE: "notice"}
_SOURCES = {
    "data-api": "by the YouTube Data API",
    "keyless": "without a key, by oEmbed",
    "simulator": "on a simulated YouTube",
}


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
    yield _headline(report, style)
    yield from _warnings(report, style)
    places = max((len(_place(finding)) for finding in report.findings), default=0)
    rules = max((len(finding.rule) for finding in report.findings), default=0)
    groups = [(group, [finding for finding in report.findings if _belongs(finding, group)]) for group in _GROUPS]
    shown = [(group, findings) for group, findings in groups if findings]
    for group, findings in shown:
        yield ""
        yield style(group.title, "heading")
        for finding in findings:
            yield from _finding(finding, style, width, places, rules)
    if report.recoveries:
        yield ""
        yield style("Back again", "heading")
        yield from (_recovery(recovery, style) for recovery in report.recoveries)
    if shown or report.recoveries or not _is_complete(report):
        yield ""
        yield from _summary(report, style, [group for group, _ in shown])


def _belongs(finding: Finding, group: _Group) -> bool:
    if finding.acknowledged is not None:
        return group is _ACCEPTED
    return finding.rule in group.rules


def _headline(report: Report, style: Style) -> str:
    counts = report.counts
    links = counted(counts.links, "link")
    if report.run is None:
        return style(f"{links}, nothing asked yet: run “linkwatch check”", "notice")
    told = [
        counted(counts.levels[level], level.value)
        for level in (Level.ERROR, Level.WARNING, Level.NOTICE)
        if counts.levels[level]
    ]
    when = f"checked {report.run.started_at:%Y-%m-%d %H:%M} UTC {_SOURCES.get(report.run.source, report.run.source)}"
    if told:
        worst = next(level for level in _STYLES if counts.levels[level])
        return f"{style(', '.join(told), _STYLES[worst])} in {links}, {when}"
    if not _is_complete(report):
        nothing = "Nothing new" if report.new_only else "Nothing broken"
        return f"{style(f'{nothing} was found', 'warning')} in {links}, {when}, but not everything was asked"
    if report.new_only or counts.states[State.UNAVAILABLE] or counts.states[State.SUSPECT]:
        nothing = "Nothing new" if report.new_only else "Nothing to report"
        return f"{style(nothing, 'good')} in {links}, {when}; {_totals(report)}"
    fine = "The 1 link is fine" if counts.links == 1 else f"All {links} are fine"
    return f"{style(fine, 'good')}: {when}; {_totals(report)}"


def _is_complete(report: Report) -> bool:
    """Whether everything that can be asked about was, by the last run or one before."""
    return report.run is not None and report.run.complete and not report.counts.states[State.UNKNOWN]


def _warnings(report: Report, style: Style) -> Iterator[str]:
    if report.run is not None and report.run.incomplete_reason:
        yield style("Incomplete: ", "warning") + visible(report.run.incomplete_reason)
    if report.run is not None and report.run.note:
        yield style("Note: ", "warning") + visible(report.run.note)
    if report.first_check and report.findings:
        yield style("Note: ", "notice") + "this is the first check of these lists: what changed can't be told yet"
    if report.untold_channels:
        yield style("Note: ", "notice") + (
            f"{counted(report.untold_channels, 'channel')} could not be asked about: that takes an API key"
        )
    if report.counts.ignored:
        ignored = "1 link is" if report.counts.ignored == 1 else f"{report.counts.ignored:,} links are"
        yield style("Note: ", "notice") + f"{ignored} ignored, by the settings or a comment in the list"


def _finding(finding: Finding, style: Style, width: int | None, places: int, rules: int) -> Iterator[str]:
    head = f"  {finding.level:<7}  {_place(finding):<{places}}  {finding.rule:<{rules}}  "
    message = visible(finding.message)
    indent = " " * len(head)
    lines = [message] if width is None else textwrap.wrap(message, max(width - len(head), 30), break_on_hyphens=False)
    yield style(head, _STYLES[finding.level]) + (lines or [""])[0]
    yield from (indent + line for line in lines[1:])
    details = [*_age(finding), *_acceptance(finding), *_address(finding)]
    if details:
        yield indent + style(" · ".join(details), "faint")
    if finding.acknowledged is None:
        for suggestion in finding.suggestions:
            yield indent + style(f"{suggestion.text}: {suggestion.url}", "faint")


def _recovery(recovery: Recovery, style: Style) -> str:
    new = ", new" if recovery.new else ""
    when = style(f"since {recovery.since:%Y-%m-%d %H:%M} UTC{new}", "faint")
    return f"  {style('back', 'good')}     {visible(recovery.item.name)} · {when}"


def _age(finding: Finding) -> list[str]:
    since = [] if finding.since is None else [f"since {finding.since:%Y-%m-%d %H:%M} UTC"]
    return [*since, "new"] if finding.new else since


def _acceptance(finding: Finding) -> list[str]:
    ack = finding.acknowledged
    if ack is None:
        return []
    until = "" if ack.until is None else f" until {ack.until}"
    return [f"accepted{until}" + (f": {visible(ack.reason)}" if ack.reason else "")]


def _address(finding: Finding) -> list[str]:
    """The link as it is listed, where one will want to open it."""
    opened = {Rule.DEAD, Rule.SUSPECT, Rule.EMPTIED, Rule.MISLABELLED}
    return [visible(finding.links[0].url)] if finding.links and finding.rule in opened else []


def _place(finding: Finding) -> str:
    if not finding.links:
        return "-"
    link = finding.links[0]
    return visible(f"{link.file}:{link.line}:{link.column}")


def _summary(report: Report, style: Style, shown: Sequence[_Group]) -> Iterator[str]:
    yield _totals(report)
    if shown:
        yield style("What to do: ", "heading") + shown[0].hint


def _totals(report: Report) -> str:
    counts = report.counts
    states = ", ".join(f"{counts.states[state]:,} {state}" for state in State if counts.states[state])
    told = f"{counted(counts.resources, 'resource')}: {states}"
    if report.quota is not None and report.run is not None:
        left = f"{report.quota.left:,} of {report.quota.limit:,} left today"
        told += f" · quota: {counted(report.run.quota_units, 'unit')} spent, {left}"
    return told


def counted(number: int, noun: str) -> str:
    """A number and what it counts: `1 link`, `2 links`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
