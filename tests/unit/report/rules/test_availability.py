"""What a resource is now: dead, suspect, emptied, restricted, stale, unmonitorable."""

from datetime import datetime, timedelta

import pytest
from unit.report.builders import (
    CHANNEL,
    DAY,
    LONG_AGO,
    NOW,
    PLAYLIST,
    RUN_AT,
    WATCH_LATER,
    YESTERDAY,
    entry,
    found,
    happened,
    living,
    missing,
    report_of,
    unanswered,
    without_key,
)

from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.observation import Answer, Reason, ResourceRecord, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import Level
from linkwatch.report.summary import evidence
from linkwatch.settings import Settings

GONE = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND)
STATE_RULES = (rules.DEAD, rules.SUSPECT, rules.EMPTIED, rules.RESTRICTED, rules.STALE, rules.UNMONITORABLE)


def test_what_is_available_and_answered_for_gives_no_finding() -> None:
    report = report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3", item_count=37, restrictions=())})
    assert report.findings == []


def test_what_is_unavailable_is_dead_wherever_it_is_listed() -> None:
    links = [entry(PLAYLIST, "Calculus 3", line=3), entry(PLAYLIST, "Calculus 3", file="other.md", line=9)]
    (dead,) = found(report_of(links, {PLAYLIST: GONE}), rules.DEAD)
    assert (dead.level, dead.kind, dead.id) == (Level.ERROR, Kind.PLAYLIST, PLAYLIST.id)
    assert list(dead.links) == links
    assert dead.message == ("playlist “Calculus 3” is no longer available (last seen 2026-11-21)")
    assert (dead.since, dead.new) == (RUN_AT, True)
    assert dead.evidence == {"data_api": "absent", "oembed": "absent", "strikes": 0, "last_available": YESTERDAY}


@pytest.mark.parametrize(
    ("known", "message", "answers"),
    [
        pytest.param(
            missing(State.UNAVAILABLE, reason=Reason.PRIVATE, oembed=Answer.FORBIDDEN),
            "is private (last seen 2026-11-21)",
            "Data API omits it, oEmbed: 403",
            id="private",
        ),
        pytest.param(
            missing(State.UNAVAILABLE, reason=Reason.TERMINATED, oembed=None),
            "is no longer available: its channel was terminated (last seen 2026-11-21)",
            "Data API omits it",
            id="terminated",
        ),
        pytest.param(
            missing(State.UNAVAILABLE, reason=Reason.PRIVATE, oembed=Answer.UNAUTHORIZED),
            "is private (last seen 2026-11-21)",
            "Data API omits it, oEmbed: 401 (probably private)",
            id="a hint of private",
        ),
        pytest.param(
            missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND, oembed=Answer.NONE),
            "is no longer available (last seen 2026-11-21)",
            "Data API omits it, oEmbed: no answer",
            id="one endpoint",
        ),
        pytest.param(
            missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND, api=None),
            "is no longer available (last seen 2026-11-21)",
            "oEmbed: 404",
            id="without a key",
        ),
        pytest.param(
            missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND, last_available=None),
            "is no longer available (never seen available)",
            "Data API omits it, oEmbed: 404",
            id="from day one",
        ),
    ],
)
def test_a_dead_one_says_what_became_of_it_and_what_the_endpoints_answered(
    known: ResourceRecord, message: str, answers: str
) -> None:
    (dead,) = found(report_of([entry(PLAYLIST)], {PLAYLIST: known}), rules.DEAD)
    assert dead.message == f"playlist “Calculus 3” {message}"
    assert evidence(dead) == [answers]


@pytest.mark.parametrize(
    ("title", "label", "name"),
    [
        ("Calculus 3", "Calc", "playlist “Calculus 3”"),
        (None, "Calc", "playlist “Calc”"),
        (None, None, f"playlist {PLAYLIST.id}"),
    ],
)
def test_what_is_gone_is_called_by_its_title_else_its_label_else_its_id(
    title: str | None, label: str | None, name: str
) -> None:
    gone = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND, title=title)
    (dead,) = found(report_of([entry(PLAYLIST, label)], {PLAYLIST: gone}), rules.DEAD)
    assert dead.message.startswith(f"{name} is no longer available")


def test_what_died_before_the_last_run_is_not_new() -> None:
    old = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND, since=YESTERDAY)
    (dead,) = found(report_of([entry(PLAYLIST)], {PLAYLIST: old}), rules.DEAD)
    assert (dead.since, dead.new) == (YESTERDAY, False)


def test_a_suspect_is_no_error_and_says_how_many_misses_confirm_it() -> None:
    known = missing(State.SUSPECT, missed_checks=1, oembed=Answer.NONE)
    report = report_of([entry(PLAYLIST)], {PLAYLIST: known}, settings=Settings(confirm_strikes=4))
    (suspect,) = found(report, rules.SUSPECT)
    assert suspect.level is Level.WARNING
    assert suspect.message == "playlist “Calculus 3” is missing from the Data API's answers (missed check 1 of 4)"
    assert found(report, rules.DEAD) == []


def test_a_suspect_that_the_second_witness_sees_is_not_on_its_way_to_be_called_dead() -> None:
    (suspect,) = found(
        report_of([entry(PLAYLIST)], {PLAYLIST: missing(State.SUSPECT, oembed=Answer.PRESENT)}), rules.SUSPECT
    )
    assert suspect.message == (
        "reports disagree about playlist “Calculus 3”: the Data API omits it, oEmbed still shows it"
    )
    assert evidence(suspect) == ["Data API omits it, oEmbed shows it"]


def test_what_nobody_can_ask_about_says_so_before_the_first_check_and_after_it() -> None:
    known = ResourceRecord(State.UNMONITORABLE, state_since=LONG_AGO, first_seen=LONG_AGO)
    for met in ({}, {Resource(Kind.PLAYLIST, "WL"): known}):
        report = report_of([entry(WATCH_LATER)], met)
        (finding,) = report.findings
        assert (finding.rule, finding.level) == (rules.UNMONITORABLE, Level.WARNING)
        assert finding.message.startswith("WL can't be monitored: Watch Later")
        assert (finding.since, finding.new) == (LONG_AGO, False)


@pytest.mark.parametrize("count", [None, 1, 37])
def test_a_playlist_with_videos_or_of_unknown_size_is_not_emptied(count: int | None) -> None:
    assert report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3", item_count=count)}).findings == []


def test_an_emptied_playlist_is_an_error_for_as_long_as_it_is_empty() -> None:
    known = {PLAYLIST: living("Calculus 3", item_count=0)}
    (emptied,) = report_of([entry(PLAYLIST)], known).findings
    assert (emptied.rule, emptied.level) == (rules.EMPTIED, Level.ERROR)
    assert emptied.message == "playlist “Calculus 3” has no videos left"
    assert (emptied.since, emptied.new) == (LONG_AGO, False)

    event = happened(PLAYLIST, EventKind.EMPTIED, "37", "0", at=RUN_AT - 60 * DAY)
    (emptied,) = report_of([entry(PLAYLIST)], known, [event]).findings
    assert emptied.message == "playlist “Calculus 3” has no videos left (it had 37)"
    assert emptied.since == RUN_AT - 60 * DAY


def test_the_count_before_is_no_longer_reported_when_it_was_purged() -> None:
    event = happened(PLAYLIST, EventKind.EMPTIED, None, None, at=YESTERDAY)
    (emptied,) = report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3", item_count=0)}, [event]).findings
    assert emptied.message == "playlist “Calculus 3” has no videos left"
    assert emptied.since == YESTERDAY


STALE_AFTER = Settings().stale_after


@pytest.mark.parametrize("state", [State.AVAILABLE, State.UNAVAILABLE, State.SUSPECT], ids=str)
def test_what_was_not_answered_about_for_long_is_stale_in_whatever_state(state: State) -> None:
    checked = NOW - STALE_AFTER
    known = living("Calculus 3", checked=checked) if state is State.AVAILABLE else missing(state, checked=checked)
    (stale,) = found(report_of([entry(PLAYLIST)], {PLAYLIST: known}), rules.STALE)
    assert stale.level is Level.WARNING
    assert stale.message == f"no check got an answer for playlist “Calculus 3” since {checked:%Y-%m-%d}"
    assert stale.since == NOW


def test_what_was_answered_about_in_time_is_not_stale() -> None:
    checked = NOW - STALE_AFTER + timedelta(seconds=1)
    assert report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3", checked=checked)}).findings == []


def test_what_was_never_answered_about_is_stale_after_the_same_time() -> None:
    (stale,) = report_of([entry(PLAYLIST)], {PLAYLIST: unanswered()}).findings
    assert stale.rule is rules.STALE
    assert stale.message == f"no check got an answer yet for playlist {PLAYLIST.id} (first seen 2026-08-14)"
    assert report_of([entry(PLAYLIST)], {PLAYLIST: unanswered(YESTERDAY)}).findings == []
    assert report_of([entry(PLAYLIST)]).findings == []


def test_without_a_key_channels_are_not_stale_but_reported_once() -> None:
    links, known = [entry(CHANNEL), entry(PLAYLIST, line=2)], {CHANNEL: unanswered(), PLAYLIST: unanswered()}
    report = report_of(links, known, run=without_key())
    assert [finding.id for finding in found(report, rules.STALE)] == [PLAYLIST.id]
    assert report.unchecked_channels == 1
    with_key = report_of(links, known)
    assert {finding.id for finding in found(with_key, rules.STALE)} == {PLAYLIST.id, CHANNEL.id}
    assert with_key.unchecked_channels == 0


def test_what_nobody_can_ask_about_is_not_stale_too() -> None:
    known = ResourceRecord(State.UNMONITORABLE, state_since=LONG_AGO, first_seen=LONG_AGO)
    report = report_of([entry(WATCH_LATER)], {Resource(Kind.PLAYLIST, "WL"): known})
    assert [finding.rule for finding in report.findings] == [rules.UNMONITORABLE]


@pytest.mark.parametrize("state", [State.UNAVAILABLE, State.SUSPECT])
def test_what_is_missing_is_not_called_emptied_or_restricted(state: State) -> None:
    known = missing(state, title="Calculus 3")
    rules = [finding.rule for finding in report_of([entry(PLAYLIST)], {PLAYLIST: known}).findings]
    assert len([rule for rule in rules if rule in STATE_RULES]) == 1


@pytest.mark.parametrize(
    ("last_available", "hinted"), [(None, True), (YESTERDAY, False)], ids=["never available", "lived"]
)
def test_a_dead_id_that_youtube_never_gave_out_may_be_mistyped(last_available: datetime | None, hinted: bool) -> None:
    mistyped = Resource(Kind.VIDEO, "haHLRD0QZ0b")
    gone = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND, last_available=last_available, title=None)
    (dead,) = found(report_of([entry(mistyped)], {mistyped: gone}), rules.DEAD)
    assert ("mistyped" in dead.message) is hinted
