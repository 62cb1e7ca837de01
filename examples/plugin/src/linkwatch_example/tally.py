"""A format: how many findings each rule has, a line each."""

from collections import Counter

from linkwatch.plugin_api import Report


def render(report: Report) -> str:
    """The whole text of a report, with a line end."""
    counts = Counter(finding.rule.name for finding in report.findings)
    return "".join(f"{name}\t{count}\n" for name, count in sorted(counts.items())) or "no findings\n"
