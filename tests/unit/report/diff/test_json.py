"""Differences as JSON: `linkwatch.diff/1` has these keys, and holds any text as it is."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from unit.report.builders import OTHER, PLAYLIST, RUN_AT, VIDEO, entry, living
from unit.report.diff.comparing import EARLIER, compared, happened, strangers
from unit.report.resource.histories import change, video
from unit.report.validating import validate

from linkwatch.models.events import EventKind
from linkwatch.models.observation import MemberState
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.report.diff.json import render
from linkwatch.report.diff.model import DiffKind, ListDiff

LIST = [entry(PLAYLIST, "Calculus", line=3, section="Maths")]


def rendered(differences: ListDiff) -> Any:
    text = render(differences)
    assert text.endswith("}\n")
    document = json.loads(text)
    validate(document)
    return document


def test_it_has_its_schema_and_its_times() -> None:
    document = rendered(compared(LIST, {PLAYLIST: living()}))
    assert document == {
        "schema": "linkwatch.diff/1",
        "generated_at": "2026-11-22T10:00:00Z",
        "since": "2026-11-15T10:00:00Z",
        "first_check": "2026-08-14T09:55:00Z",
        "last_check": "2026-11-22T09:55:00Z",
        "complete": True,
        "resources": 1,
        "unanswered": 0,
        "counts": dict.fromkeys(DiffKind, 0),
        "differences": [],
    }


def test_before_any_check_there_are_no_times() -> None:
    document = rendered(compared(LIST, {}, first_checks={}, run=None))
    assert (document["first_check"], document["last_check"], document["complete"]) == (None, None, False)


def test_a_difference_has_its_values_and_its_sentence() -> None:
    document = rendered(
        compared(LIST, {PLAYLIST: living("Calculus 3")}, [happened(PLAYLIST, EventKind.RETITLED, None, "Calculus 3")])
    )
    assert document["counts"]["retitled"] == 1
    assert document["differences"] == [
        {
            "change": "retitled",
            "kind": "playlist",
            "id": PLAYLIST.id,
            "url": PLAYLIST.url,
            "title": "Calculus 3",
            "links": [
                {
                    "file": "list.md",
                    "line": 3,
                    "column": 1,
                    "label": "Calculus",
                    "section": "Maths",
                    "owner": None,
                    "syntax": "url",
                }
            ],
            "message": "playlist “Calculus 3” had a title that is no longer kept",
            "at": "2026-11-22T09:55:00Z",
            "before": None,
            "after": "Calculus 3",
            "absence": None,
            "flapping": None,
            "videos": None,
        }
    ]


def test_what_was_missing_in_between_has_its_absence() -> None:
    events = [
        happened(PLAYLIST, EventKind.DIED, "available", "unavailable", EARLIER),
        happened(PLAYLIST, EventKind.RECOVERED, "unavailable", "available"),
    ]
    (difference,) = rendered(compared(LIST, {PLAYLIST: living()}, events))["differences"]
    assert difference["absence"] == {"since": "2026-11-20T09:55:00Z", "until": "2026-11-22T09:55:00Z"}


def test_all_videos_that_came_and_went_are_there_numbered_from_one() -> None:
    changes = [
        *(change(MemberChangeKind.ADDED, video(number)) for number in range(1, 101)),
        change(MemberChangeKind.RETURNED, video(101)),
        change(MemberChangeKind.REMOVED, video(102, left_at=RUN_AT)),
        change(MemberChangeKind.MADE_PRIVATE, video(103, state=MemberState.PRIVATE)),
        change(MemberChangeKind.DELETED, video(104, None, state=MemberState.DELETED)),
        change(MemberChangeKind.REPLACED, video(105, left_at=RUN_AT), replaced_by="aaaaaaaaaaA"),
    ]
    (difference,) = rendered(compared(LIST, {PLAYLIST: living()}, changes={PLAYLIST: changes}))["differences"]
    assert {name: [each["number"] for each in videos] for name, videos in difference["videos"].items()} == {
        "came": list(range(1, 101)),
        "returned": [101],
        "taken_out": [102],
        "made_private": [103],
        "gone": [104],
        "replaced": [105],
    }
    assert difference["videos"]["gone"] == [
        {"number": 104, "video_id": "0000000104A", "title": None, "replaced_by": None}
    ]
    assert difference["videos"]["replaced"][0]["replaced_by"] == "aaaaaaaaaaA"


def test_what_was_never_checked_or_is_removed_has_what_is_known() -> None:
    document = rendered(compared([*LIST, entry(VIDEO)], {PLAYLIST: living()}, removed={OTHER: []}))
    added, removed = document["differences"]
    assert (added["change"], added["title"], added["at"]) == ("added", None, None)
    assert (removed["change"], removed["links"]) == ("removed", [])


@given(st.text(max_size=40))
def test_any_text_survives_as_it_is(text: str) -> None:
    hostile = f"Calculus{text}Three"
    document = rendered(strangers(text))
    assert {each["title"] for each in document["differences"]} == {hostile}
    retitled = document["differences"][0]
    assert (retitled["before"], retitled["after"], retitled["links"][0]["file"]) == (f"{hostile}.", hostile, hostile)


def test_half_of_a_surrogate_pair_does_not_end_it() -> None:
    assert rendered(strangers("\ud800"))["differences"][0]["after"] == "Calculus?Three"
