"""The report for a person at a terminal: the findings, what to do about them, and last the verdict."""

import shlex
from collections.abc import Iterator, Sequence
from datetime import timedelta

from linkwatch.models.rules import GROUPS, Level
from linkwatch.report.console import PLAIN, Console
from linkwatch.report.model import Finding, Recovery, Report
from linkwatch.report.summary import (
    BACK,
    LISTS_ALONE,
    acceptance,
    also_at,
    by_file,
    evidence,
    grouped,
    headline_of,
    notes,
    source_of,
    states,
)
from linkwatch.report.wording import date_of
from linkwatch.text import counted, place, short_duration, visible

MOST_PLACES = 5
"""Further links that a finding names."""

INDENT = "    "
"""Before what belongs to a finding."""

JUST_NOW = timedelta(minutes=1)
"""Since the end of a check: within it, the time that the check took says more than when it was."""

_STYLES = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTICE: "notice"}


def render(report: Report, *, console: Console = PLAIN, hint: str = "") -> str:
    """Render the report as text, with a line end.

    Args:
        report: The report.
        console: What the terminal can show; by default a file.
        hint: What else the verdict says, such as how much can be fixed.
    """
    return "\n".join(_lines(report, console, hint)).lstrip("\n") + "\n"


def _lines(report: Report, console: Console, hint: str) -> Iterator[str]:
    for note in notes(report):
        yield from console.paragraph(visible(note), lead="Note: ", lead_style="notice", indent="  ")
    groups = grouped(report.findings)
    for group, findings in groups:
        yield ""
        yield console.style(group.title, "heading")
        for together in [[finding] for finding in findings] if console.verbose else by_file(findings):
            yield from _finding(together[0], console) if len(together) == 1 else _file(together, console)
    if report.recoveries:
        yield ""
        yield console.style(BACK, "heading")
        for recovery in report.recoveries:
            yield from _recovery(recovery, console)
    if groups or report.recoveries:
        yield ""
    yield from _what_to_do(report, console)
    if report.run is not None and report.run.incomplete_reason:
        reason = visible(report.run.incomplete_reason)
        yield from console.paragraph(reason, lead="Incomplete: ", lead_style="warning", indent="  ")
    yield from _verdict(report, console, hint)


def _finding(finding: Finding, console: Console) -> Iterator[str]:
    lead = f"  {finding.level}[{finding.rule}]  "
    yield from console.paragraph(visible(finding.message), lead=lead, lead_style=_STYLES[finding.level], indent=INDENT)
    yield from console.paragraph(" · ".join(_details(finding, console)), indent=INDENT, style="faint")
    if others := also_at(finding, MOST_PLACES):
        yield from console.paragraph(visible(others[0]), indent=INDENT, style="faint")
    if finding.links and finding.rule.shows_url:
        yield INDENT + _address(finding.links[0].url, console)
    if finding.acknowledged is None and finding.suggestions:
        yield from _suggestions(finding, console)


def _file(findings: Sequence[Finding], console: Console) -> Iterator[str]:
    """What is to be done about all of a file's links; where they are is shown with `-v`."""
    first = findings[0]
    file = first.links[0].file
    remedy = first.rule.remedy_for_file.replace("FILE", shlex.quote(file))
    text = f"{'standard input' if file == '-' else file}: {counted(len(findings), 'link')} {remedy}"
    lead = f"  {first.level}[{first.rule}]  "
    yield from console.paragraph(visible(text), lead=lead, lead_style=_STYLES[first.level], indent=INDENT)
    new = sum(finding.new for finding in findings)
    details = [f"{new:,} new"] if 0 < new < len(findings) else ["new"] if new else []
    yield from console.paragraph(" · ".join([*details, "-v lists them"]), indent=INDENT, style="faint")


def _details(finding: Finding, console: Console) -> Iterator[str]:
    """Where it is and since when; with the evidence where that is wanted."""
    if finding.links:
        yield visible(place(finding.links[0]))
    if finding.new:
        yield "new"
    if finding.since is not None:
        yield f"since {date_of(finding.since)}"
    yield from acceptance(finding)
    if console.verbose:
        yield from evidence(finding)


def _address(url: str, console: Console) -> str:
    return console.style(console.link(visible(url), url), "faint")


def _suggestions(finding: Finding, console: Console) -> Iterator[str]:
    """Where a replacement may be: as links with a text, or else in full where that is wanted."""
    if console.hyperlinks:
        links = (console.link(visible(each.text), each.url) for each in finding.suggestions)
        yield INDENT + console.style(f"see {', '.join(links)}", "faint")
    elif console.verbose:
        for each in finding.suggestions:
            text = visible(f"{each.text}: {each.url}")
            yield from console.paragraph(text, lead=INDENT, indent=INDENT + "  ", style="faint")


def _recovery(recovery: Recovery, console: Console) -> Iterator[str]:
    yield from console.paragraph(visible(recovery.item.name), lead="  back  ", lead_style="good", indent=INDENT)
    new = "new · " if recovery.new else ""
    yield INDENT + console.style(f"{new}since {date_of(recovery.since)}", "faint")


def _what_to_do(report: Report, console: Console) -> Iterator[str]:
    """A line for each rule that found something."""
    rules = {finding.rule: None for finding in report.findings if finding.acknowledged is None}
    if not rules:
        return
    yield console.style("What to do", "heading")
    width = max(len(rule.name) for rule in rules) + 4
    for rule in sorted(rules, key=lambda rule: GROUPS.index(rule.group)):
        yield from console.paragraph(rule.remedy, lead=f"  {rule.name}".ljust(width), indent=" " * width)
    text = "Run “linkwatch rule NAME” for what a rule means"
    if report.run is not None and report.run.source != "simulator":  # the database of a simulation is gone
        text += ", “linkwatch show FILE:LINE” for the history of a link"
    yield from console.paragraph(f"{text}.", indent="  ", style="faint")
    yield ""


def _verdict(report: Report, console: Console, hint: str) -> Iterator[str]:
    """What came of it, of how many links, when it was checked or how long that took, and what it cost."""
    headline = headline_of(report)
    if headline.checked and not headline.is_fine and not report.lists_only:
        yield from console.paragraph(_resources(report), indent="  ", style="faint")
    rest = [headline.remark, visible(hint), *(_check(report) if headline.checked else ())]
    if headline.is_fine:
        rest.append(_resources(report))
    text = " · ".join(filter(None, (headline.scope.strip(), *rest)))
    lead = headline.result + (" " if headline.scope else " · " if text else "")
    yield from console.paragraph(text, lead=lead, lead_style=headline.tone, indent="  ")


def _check(report: Report) -> Iterator[str]:
    run = report.run
    if run is None:
        yield LISTS_ALONE
        return
    took = None if run.finished_at is None else run.finished_at - run.started_at
    if took and run.finished_at and report.generated_at - run.finished_at < JUST_NOW:
        yield short_duration(took)
    else:
        yield f"checked {run.started_at:%Y-%m-%d %H:%M} UTC"
    if run.source != "data-api":
        yield source_of(run)
    elif report.quota is not None:
        yield f"{run.quota_units:,} of {report.quota.limit:,} units"


def _resources(report: Report) -> str:
    left = "" if report.quota is None else f" · {report.quota.left:,} quota units left today"
    return states(report) + left
