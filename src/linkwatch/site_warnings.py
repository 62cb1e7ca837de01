"""What a build of a site warns of: the stored findings about the links of its pages. Nothing is asked.

`sphinx.py` and `mkdocs.py` are the two builds.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from linkwatch.api import Finding, Level, LinkwatchError, Report, extract, load_report, load_settings

NOT_CHECKED = "no check has stored anything about the YouTube links of this site"
NOT_CHECKED_REMEDY = "run “linkwatch check”, or name its database"

_WORST_FIRST = (Level.ERROR, Level.WARNING, Level.NOTICE)
LEVELS = tuple(level.value for level in _WORST_FIRST)
"""What `level` may be."""


@dataclass(frozen=True, slots=True)
class SiteWarning:
    """One warning of a build."""

    message: str
    kind: str
    """The name of the rule; `settings` for what linkwatch itself lacks, `not-checked` where nothing is stored."""

    path: Path | None = None
    """The page, absolute; None: the warning is about no page."""

    line: int | None = None


def site_warnings(
    pages: Iterable[Path], *, folder: Path, config: str | None, database: str | None, level: str
) -> Iterator[SiteWarning]:
    """Yield what to warn of, by page and line for each finding; a `LinkwatchError` is a warning as well.

    Args:
        pages: The sources of the pages, absolute.
        folder: Where relative paths of the following begin.
        config: The settings file of linkwatch; None: as for its commands.
        database: A path or an SQLAlchemy URL; None: that of the settings.
        level: The lowest level of the findings that count.
    """
    try:
        settings = load_settings(
            config=None if config is None else str(folder / config),
            database=database if database is None or "://" in database else str(folder / database),
        )
        # Only what has links: without one, there is nothing to report on.
        files = sorted({link.file for link in extract([str(page) for page in pages], settings=settings)})
        report = load_report(files, settings=settings) if files else None
    except LinkwatchError as error:
        yield SiteWarning(f"{error.message}. {error.remedy}".strip(), "settings")
        return
    if report is not None:
        yield from _warnings(report, set(_WORST_FIRST[: LEVELS.index(level) + 1]))


def _warnings(report: Report, levels: set[Level]) -> Iterator[SiteWarning]:
    if all(item.record is None for item in report.resources):
        yield SiteWarning(f"{NOT_CHECKED}: {NOT_CHECKED_REMEDY}", "not-checked")
    for finding in report.findings:
        if finding.level in levels and finding.acknowledged is None:
            yield from _warnings_of(finding)


def _warnings_of(finding: Finding) -> Iterator[SiteWarning]:
    for link in finding.links[:1] if finding.rule.names_places else finding.links:
        yield SiteWarning(finding.message, finding.rule.name, Path(os.path.abspath(link.file)), link.line)  # noqa: PTH100  # as Link.file is made
