"""`linkwatch.report/1`: what people script against, held by the published schema and one written from the contract."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.report.builders import (
    CHANNEL,
    MALFORMED,
    NOW,
    OTHER,
    PLAYLIST,
    RUN,
    VIDEO,
    WATCH_LATER,
    entry,
    happened,
    living,
    missing,
    report_of,
    unanswered,
)
from unit.report.validating import validate

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.events import EventKind
from linkwatch.models.observation import Answer, Reason, State
from linkwatch.models.rules import RULES
from linkwatch.report.formats.json import render
from linkwatch.report.model import Report

Json = Any


def exactly(**properties: Mapping[str, object]) -> dict[str, object]:
    """An object with these properties, all of them, and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def nullable(schema: Mapping[str, object]) -> dict[str, object]:
    return {"anyOf": [schema, {"type": "null"}]}


def a_list_of(schema: Mapping[str, object]) -> dict[str, object]:
    return {"type": "array", "items": schema}


TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 0}
PLACE = {"type": "integer", "minimum": 1}
TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}
DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
KIND = {"enum": ["playlist", "video", "channel"]}
STATES = ["available", "unavailable", "suspect", "unknown", "unmonitorable"]
COUNTED = ["links", "resources", *STATES, "errors", "warnings", "notices", "flapping"]
LINK = exactly(
    file=TEXT,
    line=PLACE,
    column=PLACE,
    label=nullable(TEXT),
    section=nullable(TEXT),
    owner=nullable(TEXT),
    syntax=TEXT,
)
RUN_SCHEMA = exactly(
    id=COUNT,
    started_at=TIME,
    finished_at=nullable(TIME),
    source={"enum": ["data-api", "keyless", "simulator"]},
    quota_units=COUNT,
    complete={"type": "boolean"},
    incomplete_reason=nullable(TEXT),
)
RESOURCE = exactly(
    kind=KIND,
    id=TEXT,
    url={"type": "string", "pattern": "^https://"},
    state={"enum": STATES},
    reason=nullable({"enum": ["not_found", "private", "terminated"]}),
    title=nullable(TEXT),
    owner=nullable(exactly(id=nullable(TEXT), title=nullable(TEXT))),
    item_count=nullable(COUNT),
    first_seen=nullable(TIME),
    last_checked=nullable(TIME),
    last_available=nullable(TIME),
    links=a_list_of(LINK),
)
FINDING = exactly(
    rule={"enum": list(RULES)},
    level={"enum": ["error", "warning", "notice"]},
    kind=nullable(KIND),
    id=nullable(TEXT),
    links=a_list_of(LINK),
    message=TEXT,
    since=nullable(TIME),
    new={"type": "boolean"},
    acknowledged=nullable(exactly(reason=nullable(TEXT), accepted_at=TIME, until=nullable(DAY))),
    evidence={"type": "object"},
)
SCHEMA = exactly(
    schema={"const": "linkwatch.report/1"},
    generated_at=TIME,
    run=nullable(RUN_SCHEMA),
    counts=exactly(**dict.fromkeys(COUNTED, COUNT)),
    resources=a_list_of(RESOURCE),
    findings=a_list_of(FINDING),
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def rendered(report: Report) -> Json:
    text = render(report)
    assert text.endswith("}\n")
    document = json.loads(text)
    VALIDATOR.validate(document)
    validate(document)
    return document


LINKS = [
    entry(PLAYLIST, "Linear Algebra", file="resources.csv", line=14, section="Algebra", owner="Professor Leonard"),
    entry(OTHER, "Calculus 1", line=2, column=7),
    entry(VIDEO, line=3),
    entry(VIDEO, line=4),
    entry(CHANNEL, line=5),
    entry(MALFORMED, line=6),
    entry(WATCH_LATER, line=7),
]  # fmt: skip
KNOWN = {
    PLAYLIST: living("Calculus 3", owner="Professor Leonard", owner_id="UC1", item_count=37),
    OTHER: missing(State.UNAVAILABLE, reason=Reason.PRIVATE, oembed=Answer.FORBIDDEN, title="Calculus 1"),
    VIDEO: living("Optimization", restrictions=("age", "blocked:DE")),
    CHANNEL: unanswered(),
}
EVENTS = [happened(PLAYLIST, EventKind.SHRUNK, "39", "37")]


def everything() -> Report:
    return report_of(LINKS, KNOWN, EVENTS)


def test_a_report_with_everything_in_it_keeps_the_schema() -> None:
    document = rendered(everything())
    assert document["generated_at"] == "2026-11-22T10:00:00Z"
    assert document["counts"] == {
        "links": 7,
        "resources": 5,
        "available": 2,
        "unavailable": 1,
        "suspect": 0,
        "unknown": 1,
        "unmonitorable": 1,
        "errors": 2,
        "warnings": 5,
        "notices": 0,
        "flapping": 0,
    }
    assert [finding["level"] for finding in document["findings"]] == ["error"] * 2 + ["warning"] * 5


def test_a_report_with_accepted_findings_keeps_the_schema() -> None:
    report = everything()
    accepted = Acknowledgement(None, RULES["dead"], "it moves", NOW, date(2026, 12, 31))
    for_ever = Acknowledgement(PLAYLIST.id, None, None, NOW)
    acknowledgements = [accepted, for_ever, *[None] * (len(report.findings) - 2)]
    findings = [
        replace(finding, acknowledged=acknowledgement)
        for finding, acknowledgement in zip(report.findings, acknowledgements, strict=True)
    ]
    document = rendered(replace(report, findings=findings))
    assert [finding["acknowledged"] for finding in document["findings"]] == [
        {"reason": "it moves", "accepted_at": "2026-11-22T10:00:00Z", "until": "2026-12-31"},
        {"reason": None, "accepted_at": "2026-11-22T10:00:00Z", "until": None},
        *[None] * (len(findings) - 2),
    ]


def test_a_resource_tells_what_is_known_of_it() -> None:
    (resource,) = [one for one in rendered(everything())["resources"] if one["id"] == PLAYLIST.id]
    assert resource == {
        "kind": "playlist",
        "id": PLAYLIST.id,
        "url": f"https://www.youtube.com/playlist?list={PLAYLIST.id}",
        "state": "available",
        "reason": None,
        "title": "Calculus 3",
        "owner": {"id": "UC1", "title": "Professor Leonard"},
        "item_count": 37,
        "first_seen": "2026-08-14T09:55:00Z",
        "last_checked": "2026-11-22T09:55:00Z",
        "last_available": "2026-11-22T09:55:00Z",
        "links": [
            {
                "file": "resources.csv",
                "line": 14,
                "column": 1,
                "label": "Linear Algebra",
                "section": "Algebra",
                "owner": "Professor Leonard",
                "syntax": "url",
            }
        ],
    }


def test_a_finding_tells_its_rule_place_and_evidence() -> None:
    (finding,) = [one for one in rendered(everything())["findings"] if one["rule"] == "dead"]
    assert finding == {
        "rule": "dead",
        "level": "error",
        "kind": "playlist",
        "id": OTHER.id,
        "links": [
            {
                "file": "list.md",
                "line": 2,
                "column": 7,
                "label": "Calculus 1",
                "section": None,
                "owner": None,
                "syntax": "url",
            }
        ],
        "message": "playlist “Calculus 1” is private (last seen 2026-11-21)",
        "since": "2026-11-22T09:55:00Z",
        "new": True,
        "acknowledged": None,
        "evidence": {
            "data_api": "absent",
            "oembed": "forbidden",
            "strikes": 0,
            "last_available": "2026-11-21T09:55:00Z",
            "suggestions": [
                {
                    "text": "an archived copy, if there is one",
                    "url": f"https://web.archive.org/web/{OTHER.url}",
                },
                {
                    "text": "a search for it",
                    "url": "https://www.youtube.com/results?search_query=Calculus+1",
                },
            ],
        },
    }


def test_a_run_tells_what_was_asked_and_what_it_cost() -> None:
    run = replace(RUN, finished_at=None, complete=False, incomplete_reason="interrupted", source="keyless")
    assert rendered(report_of(LINKS, KNOWN, run=run))["run"] == {
        "id": 3,
        "started_at": "2026-11-22T09:55:00Z",
        "finished_at": None,
        "source": "keyless",
        "quota_units": 4,
        "complete": False,
        "incomplete_reason": "interrupted",
    }


def test_what_was_never_met_is_null_and_never_left_out() -> None:
    document = rendered(report_of([entry(PLAYLIST)], run=None, first_seen=lambda link: None))
    (resource,) = document["resources"]
    assert document["run"] is None
    assert (resource["state"], resource["links"][0]["label"]) == ("unknown", None)
    for name in ("reason", "title", "owner", "item_count", "first_seen", "last_checked", "last_available"):
        assert resource[name] is None


def test_a_malformed_link_names_no_resource() -> None:
    (finding,) = rendered(report_of([entry(MALFORMED)], first_seen=lambda link: None))["findings"]
    assert (finding["kind"], finding["id"], finding["since"], finding["new"]) == (None, None, None, True)


@pytest.mark.parametrize(("owner_id", "title"), [("UC1", None), (None, "Professor Leonard")])
def test_half_an_owner_is_reported(owner_id: str | None, title: str | None) -> None:
    report = report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3", owner=title, owner_id=owner_id)})
    assert rendered(report)["resources"][0]["owner"] == {"id": owner_id, "title": title}


def test_an_empty_list_is_a_report_too() -> None:
    document = rendered(report_of([]))
    assert document["resources"] == document["findings"] == []
    assert set(document["counts"].values()) == {0}


def test_two_reports_of_the_same_knowledge_are_the_same_bytes_but_for_their_time() -> None:
    later = replace(everything(), generated_at=NOW + timedelta(hours=1, microseconds=5))
    first, second = render(everything()).splitlines(), render(later).splitlines()
    assert [one for one, other in zip(first, second, strict=True) if one != other] == [
        '  "generated_at": "2026-11-22T10:00:00Z",'
    ]
    assert render(everything()) == render(everything())
    assert rendered(later)["generated_at"] == "2026-11-22T11:00:00Z"


def test_the_order_of_the_keys_is_that_of_the_contract() -> None:
    document = rendered(everything())
    assert list(document) == ["schema", "generated_at", "run", "counts", "resources", "findings"]
    assert list(document["counts"]) == COUNTED


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_title_and_label_survive_as_they_are(title: str, label: str) -> None:
    document = rendered(report_of([entry(PLAYLIST, label)], {PLAYLIST: living(title)}))
    (resource,) = document["resources"]
    assert (resource["title"], resource["links"][0]["label"]) == (title, label)


def test_half_of_a_surrogate_pair_does_not_end_the_report() -> None:
    """As a JSON list may hold it, escaped; no UTF-8 can."""
    document = rendered(report_of([entry(PLAYLIST, "half \ud83d of it")], {PLAYLIST: living("Calculus \udcff 3")}))
    (resource,) = document["resources"]
    assert (resource["links"][0]["label"], resource["title"]) == ("half ? of it", "Calculus ? 3")
