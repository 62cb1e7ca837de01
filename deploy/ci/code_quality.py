#!/usr/bin/env python3
"""linkwatch's JSON report → GitLab's Code Quality report; needs only Python.

Usage: code_quality.py linkwatch.json linkwatch-quality.json

The fields are those of <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.
"""

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

SEVERITIES = {"error": "major", "warning": "minor", "notice": "info"}


def code_quality(report):
    """The entries: one for each finding that has a place and is not acknowledged."""
    seen = Counter()
    for finding in report["findings"]:
        if finding["acknowledged"] or not finding["links"]:
            continue
        link = finding["links"][0]
        what = (finding["rule"], finding["kind"], finding["id"], link["file"], link["label"])
        seen[what] += 1
        yield {
            "description": finding["message"],
            "check_name": f"linkwatch/{finding['rule']}",
            # Without the line, which may move. Counted, because GitLab shows only one entry of a fingerprint.
            "fingerprint": hashlib.sha256(json.dumps([*what, seen[what]]).encode()).hexdigest(),
            "severity": SEVERITIES[finding["level"]],
            "location": {"path": link["file"], "lines": {"begin": link["line"]}},
        }


def main(source, target):
    """Read the report and write the entries; if the check failed there is no report to read."""
    try:
        report = json.loads(Path(source).read_text("utf-8"))
    except (OSError, ValueError) as error:
        sys.exit(f"{source}: no report of linkwatch: {error}")
    entries = list(code_quality(report))
    Path(target).write_text(json.dumps(entries, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
