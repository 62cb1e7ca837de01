"""SARIF 2.1.0, for code scanning: each finding is a result at its link, within the limits that GitHub sets.

An incomplete check is a notification of the invocation, never a result.
"""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

import msgspec

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.link import Link
from linkwatch.models.records import Run
from linkwatch.models.rules import RULES, Level, Rule
from linkwatch.report.model import Finding, Report
from linkwatch.report.summary import notes
from linkwatch.text import visible
from linkwatch.version import __version__

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

MOST_RESULTS = 25_000
"""GitHub refuses a file with more."""

MOST_PLACES = 100
"""Other links of one finding; GitHub shows no more."""

LONGEST = 1_000
"""Characters of a message: a title may have any length."""

_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTICE: "note"}


def render(report: Report) -> str:
    """Render the report as SARIF, with a line end."""
    index = {name: at for at, name in enumerate(RULES)}
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
                "results": [_result(finding, index[finding.rule.name]) for finding in findings[:MOST_RESULTS]],
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def _driver() -> dict[str, object]:
    return {"name": "linkwatch", "semanticVersion": __version__, "rules": [_rule(rule) for rule in RULES.values()]}


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.name,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": f"Fires when {rule.description}."},
        "help": {"text": rule.remedy},
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
    }


def _invocation(report: Report) -> dict[str, object]:
    run = report.run
    invocation: dict[str, object] = {
        "executionSuccessful": report.lists_only or (run is not None and run.complete),
        "toolExecutionNotifications": [
            {"level": level, "message": {"text": _text(text)}} for level, text in _notifications(report)
        ],
    }
    return invocation if run is None else {**_times(run), **invocation}


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


def _result(finding: Finding, rule_index: int) -> dict[str, object]:
    others = finding.links[1 : MOST_PLACES + 1]
    return {
        "ruleId": finding.rule.name,
        "ruleIndex": rule_index,
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
