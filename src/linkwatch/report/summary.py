"""What the formats for people say alike: the groups of findings in their order, the headline, notes and totals."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linkwatch.models.link import Link
from linkwatch.models.observation import State
from linkwatch.models.records import Coverage, Run
from linkwatch.models.rules import ACCEPTED, GROUPS, Group, Level
from linkwatch.report.model import Finding, Report
from linkwatch.report.wording import answers_in_words, watched_as
from linkwatch.text import counted, listing, place, visible

BACK = "Available again"
"""The title above the recoveries."""

LISTS_ALONE = "from the lists alone, without asking YouTube"

_TONES = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTICE: "notice"}
_SOURCES = {
    "data-api": "with the YouTube Data API",
    "keyless": "without an API key (oEmbed only)",
    "simulator": "on a simulated YouTube",
}


def grouped(findings: Sequence[Finding]) -> list[tuple[Group, list[Finding]]]:
    """The groups that have findings, each with its own in their order."""
    groups = [(group, [finding for finding in findings if _belongs(finding, group)]) for group in GROUPS]
    return [(group, theirs) for group, theirs in groups if theirs]


def _belongs(finding: Finding, group: Group) -> bool:
    if finding.acknowledged is not None:
        return group is ACCEPTED
    return finding.rule.group is group


def by_file(findings: Sequence[Finding]) -> list[list[Finding]]:
    """The findings of a group, each alone but for those that have one remedy for all of a file's links."""
    together: dict[object, list[Finding]] = {}
    for finding in findings:
        is_shared = finding.rule.remedy_for_file and finding.links and finding.acknowledged is None
        key = (finding.rule, finding.level, finding.links[0].file) if is_shared else id(finding)
        together.setdefault(key, []).append(finding)
    return list(together.values())


def age(finding: Finding) -> list[str]:
    """Since when it is so, and whether that is new."""
    since = [] if finding.since is None else [f"since {finding.since:%Y-%m-%d %H:%M} UTC"]
    return [*since, "new"] if finding.new else since


def evidence(finding: Finding) -> list[str]:
    """What the endpoints answered, where the finding rests on that."""
    text = answers_in_words(finding.evidence.get("data_api"), finding.evidence.get("oembed"))
    return [text] if text else []


def acceptance(finding: Finding) -> list[str]:
    """That it is acknowledged, until when and why; empty when it is not."""
    ack = finding.acknowledged
    if ack is None:
        return []
    until = "" if ack.until is None else f" until {ack.until}"
    return [f"acknowledged{until}" + (f": {visible(ack.reason)}" if ack.reason else "")]


def elsewhere(finding: Finding) -> Sequence[Link]:
    """The links that are meant beside the first, unless the message names them all."""
    return () if finding.rule.names_places else finding.links[1:]


def also_at(finding: Finding, most: int) -> list[str]:
    """Where else it is so, as far as there is room; empty when it is so nowhere else."""
    others = [place(other) for other in elsewhere(finding)]
    return [f"also at {listing(others, most)}"] if others else []


@dataclass(frozen=True, slots=True)
class Headline:
    """What came of the check, in parts that the formats put together."""

    result: str
    """What was found: `2 errors, 3 warnings`."""

    tone: str
    """Of the result: `error`, `warning`, `notice` or `good`."""

    scope: str = ""
    """Of how many links, after the result: ` in 34 links`."""

    remark: str = ""
    """What limits the result: `but not everything could be checked`."""

    is_fine: bool = False
    """Nothing speaks against all being well; the formats add the totals."""

    checked: bool = True
    """False: no check has been made of these lists."""


def headline(report: Report) -> str:
    """What came of the check, in a line of plain words."""
    text, _, rest = headline_parts(report)
    return text + rest


def headline_parts(report: Report) -> tuple[str, str, str]:
    """The headline in two parts, what was found and the rest, and between them the tone of the first.

    The tone is `error`, `warning`, `notice` or `good`.
    """
    parts = headline_of(report)
    if not parts.checked:
        return parts.result, parts.tone, ""
    when = _when(report.run)
    if parts.is_fine:
        before = ":" if not parts.scope else f"{parts.scope},"
        return parts.result, parts.tone, f"{before} {when}; {totals(report)}"
    return parts.result, parts.tone, ", ".join(filter(None, (parts.scope, when, parts.remark)))


def headline_of(report: Report) -> Headline:
    """What came of the check."""
    counts = report.counts
    if report.changed_since is not None and not counts.links:
        return Headline("No YouTube link on changed lines", "good", checked=False)
    links = counted(counts.links, "link") + ("" if report.changed_since is None else " on changed lines")
    if report.run is None and not report.lists_only:
        return Headline(f"{links}, not checked yet: run “linkwatch check”", "notice", checked=False)
    found = ", ".join(counted(counts.levels[level], level.value) for level in _TONES if counts.levels[level])
    if nothing_was_answered(report):
        return Headline(f"Could not check {links}", "error", remark=_what_is_known(report, found))
    if found:
        worst = next(tone for level, tone in _TONES.items() if counts.levels[level])
        return Headline(found, worst, f" in {links}")
    return _nothing_found(report, links)


def _nothing_found(report: Report, links: str) -> Headline:
    nothing, scope = _nothing(report), f" in {links}"
    if report.lists_only:
        return Headline("Nothing to report", "good", scope)
    if not is_complete(report):
        remark = "but not everything could be checked"
        return Headline(nothing or "Nothing broken found", "warning", scope, remark)
    if nothing:
        return Headline(nothing, "good", scope, is_fine=True)
    fine = f"The {links} is fine" if report.counts.links == 1 else f"All {links} are fine"
    return Headline(fine, "good", is_fine=True)


def _nothing(report: Report) -> str:
    """What is said where no finding counts; empty where nothing speaks against all being well."""
    counts = report.counts
    if report.new_only:
        return "Nothing new"
    missing = counts.states[State.UNAVAILABLE] + counts.states[State.SUSPECT]
    return "Nothing to report" if missing or counts.acknowledged or not counts.links else ""


def _when(run: Run | None) -> str:
    if run is None:
        return LISTS_ALONE
    return f"checked {run.started_at:%Y-%m-%d %H:%M} UTC {source_of(run)}"


def source_of(run: Run) -> str:
    """What was asked, in words: `with the YouTube Data API`."""
    return _SOURCES.get(run.source, run.source)


def nothing_was_answered(report: Report) -> bool:
    """Whether a check of all that is listed got no answer at all."""
    run = report.run
    if run is None or run.complete or run.coverage not in {Coverage.ALL, Coverage.CHANGED}:
        return False
    return report.last_answer is None or report.last_answer < run.started_at


def _what_is_known(report: Report, found: str) -> str:
    """From when the findings are that a check without an answer leaves."""
    if report.last_answer is None:
        return "no check got an answer yet"
    return f"{found or 'what is known'} from {report.last_answer:%Y-%m-%d %H:%M} UTC"


def is_complete(report: Report) -> bool:
    """Whether everything that was to be asked about was, by the last run or one before."""
    answered = report.run is not None and report.run.complete and not report.counts.states[State.UNKNOWN]
    return report.lists_only or answered


MOST_NAMES = 5
"""Custom channel URLs that a note names."""


def notes(report: Report) -> list[str]:
    """What else a reader should know before the findings; the first may hold what a stranger wrote."""
    return list(_notes(report))


def _notes(report: Report) -> Iterator[str]:
    if report.run is not None and report.run.note:
        yield report.run.note
    if report.changed_since is not None:
        yield f"only links on lines changed since {_short(report.changed_since)} are reported"
    if report.first_check and (any(report.counts.levels.values()) or report.counts.acknowledged):
        yield "this is the first check of these lists; later checks show what changed"
    if report.custom_names:
        yield listing([watched_as(name, title) for name, title in report.custom_names], MOST_NAMES)
    if report.unchecked_channels:
        yield f"{counted(report.unchecked_channels, 'channel')} could not be checked: that takes an API key"
    if report.counts.flapping:
        flapping = "1 resource flaps" if report.counts.flapping == 1 else f"{report.counts.flapping:,} resources flap"
        yield f"{flapping} between available and missing: new again when the state has settled"
    if report.counts.ignored:
        ignored = "1 link is" if report.counts.ignored == 1 else f"{report.counts.ignored:,} links are"
        yield f"{ignored} ignored, by the settings or a comment in the list"


def _short(revision: str) -> str:
    return revision[:12] if re.fullmatch("[0-9a-f]{40,}", revision) else revision


def totals(report: Report) -> str:
    """How many resources there are, in which states, and what the check cost."""
    return " · quota: ".join(filter(None, (states(report), spent(report))))


def states(report: Report) -> str:
    """How many resources there are, in which states."""
    counts = report.counts
    resources = counted(counts.resources, "resource")
    if report.lists_only:
        return resources
    numbers = ", ".join(f"{counts.states[state]:,} {state}" for state in State if counts.states[state])
    return ": ".join(filter(None, (resources, numbers)))


def spent(report: Report) -> str:
    """What the check cost, and what is left of the day's quota; empty where it has none."""
    if report.lists_only or report.quota is None or report.run is None:
        return ""
    left = f"{report.quota.left:,} of {report.quota.limit:,} left today"
    return f"{counted(report.run.quota_units, 'unit')} spent, {left}"
