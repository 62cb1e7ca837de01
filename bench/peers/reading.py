"""What each tool said of each link, read from what it printed."""

import csv
import json
import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from bench.peers.cases import FIRST_LINE


class Verdict(StrEnum):
    """What a tool says of a link."""

    ALIVE = "alive"
    BROKEN = "broken"
    UNSURE = "unsure"
    """It says that it does not know, or nothing at all."""


Verdicts = dict[str, Verdict]
"""By the URL, as the list has it."""

Reader = Callable[[str, Sequence[str]], Verdicts]
"""Takes what a tool printed, and the URLs of the list in their order.

Raises ValueError or KeyError when that is no report of the tool's.
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
    """`lychee --format json -v`; what was remapped is found by what it was before."""
    report = json.loads(printed)
    told: Verdicts = {}
    for name, verdict in _LYCHEE.items():
        for link in (link for links in report[name].values() for link in links):
            original = link["remap"]["original"]["url"] if "remap" in link else link["url"]
            told[original] = verdict
    return _of_the_list(told, urls)


def read_linkchecker(printed: str, urls: Sequence[str]) -> Verdicts:
    """`linkchecker -v -o csv`."""
    rows = csv.DictReader((line for line in printed.splitlines() if not line.startswith("#")), delimiter=";")
    return _of_the_list({row["urlname"]: _of_linkchecker(row) for row in rows}, urls)


def _of_linkchecker(row: dict[str, str]) -> Verdict:
    if row["warningstring"].startswith("Rate limited"):
        return Verdict.UNSURE  # "valid", with a warning that it was turned away
    return Verdict.ALIVE if row["valid"] == "True" else Verdict.BROKEN


def read_linkinator(printed: str, urls: Sequence[str]) -> Verdicts:
    """`linkinator --format json --verbosity info`."""
    told = {link["url"]: _LINKINATOR[link["state"]] for link in json.loads(printed)["links"]}
    return _of_the_list(told, urls)


def read_markdown_link_check(printed: str, urls: Sequence[str]) -> Verdicts:
    """`markdown-link-check`: a line with a mark for each link, and the broken ones once more with their status."""
    return _of_the_list({url: _MARKS[mark] for mark, url in _MARKED.findall(printed)}, urls)


def read_linkwatch(printed: str, urls: Sequence[str]) -> Verdicts:
    """`linkwatch check --format json`: by line; a link that names two things is as well as the worse of them."""
    told: Verdicts = {}
    for resource in json.loads(printed)["resources"]:
        verdict = _STATES[resource["state"]]
        for link in resource["links"]:
            url = urls[link["line"] - FIRST_LINE]
            told[url] = _worse(verdict, told.get(url, Verdict.ALIVE))
    return _of_the_list(told, urls)


def _worse(one: Verdict, other: Verdict) -> Verdict:
    return max(one, other, key=[Verdict.ALIVE, Verdict.UNSURE, Verdict.BROKEN].index)


def _of_the_list(told: Verdicts, urls: Sequence[str]) -> Verdicts:
    """Of each link of the list; a tool also tells of the list itself, and may leave a link out."""
    return {url: told.get(url, Verdict.UNSURE) for url in urls}
