"""The findings of several schedules, in the order in which reports show them: what is broken first."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from linkwatch.models.rules import GROUPS, Group
from linkwatch.report.model import Finding
from linkwatch.report.summary import grouped
from linkwatch.web.reports import Watched


class Shown(NamedTuple):
    """A finding, and where it belongs."""

    schedule: str
    group: Group
    finding: Finding

    @property
    def about(self) -> str:
        """What is accepted when it is: the id, or the URL of a link that names nothing."""
        finding = self.finding
        return finding.id or (finding.links[0].url if finding.links else "")


def shown(watched: Iterable[Watched]) -> list[Shown]:
    """All of them, what is accepted at the end."""
    found = list(_all(watched))
    return [each for group in GROUPS for each in found if each.group is group]


def _all(watched: Iterable[Watched]) -> Iterator[Shown]:
    for each in watched:
        if each.report is not None:
            for group, findings in grouped(each.report.findings):
                yield from (Shown(each.name, group, finding) for finding in findings)
