"""The status of a list, in words for its readers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from unit.report.builders import (
    DAY,
    LONG_AGO,
    NOW,
    OTHER,
    PLAYLIST,
    RUN,
    RUN_AT,
    VIDEO,
    YESTERDAY,
    entry,
    happened,
    lecture,
    living,
    missing,
    report_of,
    unanswered,
)

from linkwatch.models.events import EventKind
from linkwatch.models.observation import Member, MemberState, Reason, ResourceRecord, State
from linkwatch.models.records import Run
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.build import by_resource
from linkwatch.report.status import MOST_ENTRIES, ListStatus, day_in_words, list_status

FINE = living("Linear Algebra")


def status(
    known: Mapping[Resource, ResourceRecord],
    lost: Sequence[tuple[Resource, Member]] = (),
    *,
    run: Run | None = RUN,
    events: Sequence[object] = (),
) -> ListStatus:
    links = [entry(resource, "the label", line=line, file="secret/list.md") for line, resource in enumerate(known, 1)]
    report = report_of(links, known, events, run=run)  # type: ignore[arg-type]  # as `happened` makes them
    return list_status(report, by_resource(report.resources), lost, len(lost))


@pytest.mark.parametrize(
    ("known", "lost", "complete", "headline", "tone"),
    [
        ({PLAYLIST: FINE, OTHER: FINE}, 0, True, "All 2 links are available", "good"),
        ({PLAYLIST: FINE}, 0, True, "The link is available", "good"),
        ({PLAYLIST: missing(State.UNAVAILABLE), OTHER: FINE}, 2, True, "1 of 2 links is unavailable", "error"),
        (
            {PLAYLIST: missing(State.UNAVAILABLE), OTHER: missing(State.UNAVAILABLE)},
            0,
            True,
            "2 of 2 links are unavailable",
            "error",
        ),
        ({PLAYLIST: missing(State.SUSPECT), OTHER: FINE}, 1, True, "1 of 2 links may be unavailable", "warning"),
        ({PLAYLIST: FINE}, 1, True, "1 video is missing from playlists", "warning"),
        ({PLAYLIST: FINE}, 2, True, "2 videos are missing from playlists", "warning"),
        ({PLAYLIST: FINE, OTHER: unanswered()}, 0, False, "1 of 2 links is known to be available", "notice"),
    ],
)
def test_the_worst_is_said_first(
    known: Mapping[Resource, ResourceRecord], lost: int, complete: bool, headline: str, tone: str
) -> None:
    run = replace(RUN, complete=complete, incomplete_reason=None if complete else "the key in ~/.env was refused")
    members = [(PLAYLIST, lecture(number, MemberState.PRIVATE, since=RUN_AT)) for number in range(1, lost + 1)]
    made = status(known, members, run=run)
    assert (made.headline, made.tone, made.is_complete, made.checked_at) == (headline, tone, complete, RUN_AT)
    assert "~/.env" not in repr(made)


def test_before_the_first_check_nothing_is_known() -> None:
    assert status({PLAYLIST: unanswered()}, run=None).headline == "Not checked yet"
    assert list_status(None, {}).headline == "Not checked yet"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason.PRIVATE, "private"),
        (Reason.NOT_FOUND, "unavailable"),
        (Reason.TERMINATED, "unavailable, as the whole channel is,"),
        (None, "unavailable"),
    ],
)
def test_what_is_unavailable_is_named_by_its_title_with_the_reason(reason: Reason | None, words: str) -> None:
    gone = missing(State.UNAVAILABLE, since=YESTERDAY, reason=reason)
    (row,) = status({VIDEO: gone}).unavailable
    assert (row.name, row.url, row.words, row.since, row.from_start) == (
        "Calculus 3",
        VIDEO.url,
        words,
        YESTERDAY,
        False,
    )


def test_what_was_never_available_is_not_given_a_day_on_which_it_went() -> None:
    gone = missing(State.UNAVAILABLE, since=LONG_AGO, title=None)
    (row,) = status({VIDEO: gone}).unavailable
    assert (row.name, row.from_start) == ("the label", True)


def test_a_playlist_without_videos_is_unavailable_to_its_readers() -> None:
    emptied = living("Calculus", item_count=0)
    made = status({PLAYLIST: emptied, OTHER: FINE}, events=[happened(PLAYLIST, EventKind.EMPTIED, "7", "0", YESTERDAY)])
    assert made.headline == "1 of 2 links is unavailable"
    assert [(row.name, row.words, row.since) for row in made.unavailable] == [
        ("Calculus", "without any video", YESTERDAY)
    ]


def test_what_came_back_is_named() -> None:
    made = status({VIDEO: living("Calculus")}, events=[happened(VIDEO, EventKind.RECOVERED, None, None, YESTERDAY)])
    assert [(row.name, row.words, row.since) for row in made.recovered] == [("Calculus", "available", YESTERDAY)]


def test_lost_videos_stand_under_their_playlists_by_their_numbers() -> None:
    lost = [
        (OTHER, lecture(9, MemberState.DELETED, since=RUN_AT)),
        (PLAYLIST, lecture(2, left_at=YESTERDAY)),
        (OTHER, lecture(1_200, MemberState.PRIVATE)),
        (OTHER, lecture(7, MemberState.PRIVATE, since=YESTERDAY, title=None)),
    ]
    made = status({PLAYLIST: FINE, OTHER: living("Calculus")}, lost)
    rows = [
        (playlist.name, video.name, video.words, video.since, video.from_start)
        for playlist in made.lost
        for video in playlist.videos
    ]
    assert rows == [
        ("Calculus", "7. video 0000000007A", "private", YESTERDAY, False),
        ("Calculus", "9. “Lecture 9”", "deleted", RUN_AT, False),
        ("Calculus", "1,200. “Lecture 1200”", "private", LONG_AGO, True),
        ("Linear Algebra", "2. “Lecture 2”", "no longer in the playlist", YESTERDAY, False),
    ]
    assert (made.lost_count, made.lost_shown) == (4, 4)


def test_of_very_many_the_last_ones_are_named_and_all_are_counted() -> None:
    many = {
        Resource(Kind.VIDEO, f"{number:011d}"): missing(State.UNAVAILABLE, since=LONG_AGO + number * timedelta(hours=1))
        for number in range(1, MOST_ENTRIES + 51)
    }
    lost = [(PLAYLIST, lecture(number, MemberState.DELETED)) for number in range(1, MOST_ENTRIES + 3)]
    made = status(many, lost)
    assert (made.unavailable_count, len(made.unavailable)) == (MOST_ENTRIES + 50, MOST_ENTRIES)
    assert made.unavailable[0].since == LONG_AGO + (MOST_ENTRIES + 50) * timedelta(hours=1)
    assert (made.lost_count, made.lost_shown) == (MOST_ENTRIES + 2, MOST_ENTRIES)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(), "Sunday, 22 November"),
        (5 * DAY, "Tuesday, 17 November"),
        (6 * DAY, "Monday, 16 November"),
        (7 * DAY, "15 November 2026"),
        (400 * DAY, "18 October 2025"),
    ],
)
def test_a_day_of_the_last_week_has_its_name(ago: timedelta, words: str) -> None:
    assert day_in_words(NOW - ago, NOW) == words
