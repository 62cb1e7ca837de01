"""One issue for what is broken: opened, rewritten, closed and opened again, and never two of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from linkwatch.github_action import text as wording
from linkwatch.github_action.github import Issue, Issues
from linkwatch.github_action.issue_marker import Marker, by_fingerprint, read_marker
from linkwatch.models.rules import Level
from linkwatch.report.formats.json import JsonFinding, JsonReport

LABEL = "linkwatch"

UNLABELLED_PAGES = 10
"""Pages, newest first, that are looked through for an issue that lost its label or never could have it."""

_LEVELS: Mapping[str, frozenset[str]] = {
    "error": frozenset({Level.ERROR}),
    "warning": frozenset({Level.ERROR, Level.WARNING}),
    "never": frozenset({Level.ERROR}),
}
"""The levels that open the issue, by `fail-on`: who wants no red run still wants to know what is dead."""


@dataclass(frozen=True, slots=True)
class RollingIssue:
    """The issue about some lists."""

    issues: Issues
    scope: str
    title: str
    run_url: str

    def keep(self, report: JsonReport, markdown: str, fail_on: str) -> int | None:
        """Open, rewrite, close or reopen the issue, as the report wants it.

        Args:
            report: All that is known, not only what is new.
            markdown: The same, for people.
            fail_on: The level from which findings open the issue.

        Returns:
            Its number; None when there is none.

        Raises:
            IssueError: GitHub does not let us.
        """
        broken = by_fingerprint(
            finding for finding in report.findings if finding.level in _LEVELS[fail_on] and finding.acknowledged is None
        )
        complete = report.run is not None and report.run.complete
        issue = next(iter(self._ours()), None)
        if issue is None:
            return self._open(self._body(markdown, frozenset(broken))) if broken else None
        if broken:
            self._tell(issue, broken, report, markdown, complete=complete)
        elif complete:
            self._close(issue, report, markdown)
        return issue.number

    def _tell(
        self, issue: Issue, broken: Mapping[str, JsonFinding], report: JsonReport, markdown: str, *, complete: bool
    ) -> None:
        """Rewrite the issue, and say what changed; what is new opens it again, but a person's closing stands."""
        before = self._before(issue, report)
        # An incomplete check may not have met again what was broken: that is no recovery.
        found = frozenset(broken) if complete else before.fingerprints | broken.keys()
        new, gone = before.changes(found)
        if (new or gone) and (issue.is_open or new):
            findings = [finding for each, finding in broken.items() if each in new]
            self.issues.comment(issue.number, wording.change(findings, gone, report, self.run_url))
        reopened = {"state": "open"} if new and not issue.is_open else {}
        self.issues.edit(issue.number, body=self._body(markdown, found), **reopened)

    def _close(self, issue: Issue, report: JsonReport, markdown: str) -> None:
        before = self._before(issue, report)
        if not issue.is_open and not before.fingerprints:
            return
        if issue.is_open:
            self.issues.comment(issue.number, wording.all_well(before.fingerprints, report, self.run_url))
        body = self._body(markdown, frozenset())
        self.issues.edit(issue.number, body=body, state="closed", state_reason="completed")

    def _body(self, markdown: str, found: frozenset[str]) -> str:
        return wording.body(str(Marker(self.scope, found)), markdown, self.run_url)

    def _before(self, issue: Issue, report: JsonReport) -> Marker:
        return (read_marker(issue.body) or Marker(self.scope, frozenset())).upgraded(report)

    def _ours(self) -> list[Issue]:
        """The issues with our marker, oldest first; more than one only when two runs met."""
        for pages in (self.issues.pages(LABEL), islice(self.issues.pages(), UNLABELLED_PAGES)):
            if found := [issue for page in pages for issue in page if self._is_ours(issue)]:
                return sorted(found, key=lambda issue: issue.number)
        return []

    def _is_ours(self, issue: Issue) -> bool:
        marker = read_marker(issue.body)
        return marker is not None and marker.scope == self.scope and issue.is_trusted

    def _open(self, body: str) -> int:
        """Open the issue; when another run has just done the same, the older one stays."""
        labels = [LABEL] if self.issues.make_label(LABEL) else []
        opened = self.issues.open(self.title, body, labels)
        first, *younger = self._ours() or [opened]
        for issue in younger:
            if issue.is_open:
                self.issues.comment(issue.number, f"Another run was quicker: #{first.number} is about the same links.")
                self.issues.edit(issue.number, state="closed", state_reason="not_planned")
        return first.number
