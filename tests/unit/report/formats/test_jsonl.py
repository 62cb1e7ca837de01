"""JSON Lines: what the JSON report says, an object a line."""

import json
from typing import Any

import pytest
from unit.report.builders import PLAYLIST, VIDEO, entry, living, missing, report_of
from unit.report.formats.hostile_text import NASTY, report_by_strangers

from linkwatch.models.observation import Reason, State
from linkwatch.report.formats import json as whole
from linkwatch.report.formats.jsonl import render
from linkwatch.report.model import Report

REPORTS = [
    report_of([]),
    report_of(
        [entry(PLAYLIST, "Calculus 3"), entry(VIDEO, "Optimization"), entry(VIDEO, line=9)],
        {PLAYLIST: missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND), VIDEO: living("Optimization")},
    ),
    report_by_strangers("".join(NASTY)),
    report_by_strangers("half of a pair: \ud83d, two lines:\n\u2028\x85"),
]


def lines(report: Report) -> list[dict[str, Any]]:
    text = render(report)
    assert text.endswith("\n")
    return [json.loads(line) for line in text.removesuffix("\n").split("\n")]


@pytest.mark.parametrize("report", REPORTS)
def test_together_the_lines_are_the_json_report(report: Report) -> None:
    head, *others = lines(report)
    assert head.pop("type") == "report"
    kinds = [line.pop("type") for line in others]
    together = {
        **head,
        "resources": [line for line, kind in zip(others, kinds, strict=True) if kind == "resource"],
        "findings": [line for line, kind in zip(others, kinds, strict=True) if kind == "finding"],
    }
    assert together == json.loads(whole.render(report))
    assert set(kinds) <= {"resource", "finding"}
