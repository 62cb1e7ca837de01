"""The inventory for a spreadsheet: a row for every link and each resource it names, and what is stored of it.

The names of the columns are those of a list: the table can be checked again as it is. It begins with a byte order mark,
without which Excel takes UTF-8 for its machine's own encoding; LibreOffice and linkwatch read it with one too.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from linkwatch.models.link import Link
from linkwatch.models.observation import Facts
from linkwatch.report.model import Finding, Report, ReportedResource
from linkwatch.report.summary import acceptance
from linkwatch.text import visible

COLUMNS = (
    "file", "line", "section", "label", "owner", "url",
    "state", "reason", "level", "rules", "messages",
    "kind", "id", "title", "channel", "item_count",
    "first_seen", "last_checked", "last_available",
)  # fmt: skip
"""`label`, `section` and `owner` are what the list says, `title` and `channel` what YouTube does; times are UTC."""

_FORMULA = re.compile(r"(^|;)(?=[\s\u200b-\u200d\u2060\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫])")
"""Where a spreadsheet would begin to reckon; Excel in half of Europe takes a semicolon for the end of the cell."""

_Cells = list[str | int | None]
_Place = tuple[str | None, str, int, int]
"""Id, file, line and column."""


@dataclass(frozen=True, slots=True)
class _Sink:
    """What `csv` writes to."""

    rows: list[str]

    def write(self, row: str) -> None:
        self.rows.append(row)


def render(report: Report) -> str:
    """Render the inventory as CSV (RFC 4180), with a byte order mark and a line end."""
    sink = _Sink(["\ufeff"])
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(report))
    return "".join(sink.rows)


def _rows(report: Report) -> Iterator[_Cells]:
    found = _by_place(report.findings)
    for item in report.resources:
        about = _resource(item)
        for link in item.links:
            findings = found.get((item.resource.id, link.file, link.line, link.column), ())
            yield [*_entry(link, item.resource.url), *_state(item), *_findings(findings), *about]
    for finding in report.findings:
        if finding.id is None:  # a malformed link: no resource has it
            for link in finding.links:
                yield [*_entry(link, _text(link.url)), None, None, *_findings([finding]), *[None] * 8]


def _by_place(findings: Sequence[Finding]) -> Mapping[_Place, list[Finding]]:
    found: dict[_Place, list[Finding]] = defaultdict(list)
    for finding in findings:
        for _, id_ in finding.subjects:
            for link in finding.links:
                found[id_, link.file, link.line, link.column].append(finding)
    return found


def _entry(link: Link, url: str | None) -> _Cells:
    return [_text(link.file), link.line, _text(link.section), _text(link.label), _text(link.owner), url]


def _state(item: ReportedResource) -> _Cells:
    return [item.state, item.record.reason if item.record is not None else None]


def _findings(findings: Sequence[Finding]) -> _Cells:
    if not findings:
        return [None, None, None]
    open_ = [finding.level for finding in findings if finding.acknowledged is None]
    return [
        next(iter(open_), "accepted"),  # the worst comes first
        ", ".join(finding.rule.name for finding in findings),
        _text(" | ".join(map(_message, findings))),
    ]


def _message(finding: Finding) -> str:
    return " ".join([finding.message, *(f"({text})" for text in acceptance(finding))])


def _resource(item: ReportedResource) -> _Cells:
    record = item.record
    facts = record.facts if record is not None else Facts()
    return [
        item.resource.kind,
        _text(item.resource.id),
        _text(facts.title),
        _text(facts.owner_title),
        facts.item_count,
        *(
            (_time(record.first_seen), _time(record.last_checked), _time(record.last_available))
            if record
            else [None] * 3
        ),
    ]


def _text(text: str | None) -> str | None:
    """For a cell: on one line, and with an apostrophe before what a spreadsheet would take for a formula."""
    # Nearly all are harmless, and to see that takes a tenth of the time that replacing nothing does.
    if text is None or (text[:1].isalnum() and text.isprintable() and ";" not in text):
        return text
    return _FORMULA.sub(r"\1'", visible(text))


def _time(time: datetime | None) -> str | None:
    """In the form that spreadsheets know for a time, which has no zone."""
    return None if time is None else time.isoformat(" ")[:19]
