"""A history as JSON: `linkwatch.life/1` has these keys, and holds any text as it is."""

import json
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from unit.report.builders import LONG_AGO, NOW, PLAYLIST, RUN_AT, YESTERDAY, missing, unanswered
from unit.report.resource.histories import KNOWN, change, checked, event, history_of, life_by_strangers, video
from unit.report.validating import validate

from linkwatch.models import rules
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.events import EventKind
from linkwatch.models.observation import MemberState, Reason, State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import Span
from linkwatch.report.resource.json import render
from linkwatch.report.resource.model import ResourceHistory


def rendered(history: ResourceHistory) -> Any:
    text = render(history)
    assert text.endswith("}\n")
    document = json.loads(text)
    validate(document)
    return document


def test_it_has_its_schema_and_what_is_so() -> None:
    document = rendered(history_of(names=["@leonard"]))
    assert list(document) == [
        "schema", "generated_at", "resource", "checks", "history", "events", "inside", "links", "acknowledgements",
    ]  # fmt: skip
    assert (document["schema"], document["generated_at"]) == ("linkwatch.life/1", "2026-11-22T10:00:00Z")
    assert document["resource"] == {
        "kind": "playlist",
        "id": PLAYLIST.id,
        "url": PLAYLIST.url,
        "names": ["@leonard"],
        "state": "available",
        "state_since": "2026-08-14T09:55:00Z",
        "reason": None,
        "title": "Calculus 3",
        "owner": {"id": "UC1", "title": "Leonard"},
        "item_count": 2,
        "restrictions": [],
        "first_seen": "2026-08-14T09:55:00Z",
        "last_checked": "2026-11-22T09:55:00Z",
        "last_available": "2026-11-22T09:55:00Z",
        "data_api": "present",
        "oembed": None,
        "strikes": 0,
        "last_strike": None,
        "flapping": None,
        "unreadable_since": None,
    }
    assert document["links"] == [
        {
            "file": "list.csv",
            "line": 14,
            "column": 1,
            "url": PLAYLIST.url,
            "label": "Calculus",
            "section": "Maths",
            "owner": None,
        }
    ]


def test_what_never_answered_has_nothing_but_its_place() -> None:
    document = rendered(history_of(unanswered(), look=None, members=[], checks=checked(None)))
    assert document["checks"] == [{"at": "2026-11-22T09:55:00Z", "state": None}]
    assert document["inside"] is None
    assert document["resource"]["owner"] is None
    assert document["history"]["state"] == [{"value": "unknown", "since": "2026-08-14T09:55:00Z", "until": None}]
    assert document["history"]["title"] == []


def test_the_history_holds_what_was_and_is_and_null_for_what_was_purged() -> None:
    spans = [Span("title", None, LONG_AGO, YESTERDAY), Span("unanswered", None, YESTERDAY, RUN_AT)]
    gone = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND)
    history = rendered(history_of(gone, spans=spans, present_since={"title": RUN_AT}))["history"]
    assert list(history) == ["state", "title", "owner", "item_count", "restrictions", "unanswered"]
    assert history["state"][-1]["value"] == "unavailable not_found"
    assert history["title"] == [
        {"value": None, "since": "2026-08-14T09:55:00Z", "until": "2026-11-21T09:55:00Z"},
        {"value": "Calculus 3", "since": "2026-11-22T09:55:00Z", "until": None},
    ]
    assert history["unanswered"] == [{"value": None, "since": "2026-11-21T09:55:00Z", "until": "2026-11-22T09:55:00Z"}]


def test_events_have_their_values() -> None:
    document = rendered(history_of(events=[event(EventKind.SHRUNK, None, "2")]))
    assert document["events"] == [{"at": "2026-11-22T09:55:00Z", "kind": "shrunk", "before": None, "after": "2"}]


def test_all_members_are_there_numbered_from_one() -> None:
    left = video(3, None, state=MemberState.DELETED, left_at=RUN_AT)
    members = [*(video(number) for number in range(1, 301)), left]
    changes = [change(MemberChangeKind.REPLACED, left, replaced_by="aaaaaaaaaaA", replaced_by_title="Anew")]
    inside = rendered(history_of(members=members, changes=changes))["inside"]
    assert [member["number"] for member in inside["members"]] == list(range(1, 301))
    assert inside["members"][0] == {
        "number": 1,
        "video_id": "0000000001A",
        "title": "Vectors",
        "owner": {"id": None, "title": "Leonard"},
        "state": "available",
        "state_since": "2026-08-14T09:55:00Z",
        "restrictions": None,
        "added_at": "2026-08-14T09:55:00Z",
        "first_seen": "2026-08-14T09:55:00Z",
        "left_at": None,
    }
    assert [(each["video_id"], each["left_at"]) for each in inside["left"]] == [("0000000003A", "2026-11-22T09:55:00Z")]
    assert inside["changes"] == [
        {
            "at": "2026-11-22T09:55:00Z",
            "change": "replaced",
            "number": 3,
            "video": {"video_id": "0000000003A", "title": None},
            "replaced_by": {"video_id": "aaaaaaaaaaA", "title": "Anew"},
        }
    ]


def test_acknowledgements_say_whether_they_count() -> None:
    ack = Acknowledgement(PLAYLIST.id, rules.DEAD, "it moves", YESTERDAY)
    acks = [ack, replace(ack, until=date(2026, 11, 21)), replace(ack, ended_at=NOW)]
    acknowledgements = rendered(history_of(acks=acks))["acknowledgements"]
    assert [each["active"] for each in acknowledgements] == [True, False, False]
    assert acknowledgements[1] == {
        "rule": "dead",
        "reason": "it moves",
        "accepted_at": "2026-11-21T09:55:00Z",
        "until": "2026-11-21",
        "ended_at": None,
        "active": False,
    }


def test_times_are_in_whole_seconds() -> None:
    odd = NOW.replace(microsecond=123_000)
    document = rendered(history_of(replace(KNOWN, last_checked=odd), now=odd))
    assert document["generated_at"] == document["resource"]["last_checked"] == "2026-11-22T10:00:00Z"


@given(st.text(max_size=40))
def test_any_text_survives_as_it_is(text: str) -> None:
    document = rendered(life_by_strangers(text))
    title = f"Calculus{text}Three"
    assert document["resource"]["title"] == document["links"][0]["label"] == title
    assert document["inside"]["members"][1]["title"] == document["events"][0]["after"] == title


def test_half_of_a_surrogate_pair_does_not_end_it() -> None:
    assert rendered(life_by_strangers("\ud800"))["resource"]["title"] == "Calculus?Three"
