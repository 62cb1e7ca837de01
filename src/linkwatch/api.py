"""The Python API: check lists, report on them, and read the links of any text.

    import linkwatch

    report = linkwatch.check(["README.md"])
    for finding in report.findings:
        print(finding.level, finding.message)

What is listed in `__all__` follows semantic versioning; other modules may change with any version.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from os import PathLike, fspath
from typing import TYPE_CHECKING

from linkwatch.acknowledgements.toml_read import read_acks
from linkwatch.errors import IncompleteError, LinkwatchError
from linkwatch.models.link import Link
from linkwatch.models.observation import Reason, ResourceRecord, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import Level, Rule, default_levels
from linkwatch.report.formats import render as _render
from linkwatch.report.model import Extra, Finding, Report, ReportedResource, Suggestion
from linkwatch.services.lists import read_named_lists
from linkwatch.services.offline_report import report_lists_only
from linkwatch.settings import Settings, load_settings
from linkwatch.settings.plugins import enable_plugins

if TYPE_CHECKING:
    import httpx

__all__ = [
    "Finding",
    "IncompleteError",
    "Kind",
    "Level",
    "Link",
    "LinkwatchError",
    "Reason",
    "Report",
    "ReportedResource",
    "Resource",
    "ResourceRecord",
    "Rule",
    "Settings",
    "State",
    "Suggestion",
    "check",
    "extract",
    "load_report",
    "load_settings",
    "render",
]

Remark = Callable[[str], None]
"""Takes a sentence about what was left out."""

Lists = Iterable[str | PathLike[str]]
"""Files, folders and globs; none: the lists of the settings, else `resources.csv`."""

_EVERYTHING = frozenset(Extra)


def check(
    lists: Lists = (),
    *,
    settings: Settings | None = None,
    transport: "httpx.BaseTransport | None" = None,
    notify: bool = False,
    remark: Remark = lambda _: None,
) -> Report:
    """Ask YouTube about the links of some lists, store the answers, and report.

    A check that got no answer about some of them is no error: `Report.run` then says that it is not complete, and why.

    Args:
        lists: See `Lists`.
        settings: None: those of the environment and of `linkwatch.toml`.
        transport: Answers the requests in place of the network, from several threads at once; for tests, with
            `linkwatch.testing`.
        notify: Whether the recipients of the settings get their messages, and `ping_url` its request.
        remark: Called with each remark, such as a file that can't be read.

    Raises:
        LinkwatchError: Wrong settings, a list that can't be read, no link at all, or a database that can't be used.
    """
    # Here, not above: loading what talks to YouTube and to the database takes longer than reading lists.
    from linkwatch.services.check_lists import check_lists  # noqa: PLC0415
    from linkwatch.services.tally import no_progress  # noqa: PLC0415

    settings = _settings(settings)
    if not notify:
        settings = replace(settings, notify=(), ping_url=None)
    read = read_named_lists(_names(lists), settings, allow_empty=False, remark=remark)
    with check_lists(
        read,
        settings,
        extras=_EVERYTHING,
        progress=nullcontext(no_progress),
        say=remark,
        client_factory=_client_factory(transport),
    ) as report:
        return report


def load_report(
    lists: Lists = (), *, settings: Settings | None = None, lists_only: bool = False, remark: Remark = lambda _: None
) -> Report:
    """Report on some lists from the database, without a check; nothing is asked and nothing is written.

    Args:
        lists: See `Lists`.
        settings: None: those of the environment and of `linkwatch.toml`.
        lists_only: Report what the lists alone show, such as duplicates, and open no database.
        remark: Called with each remark, such as a file that can't be read.

    Raises:
        LinkwatchError: Wrong settings, a list that can't be read, no link at all, or a database that can't be read.
    """
    settings, now = _settings(settings), datetime.now(UTC)
    read = read_named_lists(_names(lists), settings, allow_empty=False, remark=remark)
    if lists_only:
        acks = read_acks(settings.acks_file, now)
        return report_lists_only(read.catalogue, settings=settings, now=now, listed_acks=acks)
    from linkwatch.services.report import stored_report  # noqa: PLC0415 - as above

    return stored_report(read, settings, now=now, extras=_EVERYTHING)


def extract(lists: Lists, *, settings: Settings | None = None, remark: Remark = lambda _: None) -> list[Link]:
    """The YouTube links of some files, in their order, with their places and labels; possibly none.

    Args:
        lists: See `Lists`.
        settings: What is left out, and patterns of one's own; None: those of the environment and of `linkwatch.toml`.
        remark: Called with each remark, such as a file that can't be read.

    Raises:
        LinkwatchError: Wrong settings, or a file that can't be read.
    """
    read = read_named_lists(_names(lists), _settings(settings), allow_empty=True, remark=remark)
    return [item.link for item in read.catalogue.links]


def render(report: Report, format_: str = "terminal") -> str:
    """A report in one of the formats of `linkwatch report --format`, such as `json`, `html` or `markdown`.

    Raises:
        KeyError: There is no such format.
    """
    return _render(format_, report)


def _settings(settings: Settings | None) -> Settings:
    if settings is None:
        return load_settings()
    if not settings.plugins:
        return settings
    enable_plugins(settings.plugins)
    return replace(settings, levels={**default_levels(), **settings.levels})


def _names(lists: Lists) -> Sequence[str]:
    if isinstance(lists, str):
        raise TypeError('lists is one text, and must be a list of them: ["README.md"]')
    return [fspath(each) for each in lists]


def _client_factory(transport: "httpx.BaseTransport | None") -> "Callable[[], httpx.Client]":
    import httpx  # noqa: PLC0415 - as above

    from linkwatch.exchange import new_client  # noqa: PLC0415

    return new_client if transport is None else lambda: httpx.Client(transport=transport)
