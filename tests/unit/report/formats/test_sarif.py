"""SARIF 2.1.0, held by the official schema and by what GitHub's code scanning takes."""

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft4Validator
from unit.report.builders import (
    LONG_AGO,
    MALFORMED,
    NOW,
    OTHER,
    PLAYLIST,
    RUN,
    VIDEO,
    entry,
    living,
    missing,
    report_of,
    with_levels,
)
from unit.report.formats.hostile_text import HUGE, TEXTS, report_by_strangers

import linkwatch
from linkwatch.models import rules
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.link import DuplicateScope
from linkwatch.models.observation import State
from linkwatch.models.rules import RULES, Level
from linkwatch.report.formats.sarif import LONGEST, MOST_PLACES, MOST_RESULTS, render
from linkwatch.report.model import Report

Json = Any
GONE = missing(State.UNAVAILABLE)


@cache
def schema() -> Draft4Validator:
    text = (Path(__file__).parents[3] / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    return Draft4Validator(json.loads(text), format_checker=Draft4Validator.FORMAT_CHECKER)


def rendered(report: Report) -> Json:
    """The only run of the log."""
    text = render(report)
    assert text.endswith("}\n")
    log = json.loads(text)
    schema().validate(log)
    (run,) = log["runs"]
    return run


def result_of(report: Report) -> Json:
    (result,) = rendered(report)["results"]
    return result


def dead(**where: Any) -> Report:
    return report_of([entry(PLAYLIST, "Calculus 3", **where)], {PLAYLIST: GONE})


def test_the_schema_refuses_what_is_no_sarif() -> None:
    log = json.loads(render(dead()))
    log["runs"][0]["results"][0]["level"] = "notice"
    assert not schema().is_valid(log)


def test_a_finding_is_a_result_at_its_entry() -> None:
    result = result_of(dead(file="docs/list.md", line=14, column=7))
    message = result.pop("message")["text"]
    assert message.startswith("playlist “Calculus 3” is no longer available (last seen")
    assert len(result.pop("partialFingerprints")["linkwatch/v1"]) == 32
    properties = result.pop("properties")
    assert (properties["kind"], properties["id"], properties["since"]) == (
        "playlist",
        PLAYLIST.id,
        "2026-11-22T09:55:00Z",
    )
    assert properties["suggestions"][0]["url"] == f"https://web.archive.org/web/{PLAYLIST.url}"
    assert result == {
        "ruleId": "dead",
        "ruleIndex": 0,
        "level": "error",
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "docs/list.md", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 14, "startColumn": 7},
                }
            }
        ],
        "relatedLocations": [],
        "baselineState": "new",
        "suppressions": [],
    }


def test_every_rule_is_described_and_found_by_its_index() -> None:
    run = rendered(report_of([entry(PLAYLIST), entry(PLAYLIST, line=2), entry(MALFORMED, line=3)], {PLAYLIST: GONE}))
    described = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in described] == list(RULES)
    names = {rule["id"]: rule["name"] for rule in described}
    assert (names["dead"], names["owner-changed"]) == ("Dead", "OwnerChanged")
    assert [described[result["ruleIndex"]]["id"] for result in run["results"]] == [
        each["ruleId"] for each in run["results"]
    ]
    for rule in described:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"].endswith(".")
        assert rule["help"]["text"].endswith(".")
        level = {"note": "notice"}.get(rule["defaultConfiguration"]["level"], rule["defaultConfiguration"]["level"])
        assert level == RULES[rule["id"]].level


def test_the_tool_says_who_it_is() -> None:
    driver = rendered(dead())["tool"]["driver"]
    assert (driver["name"], driver["semanticVersion"]) == ("linkwatch", linkwatch.__version__)


@pytest.mark.parametrize(
    ("level", "sarif_level"), [(Level.ERROR, "error"), (Level.WARNING, "warning"), (Level.NOTICE, "note")]
)
def test_the_level_is_that_of_the_settings(level: Level, sarif_level: str) -> None:
    report = report_of([entry(PLAYLIST)], {PLAYLIST: GONE}, settings=with_levels(dead=level))
    assert result_of(report)["level"] == sarif_level


def test_the_other_entries_of_a_finding_are_related_places() -> None:
    links = [entry(PLAYLIST, "Linear Algebra", line=4), entry(PLAYLIST, line=8, file="b.csv")]
    without_labels = replace(with_levels(mislabelled=Level.OFF), duplicates=DuplicateScope.EVERYWHERE)
    result = result_of(report_of(links, {PLAYLIST: living()}, settings=without_labels))
    assert len(result["locations"]) == 1
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"]["uri"] in {"b.csv", "list.md"}
    assert related["message"]["text"] in {PLAYLIST.url, "Linear Algebra"}
    assert related["id"] == 1


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("list.md", "list.md"),
        ("my lists/Größe #1?.md", "my%20lists/Gr%C3%B6%C3%9Fe%20%231%3F.md"),
        ("100%.md", "100%25.md"),
        ("c:list.md", "c%3Alist.md"),
        ("../list.md", "../list.md"),
        ("\ud800.md", "%ED%A0%80.md"),
    ],
)
def test_a_file_is_a_relative_reference_to_the_folder_of_the_run(file: str, uri: str) -> None:
    place = result_of(dead(file=file))["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_a_file_elsewhere_has_an_absolute_address() -> None:
    place = result_of(dead(file="/srv/my lists/a.md"))["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "file:///srv/my%20lists/a.md"}


def test_standard_input_has_a_place_too() -> None:
    """GitHub refuses a whole file for one result without a place."""
    place = result_of(dead(file="-", line=3))["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "stdin"}, "region": {"startLine": 3, "startColumn": 1}}


def test_the_fingerprint_stays_when_the_line_moves() -> None:
    assert result_of(dead(line=3))["partialFingerprints"] == result_of(dead(line=9))["partialFingerprints"]


def test_what_was_reported_before_is_unchanged() -> None:
    report = report_of([entry(PLAYLIST)], {PLAYLIST: missing(State.UNAVAILABLE, since=LONG_AGO)})
    assert result_of(report)["baselineState"] == "unchanged"


def test_what_is_accepted_is_suppressed_with_its_reason() -> None:
    report = dead()
    ack = Acknowledgement(PLAYLIST.id, None, "its author moves it", NOW, date(2027, 1, 1))
    accepted = replace(report, findings=[replace(report.findings[0], acknowledged=ack)])
    assert result_of(accepted)["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "its author moves it"}
    ]
    silently = replace(report.findings[0], acknowledged=Acknowledgement(PLAYLIST.id, None, None, NOW))
    silent = replace(report, findings=[silently])
    assert result_of(silent)["suppressions"] == [{"kind": "external", "status": "accepted"}]


def test_a_complete_run_is_reported_with_its_times() -> None:
    (invocation,) = rendered(dead())["invocations"]
    assert invocation == {
        "executionSuccessful": True,
        "startTimeUtc": "2026-11-22T09:55:00Z",
        "endTimeUtc": "2026-11-22T09:55:02Z",
        "toolExecutionNotifications": [],
    }


def test_an_incomplete_run_is_a_notification_and_no_result() -> None:
    run = replace(RUN, complete=False, incomplete_reason="the quota of the day is spent", note="the brake let go")
    sarif_run = rendered(report_of([entry(PLAYLIST)], run=run))
    assert sarif_run["results"] == []
    (invocation,) = sarif_run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [(each["level"], each["message"]["text"]) for each in invocation["toolExecutionNotifications"]] == [
        ("warning", "the check is incomplete: the quota of the day is spent"),
        ("note", "the brake let go"),
    ]


@pytest.mark.parametrize(
    ("run", "why"),
    [
        pytest.param(None, "nothing was asked yet", id="no check yet"),
        pytest.param(replace(RUN, finished_at=None, complete=False), "did not come to its end", id="killed"),
    ],
)
def test_a_run_that_is_not_there_or_has_no_end_is_no_success(run: Any, why: str) -> None:
    (invocation,) = rendered(report_of([entry(PLAYLIST)], run=run))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "endTimeUtc" not in invocation
    assert why in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_beyond_what_github_takes_the_accepted_and_the_least_are_left_out_and_it_is_said() -> None:
    report = dead()
    (first,) = report.findings
    accepted = replace(first, acknowledged=Acknowledgement(PLAYLIST.id, None, None, NOW))
    notice = replace(first, rule=rules.GROWN, level=Level.NOTICE)
    text = render(replace(report, findings=[accepted, *[first] * (MOST_RESULTS - 1), notice, notice]))
    run = json.loads(text)["runs"][0]
    assert len(run["results"]) == MOST_RESULTS
    assert [result["level"] for result in run["results"][-2:]] == ["error", "note"]
    assert not any(result["suppressions"] for result in run["results"])
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("2 findings of the least weight are left out")


def test_a_thing_listed_a_thousand_times_has_no_more_places_than_are_shown() -> None:
    links = [entry(PLAYLIST, line=line) for line in range(1, 1_001)]
    result = result_of(report_of(links, {PLAYLIST: living()}))
    assert len(result["relatedLocations"]) == MOST_PLACES
    assert result["message"]["text"].endswith(" and 980 more")


def test_a_message_holds_no_link_of_a_strangers_making() -> None:
    title = "[free money](https://evil.example)"
    report = report_of([entry(PLAYLIST)], {PLAYLIST: missing(State.UNAVAILABLE, title=title)})
    message = result_of(report)["message"]["text"]
    assert "](" not in message
    assert "[free money] (https://evil.example)" in message


def test_two_reports_of_the_same_knowledge_are_the_same_bytes() -> None:
    assert render(dead()) == render(replace(dead(), generated_at=NOW.replace(year=2027)))


def test_no_finding_is_no_result() -> None:
    assert rendered(report_of([entry(VIDEO), entry(OTHER)], {VIDEO: living(), OTHER: living()}))["results"] == []


def skeleton(value: Json) -> Json:
    match value:
        case dict():
            return {key: skeleton(each) for key, each in value.items()}
        case list():
            return [skeleton(each) for each in value]
        case _:
            return type(value)


@given(TEXTS)
def test_no_text_breaks_the_log(text: str) -> None:
    run = rendered(report_by_strangers(text))
    assert skeleton(run) == skeleton(rendered(report_by_strangers("")))
    for result in run["results"]:
        message = result["message"]["text"]
        assert message.startswith("Calculus")
        assert message.endswith("Three")
        assert message.isprintable() or not set(message) & set("\x00\x1b\r\n\t\x85\u2028\u202e")
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].isascii()


def test_a_huge_text_is_cut() -> None:
    message = rendered(report_by_strangers(HUGE))["results"][0]["message"]["text"]
    assert len(message) == LONGEST
    assert message.endswith("…")
