"""The JSON report as GitLab's Code Quality report: `python -m linkwatch.gitlab linkwatch.json linkwatch-quality.json`.

The fields are those of <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from linkwatch.models.rules import Level
from linkwatch.report.formats.json import JsonFinding, JsonReport

SEVERITIES = {Level.ERROR: "major", Level.WARNING: "minor", Level.NOTICE: "info"}


def code_quality(findings: Iterable[JsonFinding]) -> Iterator[dict[str, object]]:
    """The entries: one for each finding that has a place and is not acknowledged."""
    seen: Counter[tuple[str | None, ...]] = Counter()
    for finding in findings:
        if finding.acknowledged or not finding.links:
            continue
        link = finding.links[0]
        what = (finding.rule, finding.kind, finding.id, link.file, link.label)
        seen[what] += 1
        yield {
            "description": finding.message,
            "check_name": f"linkwatch/{finding.rule}",
            # Without the line, which may move. Counted, because GitLab shows only one entry of a fingerprint.
            "fingerprint": sha256(json.dumps([*what, seen[what]]).encode()).hexdigest(),
            "severity": SEVERITIES[Level(finding.level)],
            "location": {"path": link.file, "lines": {"begin": link.line}},
        }


def main(source: str, target: str) -> None:
    """Read the report and write the entries; if the check failed there is no report to read."""
    try:
        report = msgspec.json.decode(Path(source).read_bytes(), type=JsonReport)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        sys.exit(f"{source}: no report of linkwatch: {error}")
    entries = list(code_quality(report.findings))
    Path(target).write_text(json.dumps(entries, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
