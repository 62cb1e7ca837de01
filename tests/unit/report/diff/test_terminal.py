"""Differences for a person at a terminal."""

from dataclasses import replace

import pytest
from hypothesis import given
from unit.report.builders import NOW, OTHER, PLAYLIST, RUN, RUN_AT, YESTERDAY, entry, living, missing, unanswered
from unit.report.diff.comparing import EARLIER, SINCE, compared, happened, strangers
from unit.report.formats.hostile_text import HUGE, TEXTS
from unit.report.resource.histories import change, video

from linkwatch.models.events import EventKind
from linkwatch.models.observation import MemberState, Reason, State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.report.console import Console
from linkwatch.report.diff.model import Difference, DiffKind, ListDiff, net_video_changes
from linkwatch.report.diff.terminal import render
from linkwatch.report.diff.text import HEADINGS, MAX_NAMED_VIDEOS
from linkwatch.report.model import ReportedResource

LIST = [entry(PLAYLIST, "Calculus", line=3)]
ITEM = ReportedResource(PLAYLIST, living("Calculus 3"), tuple(LIST))
GONE = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND)


def of(*differences: Difference) -> ListDiff:
    """These differences of a list of one."""
    return replace(compared(LIST, {PLAYLIST: living()}), differences=differences)


def line(turn: DiffKind, before: str | None = None, after: str | None = None, **more: object) -> str:
    """The line of one difference."""
    difference = Difference(turn, **{"item": ITEM, "at": RUN_AT, "before": before, "after": after} | more)  # type: ignore[arg-type]
    return render(of(difference)).splitlines()[3].strip()


def test_no_difference_is_one_line() -> None:
    assert render(compared(LIST, {PLAYLIST: living()})) == (
        "No difference since 2026-11-15 10:00 UTC in 1 resource, checked 2026-11-22 09:55 UTC\n"
    )


def test_the_headline_counts_and_each_group_has_its_title_and_places() -> None:
    events = [
        happened(PLAYLIST, EventKind.DIED, "available", "unavailable"),
        happened(OTHER, EventKind.RETITLED, "Calculus I", "Calculus 1"),
    ]
    links = [*LIST, entry(OTHER, line=14)]
    assert render(compared(links, {PLAYLIST: GONE, OTHER: living("Calculus 1")}, events)).splitlines() == [
        "2 differences since 2026-11-15 10:00 UTC in 2 resources, checked 2026-11-22 09:55 UTC",
        "",
        "No longer available",
        "  playlist “Calculus 3” has been unavailable since 2026-11-22 09:55 UTC (not found)",
        "    list.md:3:1",
        "",
        "Title changed",
        "  playlist title changed: “Calculus I” → “Calculus 1”",
        "    list.md:14:1",
    ]


def test_before_any_check_there_is_nothing_to_compare() -> None:
    assert render(compared(LIST, {}, first_checks={}, run=None)) == (
        "1 resource, not checked yet: run “linkwatch check”\n"
    )


def test_from_when_it_knows_is_said_when_that_is_later() -> None:
    note = "Note: the first check of these lists was on 2026-11-21 09:55 UTC; what was before is not known\n"
    assert note in render(compared(LIST, {PLAYLIST: living()}, first_checks={"list.md": YESTERDAY}))
    assert "Note" not in render(compared(LIST, {PLAYLIST: living()}))


def test_what_is_not_known_is_said() -> None:
    run = replace(RUN, complete=False, incomplete_reason="the quota is spent")
    text = render(compared(LIST, {PLAYLIST: unanswered()}, run=run))
    assert "Note: the last check is incomplete: the quota is spent\n" in text
    assert "Note: no check got an answer about 1 resource since then: what became of them is not known\n" in text


@pytest.mark.parametrize(
    ("shown", "message"),
    [
        (
            line(DiffKind.RECOVERED, "suspect", "available"),
            "is available again since 2026-11-22 09:55 UTC (it was suspect)",
        ),
        (
            line(DiffKind.RECOVERED, "available", "available", absence=(EARLIER, RUN_AT)),
            "was missing from 2026-11-20 09:55 UTC to 2026-11-22 09:55 UTC and is available again",
        ),
        (line(DiffKind.WENT_MISSING, "available", "suspect"), "has been missing since 2026-11-22 09:55 UTC"),
        (
            line(DiffKind.WENT_MISSING, "unavailable", "suspect"),
            "has been missing since 2026-11-22 09:55 UTC, after it was available in between",
        ),
        (line(DiffKind.DIED, "suspect", "unavailable"), "has been unavailable since 2026-11-22 09:55 UTC"),
        (
            line(DiffKind.DIED, "unavailable", "unavailable"),
            "has been unavailable since 2026-11-22 09:55 UTC, after it was available in between",
        ),
        (line(DiffKind.GREW, "10", "1200"), "had 10 videos, and has 1,200"),
        (line(DiffKind.GREW, None, "12"), "has 12 videos; how many it had is no longer kept"),
        (line(DiffKind.SHRANK, "12", None), "had 12 videos; how many it has is no longer kept"),
        (line(DiffKind.EXCHANGED), "has other videos; how many it had and has is no longer kept"),
        (line(DiffKind.EXCHANGED, "9", "9"), "counts 9 videos as before, but not the same ones"),
        (line(DiffKind.SHRANK, "9", "9"), "counts 9 videos as before, but fewer of them can be watched"),
        (line(DiffKind.GREW, "9", "9"), "counts 9 videos as before, and more of them can be watched"),
        (
            line(DiffKind.RESTRICTIONS_CHANGED, "", "age blocked:DE"),
            "restrictions changed: none → age-restricted (sign-in required), blocked in DE",
        ),
        (
            line(DiffKind.RESTRICTIONS_CHANGED, None, ""),
            "restrictions changed: no longer kept → none",
        ),
        (line(DiffKind.ADDED), "is new since 2026-11-22 09:55 UTC"),
        (line(DiffKind.ADDED, at=None), "is new, and not checked yet"),
    ],
)
def test_every_turn_has_its_sentence(shown: str, message: str) -> None:
    assert shown == f"playlist “Calculus 3” {message}"


@pytest.mark.parametrize(("before", "named"), [("Sal", "Sal"), (None, "a channel whose name is no longer kept")])
def test_another_owner_is_named_after_the_one_before(before: str | None, named: str) -> None:
    shown = line(DiffKind.OWNER_CHANGED, before, "Leonard")
    assert shown == f"owner changed: {named} → Leonard (playlist “Calculus 3”)"


def test_what_was_never_seen_available_says_so() -> None:
    never = ReportedResource(PLAYLIST, missing(State.UNAVAILABLE, last_available=None), tuple(LIST))
    assert line(DiffKind.DIED, "unknown", "unavailable", item=never).endswith(" (never seen available)")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (None, "Calculus 3", "playlist “Calculus 3” had a title that is no longer kept"),
        ("Calculus", None, "playlist “Calculus” has another title, which is no longer kept"),
        (None, None, f"playlist {PLAYLIST.id} has another title; neither is kept any longer"),
    ],
)
def test_a_title_that_was_purged_is_said_to_be_so(before: str | None, after: str | None, message: str) -> None:
    assert line(DiffKind.RETITLED, before, after) == message


def test_what_was_removed_says_where_it_stood_as_far_as_that_is_known() -> None:
    assert line(DiffKind.REMOVED) == "playlist “Calculus 3” stood at list.md:3:1 when that list was last checked"
    nowhere = ReportedResource(PLAYLIST, living("Calculus 3"), ())
    assert line(DiffKind.REMOVED, item=nowhere) == (
        "playlist “Calculus 3” is in no list any more; it was last checked 2026-11-22 09:55 UTC"
    )


def test_the_videos_are_named_below_their_playlist() -> None:
    changes = [
        change(MemberChangeKind.ADDED, video(2, "Vectors")),
        change(MemberChangeKind.RETURNED, video(3, "Bases")),
        change(MemberChangeKind.REMOVED, video(4, "Spans", left_at=RUN_AT)),
        change(MemberChangeKind.MADE_PRIVATE, video(5, "Maps", state=MemberState.PRIVATE)),
        change(MemberChangeKind.DELETED, video(6, None, state=MemberState.DELETED)),
        change(
            MemberChangeKind.REPLACED,
            video(7, "Old", left_at=RUN_AT),
            replaced_by="aaaaaaaaaaA",
            replaced_by_title="New",
        ),
        change(MemberChangeKind.REPLACED, video(8, "Older", left_at=RUN_AT), replaced_by="aaaaaaaaaaA"),
    ]
    difference = Difference(DiffKind.SHRANK, ITEM, RUN_AT, "9", "8", videos=net_video_changes(changes))
    assert [each.strip() for each in render(of(difference)).splitlines()[5:]] == [
        "added: “Vectors”",
        "available again: “Bases”",
        "removed by the playlist owner: “Spans”",
        "made private: “Maps”",
        "deleted: video 0000000006A",
        "replaced: “Old” by “New”, “Older” by video aaaaaaaaaaA",
    ]


def test_of_many_videos_some_are_named() -> None:
    turnover = net_video_changes(
        [change(MemberChangeKind.ADDED, video(number)) for number in range(1, MAX_NAMED_VIDEOS + 1_001)]
    )
    text = render(of(Difference(DiffKind.GREW, ITEM, RUN_AT, "9", "1019", videos=turnover)))
    assert text.count("“Vectors”") == MAX_NAMED_VIDEOS
    assert text.endswith(" and 1,000 more\n")


def test_every_turn_has_a_title() -> None:
    assert list(HEADINGS) == list(DiffKind)


def test_colours_are_for_titles_and_notes() -> None:
    console = Console(lambda text, name: f"<{name}>{text}</>")
    marked = render(of(Difference(DiffKind.DIED, ITEM, RUN_AT)), console=console)
    assert "\n<error>No longer available</>\n" in marked
    assert marked.startswith("<heading>1 difference since")


@given(TEXTS)
def test_no_text_fakes_a_line_or_reaches_the_terminal_as_it_is(text: str) -> None:
    output = render(strangers(text))
    assert len(output.split("\n")) == len(render(strangers("")).split("\n"))
    assert all(character.isprintable() or character == "\n" or ord(character) > 0x9F for character in output)
    assert not {"\u202e", "\u2066", "\u2028", "\ud800"} & set(output)


def test_a_huge_text_is_shown_whole() -> None:
    assert HUGE in render(strangers(HUGE))


def test_the_moment_is_the_one_that_was_asked_for() -> None:
    assert f"since {SINCE:%Y-%m-%d %H:%M} UTC" in render(of())
    assert SINCE < NOW
