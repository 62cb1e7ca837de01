"""SARIF 2.1.0, for code scanning: each finding is a result at its entry, within the limits that GitHub sets.

An incomplete check is a notification of the invocation, never a result.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import quote

import msgspec

from linkwatch import __version__
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.link import Link
from linkwatch.models.records import Run
from linkwatch.models.rules import DEFAULT_LEVELS, Level, Rule
from linkwatch.report.model import Finding, Report
from linkwatch.report.summary import notes
from linkwatch.text import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

MOST_RESULTS = 25_000
"""GitHub refuses a file with more."""

MOST_PLACES = 100
"""Other entries of one finding; GitHub shows no more."""

LONGEST = 1_000
"""Characters of a message: a title may have any length."""

_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTICE: "note"}

_RULES: Mapping[Rule, tuple[str, str, str]] = {
    Rule.DEAD: (
        "The link is dead",
        "It is gone or private, confirmed by two witnesses or by several checks.",
        "Replace or remove the link. An archived copy may tell what it was.",
    ),
    Rule.MALFORMED: (
        "The link can't name anything",
        "It leads to YouTube, but its address holds no complete id.",
        "Copy the link again from YouTube.",
    ),
    Rule.EMPTIED: (
        "The playlist is empty",
        "The playlist is there, but it has no videos left.",
        "Replace or remove the link.",
    ),
    Rule.SUSPECT: (
        "It is missing, not confirmed",
        "A witness misses it, which is not enough to call it dead.",
        "Nothing yet: the next checks confirm it or bring it back.",
    ),
    Rule.DUPLICATE: (
        "The same thing is listed more than once",
        "Several entries name one resource, under whatever addresses.",
        "Keep one of the entries, and look whether another one was meant to name something else.",
    ),
    Rule.MISLABELLED: (
        "The label doesn't fit the title",
        "What the list calls it and what YouTube calls it have no words in common, or other numbers.",
        "Look what is behind the link, then correct the label or the link.",
    ),
    Rule.OWNER_CHANGED: (
        "It comes from another channel",
        "The channel behind it is another one than before, or than the list says.",
        "Look whether it is still what the list wants, then correct the owner or the link.",
    ),
    Rule.RESTRICTED: (
        "Not everybody can watch it",
        "It asks for one's age, is blocked in some countries, or can't be embedded.",
        "Look for another upload, or tell the readers of the list.",
    ),
    Rule.HOLLOW: (
        "Many videos of the playlist are gone",
        "A share of the playlist's videos is private or gone, though they are still listed in it.",
        "Look for another playlist, or tell its owner.",
    ),
    Rule.SHRUNK: (
        "Videos went from the playlist",
        "The playlist has fewer videos than before.",
        "Look whether it is still what the list wants.",
    ),
    Rule.STALE: (
        "No check got an answer for long",
        "What is known of it is older than the settings allow.",
        "Look why the checks get no answers: “linkwatch doctor” tells.",
    ),
    Rule.UNMONITORABLE: (
        "Nothing can be asked about it",
        "It is another one for every viewer, or has an address that can't be looked up.",
        "List something that everybody sees alike: a playlist, a video, or a channel by its handle or id.",
    ),
    Rule.MISPLACED: (
        "The video is not in the playlist",
        "The entry names a video within a playlist that doesn't hold it.",
        "Take the playlist out of the address, or list another video.",
    ),
    Rule.RETITLED: (
        "It has a new title",
        "Its owner gave it another title.",
        "Look whether the label still fits.",
    ),
    Rule.GROWN: (
        "The playlist has more videos",
        "Videos came to the playlist.",
        "Nothing: it is only told.",
    ),
    Rule.OVERLAP: (
        "Two playlists share most of their videos",
        "The list names two playlists that are nearly the same.",
        "Keep the better one: the message says which.",
    ),
    Rule.UNCANONICAL: (
        "A better address exists",
        "The link works, but it holds more than it needs, or is an old form.",
        "Write the address as the message says.",
    ),
}
"""What the rule finds, in short and in a sentence, and what to do."""

_INDEX = {rule: at for at, rule in enumerate(_RULES)}


def render(report: Report) -> str:
    """Render the report as SARIF, with a line end."""
    # What is accepted goes last: if something must be left out, it is that.
    findings = sorted(report.findings, key=lambda finding: finding.acknowledged is not None)
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver()},
                "invocations": [_invocation(report)],
                "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The folder in which linkwatch ran."}}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding) for finding in findings[:MOST_RESULTS]],
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def _driver() -> dict[str, object]:
    return {"name": "linkwatch", "semanticVersion": __version__, "rules": [_rule(rule) for rule in _RULES]}


def _rule(rule: Rule) -> dict[str, object]:
    short, full, help_ = _RULES[rule]
    return {
        "id": rule.value,
        "shortDescription": {"text": short},
        "fullDescription": {"text": full},
        "help": {"text": help_},
        "defaultConfiguration": {"level": _LEVELS[DEFAULT_LEVELS[rule]]},
    }


def _invocation(report: Report) -> dict[str, object]:
    run = report.run
    told: dict[str, object] = {
        "executionSuccessful": report.lists_only or (run is not None and run.complete),
        "toolExecutionNotifications": [
            {"level": level, "message": {"text": _text(text)}} for level, text in _notifications(report)
        ],
    }
    return told if run is None else {**_times(run), **told}


def _times(run: Run) -> dict[str, str]:
    times = {"startTimeUtc": run.started_at, "endTimeUtc": run.finished_at}
    return {name: _time(time) for name, time in times.items() if time is not None}


def _notifications(report: Report) -> Iterator[tuple[str, str]]:
    run = report.run
    if run is None and not report.lists_only:
        yield "warning", "nothing was asked yet: run “linkwatch check”"
    elif run is not None and not run.complete:
        yield "warning", f"the check is incomplete: {run.incomplete_reason or 'it did not come to its end'}"
    for note in notes(report):
        yield "note", note
    if len(report.findings) > MOST_RESULTS:
        left_out = len(report.findings) - MOST_RESULTS
        yield "warning", f"{left_out:,} findings of the least weight are left out: GitHub takes {MOST_RESULTS:,}"


def _result(finding: Finding) -> dict[str, object]:
    others = finding.links[1 : MOST_PLACES + 1]
    return {
        "ruleId": finding.rule.value,
        "ruleIndex": _INDEX[finding.rule],
        "level": _LEVELS[finding.level],
        "message": {"text": _text(finding.message)},
        "locations": [_location(link) for link in finding.links[:1]],
        "relatedLocations": [
            {"id": number, **_location(link), "message": {"text": _text(link.label or link.url)}}
            for number, link in enumerate(others, 1)
        ],
        "partialFingerprints": {"linkwatch/v1": finding.fingerprint},
        "baselineState": "new" if finding.new else "unchanged",
        "suppressions": [] if finding.acknowledged is None else [_suppression(finding.acknowledged)],
        "properties": _properties(finding),
    }


def _location(link: Link) -> dict[str, object]:
    # No end of the region: the file's own format may have escaped the URL, which is then longer there.
    region = {"startLine": link.line, "startColumn": link.column}
    return {"physicalLocation": {"artifactLocation": _artifact(link.file), "region": region}}


def _artifact(file: str) -> dict[str, str]:
    if file == "-":
        return {"uri": "stdin"}  # it is no file, but GitHub takes no result without one
    path = quote(file, errors="surrogatepass")
    if file.startswith("/"):
        return {"uri": f"file://{path}"}
    # A colon before the first slash would make a scheme of what is before it; `quote` escapes it.
    return {"uri": path, "uriBaseId": "%SRCROOT%"}


def _suppression(ack: Acknowledgement) -> dict[str, str]:
    justification = {"justification": _text(ack.reason)} if ack.reason else {}
    return {"kind": "external", "status": "accepted", **justification}


def _properties(finding: Finding) -> dict[str, object]:
    return {
        "kind": finding.kind,
        "id": None if finding.id is None else visible(finding.id),
        "since": None if finding.since is None else _time(finding.since),
        "suggestions": [{"text": visible(each.text), "url": visible(each.url)} for each in finding.suggestions],
    }


def _text(text: str) -> str:
    """A plain text message: on one line, not too long, and without the `[text](target)` that is a link even there."""
    shown = visible(text).replace("](", "] (")
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def _time(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
