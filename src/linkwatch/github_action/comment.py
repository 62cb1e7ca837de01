"""The comment on a pull request: written once, then updated in place."""

from dataclasses import dataclass

from linkwatch.github_action import text
from linkwatch.github_action.github import Comment, Comments
from linkwatch.models.rules import Level
from linkwatch.report.formats.json import JsonFinding, JsonReport


@dataclass(frozen=True, slots=True)
class RollingComment:
    """The comment about some lists on one pull request."""

    comments: Comments
    scope: str
    run_url: str

    def keep(self, report: JsonReport) -> None:
        """Write, or rewrite, the comment by the report of a check; none is written while there is nothing to say.

        Raises:
            GitHubError: GitHub refuses it, or does not respond.
        """
        findings = [each for each in report.findings if _is_shown(each)]
        complete = report.run is not None and report.run.complete
        mine = self._own_comments()
        if not mine and not findings:
            return
        body = text.pull_request_comment(self._marker(), findings, self.run_url, complete=complete)
        if mine:
            self.comments.edit(mine[0].id, body)
            return
        self.comments.add(body)
        # Another run may have written one too, meanwhile.
        for younger in self._own_comments()[1:]:
            self.comments.delete(younger.id)

    def _marker(self) -> str:
        return f"<!-- linkwatch:comment scope={self.scope} -->"

    def _own_comments(self) -> list[Comment]:
        """The comments that begin with our marker, oldest first."""
        return [
            each for each in self.comments.all() if each.is_trusted and (each.body or "").startswith(self._marker())
        ]


def _is_shown(finding: JsonFinding) -> bool:
    return finding.acknowledged is None and finding.level in {Level.ERROR, Level.WARNING}
