"""The JSON report as JSON Lines: a line for the report, then one for each resource and each finding.

Each line is an object of `linkwatch.report/1` with its `type` before it: `report` (without the two arrays), `resource`
or `finding`. Programs can read it line by line, however long the list.
"""

from collections.abc import Iterator

import msgspec

from linkwatch.report.formats.json import json_finding, json_head, json_resource
from linkwatch.report.formats.json_encoding import encoded
from linkwatch.report.model import Report


def render(report: Report) -> str:
    """Render the report as lines of JSON."""
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """The text of `render`, line by line."""
    head = msgspec.structs.asdict(json_head(report))
    yield _line("report", {name: value for name, value in head.items() if name not in {"resources", "findings"}})
    yield from (_line("resource", json_resource(item)) for item in report.resources)
    yield from (_line("finding", json_finding(finding)) for finding in report.findings)


def _line(kind: str, value: object) -> str:
    return f'{{"type":"{kind}",{encoded(value).decode().removeprefix("{")}\n'
