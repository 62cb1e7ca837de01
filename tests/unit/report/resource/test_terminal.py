"""A history for a person at a terminal."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from msgspec.structs import replace
from unit.report.builders import CHANNEL, LONG_AGO, NOW, PLAYLIST, RUN_AT, YESTERDAY, living, missing, unanswered
from unit.report.formats.hostile_text import HUGE, TEXTS
from unit.report.resource.histories import KNOWN, LOOK, change, checked, event, history_of, life_by_strangers, video

from linkwatch.models import rules
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.events import EventKind
from linkwatch.models.observation import MemberState, Reason, ResourceRecord, State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import CheckHistory, Span
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.console import Console
from linkwatch.report.resource.model import ResourceHistory
from linkwatch.report.resource.terminal import FIRST, LAST, LATEST, render

GONE = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND)


def lines(history: ResourceHistory) -> list[str]:
    return render(history).splitlines()


def below(history: ResourceHistory, title: str) -> list[str]:
    """The lines of a part."""
    output_lines = lines(history)
    start = next(at for at, line in enumerate(output_lines) if line.startswith(title)) + 1
    end = next((at for at, line in enumerate(output_lines) if at > start and not line), len(output_lines))
    return [line.strip() for line in output_lines[start:end]]


def test_it_begins_with_what_is_so() -> None:
    assert lines(history_of(names=["@leonard", "user/leonard"]))[:13] == [
        f"playlist {PLAYLIST.id}",
        f"  address         {PLAYLIST.url}",
        "  names           @leonard, user/leonard",
        "  title           Calculus 3",
        "  owner           Leonard UC1",
        "  videos          2",
        "  state           available since 2026-08-14 09:55 UTC",
        "  Data API        present",
        "  first seen      2026-08-14 09:55 UTC",
        "  last checked    2026-11-22 09:55 UTC",
        "  last available  2026-11-22 09:55 UTC",
        "",
        "The last check",
    ]


def test_what_is_missing_says_what_the_witnesses_said() -> None:
    text = render(history_of(replace(GONE, missed_checks=2, last_missed_at=YESTERDAY)))
    assert "  state           unavailable (not found) since 2026-11-22 09:55 UTC\n" in text
    assert "  Data API        absent\n  oEmbed          absent\n" in text
    assert "  missed checks   2, the last on 2026-11-21 09:55 UTC\n" in text
    assert "  last available  2026-11-21 09:55 UTC\n" in text


def test_what_never_answered_says_so() -> None:
    text = render(history_of(unanswered(), look=None, members=[], checks=checked()))
    assert "  last checked    never answered\n  last available  never\n" in text
    for absent in ("title", "owner", "videos", "The last", "Videos"):
        assert absent not in text


def test_what_nobody_can_ask_about_says_why_and_has_no_checks() -> None:
    later = Resource(Kind.PLAYLIST, "WL")
    known = ResourceRecord(State.UNMONITORABLE, LONG_AGO, LONG_AGO)
    checks = CheckHistory((RUN_AT,), {later: (State.UNMONITORABLE,)})
    text = render(history_of(known, resource=later, look=None, members=[], checks=checks))
    assert (
        "  state           unmonitorable since 2026-08-14 09:55 UTC\n"
        "  why             Watch Later is different for every viewer" in text
    )
    assert "The last check" not in text


def test_a_channel_has_no_videos() -> None:
    assert "videos" not in render(history_of(living("Leonard"), resource=CHANNEL, look=None, members=[]))


def test_the_last_checks_are_a_bar_with_its_dates_and_a_legend_of_what_is_in_it() -> None:
    history = history_of(checks=checked(State.AVAILABLE, State.AVAILABLE, None, State.SUSPECT, State.UNAVAILABLE))
    assert below(history, "The last 5 checks") == [
        "2026-11-18  ▇▇·▒░  2026-11-22   ▇ available  ▒ suspect  ░ unavailable  · no answer"
    ]
    assert below(history_of(), "The last check") == ["2026-11-22  ▇  2026-11-22   ▇ available"]


def test_colours_are_for_the_bar_the_state_and_the_titles() -> None:
    console = Console(lambda text, name: f"<{name}>{text}</>")
    marked = render(history_of(GONE, checks=checked(State.UNAVAILABLE)), console=console)
    assert "<error>  state           </><error>unavailable" in marked
    assert "<error>░</>" in marked
    assert "<heading>Videos, inspected on " in marked


def test_former_values_are_shown_with_their_periods_up_to_now() -> None:
    spans = [
        Span("title", "Calculus III", LONG_AGO, YESTERDAY),
        Span("unanswered", None, LONG_AGO, YESTERDAY),
        Span("state", "unavailable not_found", LONG_AGO, YESTERDAY),
    ]
    history = history_of(spans=spans, present_since={"title": RUN_AT, "state": RUN_AT})
    ago, yesterday, now = "2026-08-14 09:55 UTC", "2026-11-21 09:55 UTC", "2026-11-22 09:55 UTC"
    assert below(history, "History") == [
        f"no answer     {ago} to {yesterday}  the checks in between got no answer",
        f"state         {ago} to {yesterday}  unavailable (not found)",
        f"title         {ago} to {yesterday}  “Calculus III”",
        f"state         {now} to now                 available",
        f"title         {now} to now                 “Calculus 3”",
    ]


def test_an_attribute_that_never_changed_is_not_in_the_history() -> None:
    assert "History" not in render(history_of())


@pytest.mark.parametrize("attribute", ["title", "owner", "item_count", "restrictions"])
def test_a_value_that_was_purged_is_said_to_be_so(attribute: str) -> None:
    history = history_of(spans=[Span(attribute, None, LONG_AGO, YESTERDAY)])
    assert below(history, "History")[0].endswith("  no longer kept")
    assert "None" not in render(history)


def test_a_title_and_a_count_of_what_is_gone_are_said_to_be_purged() -> None:
    gone = replace(GONE, facts=replace(GONE.facts, title=None, owner_id="UC1"))
    text = render(history_of(gone))
    assert (
        "  title           no longer kept\n"
        "  owner           UC1, name no longer kept\n"
        "  videos          no longer kept\n" in text
    )


def test_what_happened_has_its_values_or_says_that_they_were_purged() -> None:
    events = [
        event(EventKind.RETITLED, "Calculus III", "Calculus 3"),
        event(EventKind.SHRUNK, None, "2"),
        event(EventKind.RETITLED, None, None),
        event(EventKind.UNRESTRICTED, "age", ""),
    ]
    assert [line.partition("UTC  ")[2] for line in below(history_of(events=events), "Events")] == [
        "retitled: Calculus III → Calculus 3",
        "shrunk: no longer kept → 2",
        "retitled: what it was and what it became is no longer kept",
        "unrestricted: age → none",
    ]


def test_of_much_that_happened_the_latest_is_shown() -> None:
    events = [event(EventKind.RETITLED, str(n), str(n + 1), at=LONG_AGO + timedelta(n)) for n in range(LATEST + 30)]
    shown = below(history_of(events=events), "Events")
    assert shown[0] == "… 30 lines before these (--format json has all)"
    assert [line.split()[-1] for line in shown[1:]] == [str(n + 31) for n in range(LATEST)]
    assert len(below(history_of(events=events[: LATEST + 1]), "Events")) == LATEST + 1


def test_the_members_have_number_title_owner_state_and_date() -> None:
    members = [
        video(1),
        video(2, None, state=MemberState.DELETED, owner_title=None, added_at=None, restrictions=("age",)),
    ]
    look = LOOK._replace(lost_count=1)
    assert below(history_of(members=members, look=look), "Videos, inspected on 2026-11-22 09:55 UTC") == [
        "2 videos, 1 of them private or deleted",
        "1  “Vectors” · by Leonard · available · added 2026-08-14",
        "2  video 0000000002A · gone · age-restricted (sign-in required)",
    ]


@pytest.mark.parametrize(("count", "hidden"), [(FIRST + LAST + 1, 0), (FIRST + LAST + 2, 2), (5_000, 4_980)])
def test_a_long_playlist_is_shown_by_its_ends(count: int, hidden: int) -> None:
    shown = below(history_of(members=[video(number) for number in range(1, count + 1)]), "Videos")[1:]
    numbers = [line.split()[0] for line in shown]
    if hidden:
        assert shown[FIRST] == f"… {hidden:,} more (--format json has all)"
        assert len(shown) == FIRST + 1 + LAST
    else:
        assert len(shown) == count
    assert (numbers[0], numbers[-1]) == ("1", f"{count:,}")


def test_a_closed_playlist_says_that_it_shows_nothing() -> None:
    closed = LOOK._replace(closed=True)
    assert below(history_of(look=closed, members=[]), "Videos") == ["YouTube does not show its videos"]
    assert "; those seen before are kept" in below(history_of(look=closed), "Videos")[0]


def test_who_came_and_went_says_who_took_it() -> None:
    changes = [
        change(MemberChangeKind.ADDED, video(2)),
        change(MemberChangeKind.REMOVED, video(3)),
        change(MemberChangeKind.MADE_PRIVATE, video(4)),
        change(MemberChangeKind.DELETED, video(5, None)),
        change(MemberChangeKind.RETURNED, video(6)),
        change(MemberChangeKind.MOVED, video(7)),
        change(
            MemberChangeKind.REPLACED, video(8), replaced_by="aaaaaaaaaaA", replaced_by_title="Vectors, re-recorded"
        ),
        change(MemberChangeKind.REPLACED, video(9), replaced_by="aaaaaaaaaaA"),
    ]
    assert [line.partition("UTC  ")[2] for line in below(history_of(changes=changes), "Changes of its videos")] == [
        "“Vectors”: added (number 2)",
        "“Vectors”: removed by the playlist owner (number 3)",
        "“Vectors”: made private (number 4)",
        "video 0000000005A: deleted (number 5)",
        "“Vectors”: available again (number 6)",
        "“Vectors”: moved to number 7",
        "“Vectors”: replaced by “Vectors, re-recorded” at number 8",
        "“Vectors”: replaced by video aaaaaaaaaaA at number 9",
    ]


def test_where_it_is_listed_has_label_and_section() -> None:
    assert below(history_of(), "Where it is listed") == ["list.csv:14:1  Calculus  in “Maths”"]
    assert below(history_of(links=[]), "Where it is listed") == ["in no list as of the last checks"]


def test_what_is_accepted_says_whether_it_still_counts() -> None:
    ack = Acknowledgement(PLAYLIST.id, rules.DEAD, "it moves", YESTERDAY)
    acks = [
        ack,
        replace(ack, rule=None, reason=None, until=date(2027, 1, 31)),
        replace(ack, until=date(2026, 11, 21)),
        replace(ack, ended_at=NOW),
    ]
    assert below(history_of(acks=acks), "Acknowledged") == [
        "dead: it moves",
        "all findings until 2027-01-31",
        "dead until 2026-11-21, expired: it moves",
        "dead, ended 2026-11-22: it moves",
    ]


def test_restrictions_are_put_in_words() -> None:
    facts = replace(KNOWN.facts, restrictions=("age", "allowed:", "blocked:DE,FR", "embedding", "embedding?", "live"))
    assert (
        "  restrictions    age-restricted (sign-in required), available in no country, blocked in DE, FR, "
        "can't be embedded, can't be embedded or is private (only a check with a key can tell), live now\n"
    ) in render(history_of(replace(KNOWN, facts=facts)))


@given(TEXTS)
def test_no_text_fakes_a_line_or_reaches_the_terminal_as_it_is(text: str) -> None:
    output = render(life_by_strangers(text))
    assert len(output.split("\n")) == len(render(life_by_strangers("")).split("\n"))
    assert all(character.isprintable() or character == "\n" or ord(character) > 0x9F for character in output)
    assert not {"\u202e", "\u2066", "\u2028", "\ud800"} & set(output)


def test_a_huge_text_is_shown_whole() -> None:
    assert HUGE in render(life_by_strangers(HUGE))
