"""The inputs of the step, from the `INPUT_…` variables that `action.yml` sets: never through the text of a shell."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from linkwatch.errors import UsageError

REPORT_FILES: Mapping[str, str] = {
    "json": "report.json",
    "markdown": "report.md",
    "html": "report.html",
    "csv": "report.csv",
    "junit": "report.xml",
    "sarif": "report.sarif",
    "atom": "report.atom",
}
"""The file of each report format."""

REQUIRED_FORMATS = ("json", "markdown")
"""Always written: the outputs and the summary are made from them."""

_YES_OR_NO = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Inputs:
    """The values of the inputs."""

    lists: tuple[str, ...]
    """Empty: those of the settings, else `resources.csv`."""

    formats: tuple[str, ...]
    fail_on: str
    fail_on_incomplete: bool
    new_only: bool
    changed_since: str
    """A git revision; empty: all links are checked."""

    issue: bool
    comment: bool
    """Whether to comment on the pull request."""

    database: str
    """The path of an SQLite file, or an SQLAlchemy URL."""

    reports: Path
    """The folder for the report files."""

    token: str = field(repr=False)
    """May be empty: then there is neither issue nor comment."""

    settings: Mapping[str, str] = field(default_factory=dict)
    """Variables of the command that say which settings it takes."""

    def report(self, name: str) -> Path:
        """The report file of a format."""
        return self.reports / REPORT_FILES[name]


def read_inputs(environ: Mapping[str, str]) -> Inputs:
    """Read the inputs.

    Raises:
        UsageError: An input has a wrong value; the message names it.
    """
    wanted = environ.get("INPUT_FORMATS", "").replace(",", " ").split()
    if unknown := [name for name in wanted if name not in REPORT_FILES]:
        raise UsageError(f"formats: unknown format {unknown[0]!r}", remedy=f"Known formats: {', '.join(REPORT_FILES)}.")
    sarif = ["sarif"] if _yes(environ, "sarif") else []
    return Inputs(
        lists=_lists(environ.get("INPUT_LISTS", "")),
        formats=tuple(dict.fromkeys([*REQUIRED_FORMATS, *wanted, *sarif])),
        fail_on=_one_of(environ, "fail-on", ("error", "warning", "never")),
        fail_on_incomplete=_yes(environ, "fail-on-incomplete"),
        new_only=_yes(environ, "new-only"),
        changed_since=environ.get("INPUT_CHANGED_SINCE", "").strip(),
        issue=_yes(environ, "issue"),
        comment=_yes(environ, "comment"),
        database=environ.get("INPUT_DATABASE", "").strip() or ".linkwatch/linkwatch.db",
        reports=Path(environ.get("INPUT_REPORTS", "").strip() or ".linkwatch/reports").absolute(),
        token=environ.get("INPUT_TOKEN", "").strip(),
    )


def _lists(text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError:
        raise UsageError("lists: a quotation mark is not closed", remedy="Close it, or put \\ before it.") from None


def _yes(environ: Mapping[str, str], name: str) -> bool:
    return _YES_OR_NO[_one_of(environ, name, ("false", "true"))]


def _one_of(environ: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    """The value of an input; when empty, the first of the known ones."""
    value = environ.get(f"INPUT_{name.replace('-', '_').upper()}", "").strip().lower() or known[0]
    if value not in known:
        raise UsageError(f"{name} must be one of {', '.join(known)}, not {value!r}", remedy="Correct the workflow.")
    return value
