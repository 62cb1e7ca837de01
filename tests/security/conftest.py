"""Counts the attacks of each file, and how many were survived, for docs/security.md."""

from collections import Counter
from pathlib import Path

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line for each file; a test that makes cases of its own says how many by `record_property("cases", number)`."""
    tried, survived = Counter[str](), Counter[str]()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            file = Path(report.location[0])
            if report.when != "call" or file.parent.name != "security":
                continue
            cases = int(dict(report.user_properties).get("cases", 1))
            tried[file.stem] += cases
            survived[file.stem] += cases if report.passed else 0
    for name, number in sorted(tried.items()):
        terminalreporter.write_line(f"{name.removeprefix('test_')}: {survived[name]} of {number} attacks survived")
