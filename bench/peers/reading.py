"""Parses the verdict of each tool about each link from its output."""

import csv
import json
import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from bench.peers.cases import FIRST_LINE


class Verdict(StrEnum):
    """What a tool reports about a link."""

    ALIVE = "alive"
    BROKEN = "broken"
    UNSURE = "unsure"
    """It reports that it does not know, or nothing at all."""


Verdicts = dict[str, Verdict]
"""By the URL, as the list has it."""

Reader = Callable[[str, Sequence[str]], Verdicts]
"""Takes the output of a tool, and the URLs of the list in their order.

Raises ValueError or KeyError when the output is not a report of the tool.
"""

_LYCHEE = {"success_map": Verdict.ALIVE, "error_map": Verdict.BROKEN, "timeout_map": Verdict.UNSURE}
_LINKINATOR = {"OK": Verdict.ALIVE, "BROKEN": Verdict.BROKEN, "SKIPPED": Verdict.UNSURE}
_MARKS = {"✓": Verdict.ALIVE, "✖": Verdict.BROKEN, "/": Verdict.UNSURE, "⚠": Verdict.UNSURE}
_MARKED = re.compile(r"^  \[(.)\] (\S+)$", re.MULTILINE)
_STATES = {
    "available": Verdict.ALIVE,
    "unavailable": Verdict.BROKEN,
    "suspect": Verdict.UNSURE,
    "unknown": Verdict.UNSURE,
    "unmonitorable": Verdict.UNSURE,
}


def read_lychee(printed: str, urls: Sequence[str]) -> Verdicts:
    """`lychee --format json -v`; a remapped URL counts as the original one."""
    report = json.loads(printed)
    verdicts: Verdicts = {}
    for name, verdict in _LYCHEE.items():
        for link in (link for links in report[name].values() for link in links):
            original = link["remap"]["original"]["url"] if "remap" in link else link["url"]
            verdicts[original] = verdict
    return _for_list(verdicts, urls)


def read_linkchecker(printed: str, urls: Sequence[str]) -> Verdicts:
    """`linkchecker -v -o csv`."""
    rows = csv.DictReader((line for line in printed.splitlines() if not line.startswith("#")), delimiter=";")
    return _for_list({row["urlname"]: _of_linkchecker(row) for row in rows}, urls)


def _of_linkchecker(row: dict[str, str]) -> Verdict:
    if row["warningstring"].startswith("Rate limited"):
        return Verdict.UNSURE  # "valid", with a warning that it was rate-limited
    return Verdict.ALIVE if row["valid"] == "True" else Verdict.BROKEN


def read_linkinator(printed: str, urls: Sequence[str]) -> Verdicts:
    """`linkinator --format json --verbosity info`."""
    verdicts = {link["url"]: _LINKINATOR[link["state"]] for link in json.loads(printed)["links"]}
    return _for_list(verdicts, urls)


def read_markdown_link_check(printed: str, urls: Sequence[str]) -> Verdicts:
    """`markdown-link-check`: a line with a mark for each link, and the broken ones once more with their status."""
    return _for_list({url: _MARKS[mark] for mark, url in _MARKED.findall(printed)}, urls)


def read_linkwatch(printed: str, urls: Sequence[str]) -> Verdicts:
    """`linkwatch check --format json`: by line; of a link that names two resources, the worse state counts."""
    verdicts: Verdicts = {}
    for resource in json.loads(printed)["resources"]:
        verdict = _STATES[resource["state"]]
        for link in resource["links"]:
            url = urls[link["line"] - FIRST_LINE]
            verdicts[url] = _worse(verdict, verdicts.get(url, Verdict.ALIVE))
    return _for_list(verdicts, urls)


def _worse(one: Verdict, other: Verdict) -> Verdict:
    return max(one, other, key=[Verdict.ALIVE, Verdict.UNSURE, Verdict.BROKEN].index)


def _for_list(verdicts: Verdicts, urls: Sequence[str]) -> Verdicts:
    """The verdict on each link of the list; a tool may also report the list itself, and may omit a link."""
    return {url: verdicts.get(url, Verdict.UNSURE) for url in urls}
