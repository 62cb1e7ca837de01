"""The rolling issue about broken links: opened, updated, closed and reopened; never two for the same lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from linkwatch.github_action import text
from linkwatch.github_action.github import Issue, Issues
from linkwatch.github_action.issue_marker import Marker, findings_by_fingerprint, read_marker
from linkwatch.models.rules import Level
from linkwatch.report.formats.json import JsonFinding, JsonReport

LABEL = "linkwatch"

UNLABELLED_PAGES = 10
"""Pages, newest first, that are searched for an issue without its label."""

_LEVELS: Mapping[str, frozenset[str]] = {
    "error": frozenset({Level.ERROR}),
    "warning": frozenset({Level.ERROR, Level.WARNING}),
    "never": frozenset({Level.ERROR}),
}
"""The levels that open the issue, by `fail-on`: with `never` dead links are still reported."""


@dataclass(frozen=True, slots=True)
class RollingIssue:
    """The issue about some lists."""

    issues: Issues
    scope: str
    title: str
    run_url: str

    def keep(self, report: JsonReport, markdown: str, fail_on: str) -> int | None:
        """Open, update, close or reopen the issue by a report.

        Args:
            report: The whole report, not only what is new.
            markdown: The same report as Markdown.
            fail_on: The level from which findings open the issue.

        Returns:
            Its number; None when there is none.

        Raises:
            GitHubError: GitHub refuses it, or does not respond.
        """
        broken = findings_by_fingerprint(
            finding for finding in report.findings if finding.level in _LEVELS[fail_on] and finding.acknowledged is None
        )
        complete = report.run is not None and report.run.complete
        issue = next(iter(self._own_issues()), None)
        if issue is None:
            return self._open(self._body(markdown, frozenset(broken))) if broken else None
        if broken:
            self._update(issue, broken, report, markdown, complete=complete)
        elif complete:
            self._close(issue, report, markdown)
        return issue.number

    def _update(
        self, issue: Issue, broken: Mapping[str, JsonFinding], report: JsonReport, markdown: str, *, complete: bool
    ) -> None:
        """Rewrite the issue, and comment on changes; new findings reopen it, nothing else does."""
        before = self._before(issue, report)
        # An incomplete check may have missed what was broken: that is no recovery.
        found = frozenset(broken) if complete else before.fingerprints | broken.keys()
        new, resolved = before.changes(found)
        if (new or resolved) and (issue.is_open or new):
            findings = [finding for each, finding in broken.items() if each in new]
            self.issues.comment(issue.number, text.change_comment(findings, resolved, report, self.run_url))
        reopened = {"state": "open"} if new and not issue.is_open else {}
        self.issues.edit(issue.number, body=self._body(markdown, found), **reopened)

    def _close(self, issue: Issue, report: JsonReport, markdown: str) -> None:
        before = self._before(issue, report)
        if not issue.is_open and not before.fingerprints:
            return
        if issue.is_open:
            self.issues.comment(issue.number, text.closing_comment(before.fingerprints, report, self.run_url))
        body = self._body(markdown, frozenset())
        self.issues.edit(issue.number, body=body, state="closed", state_reason="completed")

    def _body(self, markdown: str, found: frozenset[str]) -> str:
        return text.issue_body(str(Marker(self.scope, found)), markdown, self.run_url)

    def _before(self, issue: Issue, report: JsonReport) -> Marker:
        return (read_marker(issue.body) or Marker(self.scope, frozenset())).upgraded(report)

    def _own_issues(self) -> list[Issue]:
        """The issues with our marker, oldest first; more than one only when two runs opened them at once."""
        for pages in (self.issues.pages(LABEL), islice(self.issues.pages(), UNLABELLED_PAGES)):
            if found := [issue for page in pages for issue in page if self._is_ours(issue)]:
                return sorted(found, key=lambda issue: issue.number)
        return []

    def _is_ours(self, issue: Issue) -> bool:
        marker = read_marker(issue.body)
        return marker is not None and marker.scope == self.scope and issue.is_trusted

    def _open(self, body: str) -> int:
        """Open the issue; when another run has just opened one too, the older one stays."""
        labels = [LABEL] if self.issues.create_label(LABEL) else []
        opened = self.issues.open(self.title, body, labels)
        first, *younger = self._own_issues() or [opened]
        for issue in younger:
            if issue.is_open:
                self.issues.comment(issue.number, f"Duplicate: #{first.number} is about the same links.")
                self.issues.edit(issue.number, state="closed", state_reason="not_planned")
        return first.number
