"""The report for a person: what is dead first, one line when all is well, and no line that a title could fake."""

from dataclasses import replace
from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.report.builders import (
    CHANNEL,
    LONG_AGO,
    MALFORMED,
    NOW,
    OTHER,
    PLAYLIST,
    RUN,
    VIDEO,
    WATCH_LATER,
    YESTERDAY,
    entry,
    happened,
    living,
    missing,
    report_of,
    unanswered,
    with_levels,
    without_key,
)

from linkwatch.models.events import EventKind
from linkwatch.models.observation import Reason, State
from linkwatch.models.rules import RULES, Level
from linkwatch.report.build import only_new
from linkwatch.report.formats.terminal import MOST_PLACES, NARROW, NARROWEST, UNDER, render
from linkwatch.report.model import QuotaSummary, Report

GONE = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND)
OLD_GONE = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND, since=YESTERDAY)
WATCH = "https://www.youtube.com/watch"
QUOTA = QuotaSummary(left=9_988, limit=10_000, turns_at=NOW)


def lines(report: Report, width: int | None = None) -> list[str]:
    text = render(report, width=width)
    assert text.endswith("\n")
    return text[:-1].split("\n")


def broken() -> Report:
    """Something in every group."""
    links = [
        entry(PLAYLIST, "Calculus 3", line=3),
        entry(VIDEO, "Optimization", line=200, column=17),
        entry(OTHER, line=5),
        entry(MALFORMED, line=6),
        entry(WATCH_LATER, line=7),
        entry(CHANNEL, line=8),
    ]
    known = {
        PLAYLIST: GONE,
        VIDEO: missing(State.SUSPECT, missed_checks=1, title="Optimization"),
        OTHER: living("Calculus 1", item_count=29),
        CHANNEL: living("3Blue1Brown"),
    }
    events = [
        happened(OTHER, EventKind.SHRUNK, "31", "29", at=YESTERDAY),
        happened(CHANNEL, EventKind.RECOVERED, "suspect", "available"),
    ]
    return report_of(links, known, events, quota=QUOTA)


def test_a_healthy_list_is_exactly_one_line() -> None:
    known = {PLAYLIST: living("Calculus 3"), VIDEO: living("Optimization")}
    assert lines(report_of([entry(PLAYLIST), entry(VIDEO, line=2)], known, quota=QUOTA)) == [
        "All 2 links are fine: checked 2026-11-22 09:55 UTC with the YouTube Data API; 2 resources: 2 available"
        " · quota: 4 units spent, 9,988 of 10,000 left today"
    ]
    assert lines(report_of([entry(PLAYLIST)], known, run=without_key())) == [
        "The 1 link is fine: checked 2026-11-22 09:55 UTC without an API key (oEmbed only); 1 resource: 1 available"
    ]


def test_the_whole_report() -> None:
    gone, video = PLAYLIST.url, VIDEO.url
    assert [" ".join(line.split()) for line in lines(broken())] == [
        "2 errors, 3 warnings in 6 links, checked 2026-11-22 09:55 UTC with the YouTube Data API",
        "",
        "Broken",
        "error list.md:3:1 dead playlist “Calculus 3” is no longer available (last seen 2026-11-21)",
        f"since 2026-11-22 09:55 UTC · new · Data API omits it, oEmbed: 404 · {gone}",
        f"an archived copy, if there is one: https://web.archive.org/web/{gone}",
        "a search for it: https://www.youtube.com/results?search_query=Calculus+3",
        f"error list.md:6:1 malformed {MALFORMED} is malformed: `short` has 5 characters; a video id has 11",
        "since 2026-08-14 09:55 UTC",
        "",
        "Missing, not confirmed",
        "warning list.md:200:17 suspect video “Optimization” is missing from the Data API's answers"
        " (missed check 1 of 3)",
        f"since 2026-11-22 09:55 UTC · new · Data API omits it, oEmbed: 404 · {video}",
        "",
        "Changed",
        "warning list.md:5:1 shrunk playlist “Calculus 1” lost 2 videos: 31 → 29",
        "since 2026-11-21 09:55 UTC",
        "",
        "In the list",
        "warning list.md:7:1 unmonitorable WL can't be monitored: Watch Later is different for every viewer",
        "since 2026-08-14 09:55 UTC",
        "",
        "Available again",
        "back channel “3Blue1Brown” · since 2026-11-22 09:55 UTC, new",
        "",
        "5 resources: 2 available, 1 unavailable, 1 suspect, 1 unmonitorable · quota: 4 units spent, 9,988 of 10,000"
        " left today",
        "What to do: replace or remove the broken links; run “linkwatch show ID” for the full history of one",
    ]


def test_what_is_broken_comes_first_whatever_its_level() -> None:
    links = [entry(VIDEO, "Optimization", line=1), entry(PLAYLIST, line=2)]
    known = {VIDEO: living("Pottery"), PLAYLIST: GONE}
    report = report_of(links, known, settings=with_levels(dead=Level.NOTICE, mislabelled=Level.ERROR))
    assert [line for line in lines(report) if line in {"Broken", "In the list"}] == ["Broken", "In the list"]


def test_every_rule_has_its_place() -> None:
    """A finding that no group shows would be counted and not shown."""
    report = broken()
    for rule in RULES.values():
        one = replace(report.findings[0], rule=rule, message=f"This is {rule}.")
        assert any(f"This is {rule}." in line for line in lines(replace(report, findings=[one])))


def test_the_columns_are_aligned() -> None:
    shown = [line for line in lines(broken()) if line.startswith(("  error", "  warning"))]
    assert len(shown) == 5
    assert {line.index("list.md") for line in shown} == {11}
    places = max(len(line.split()[1]) for line in shown)
    assert {line[11 + places : 13 + places] for line in shown} == {"  "}
    rules = {line[13 + places :].split()[0] for line in shown}
    assert rules == {"dead", "malformed", "suspect", "shrunk", "unmonitorable"}
    message = 13 + places + len("unmonitorable") + 2
    assert all(line[message - 2 : message] == "  " and line[message] != " " for line in shown)


def test_without_a_width_a_finding_is_one_line_one_of_details_and_one_for_each_suggestion() -> None:
    shown = lines(broken())
    heads = [number for number, line in enumerate(shown) if line.startswith(("  error", "  warning"))]
    details = [len(list(takewhile(lambda line: line.startswith(" " * 30), shown[number + 1 :]))) for number in heads]
    assert details == [3, 1, 1, 1, 1]


@pytest.mark.parametrize("width", [80, 100, 132])
def test_messages_are_wrapped_at_the_width_and_stay_in_their_column(width: int) -> None:
    report = broken()
    wide, narrow = lines(report), lines(report, width)
    message = wide[3].index("playlist")
    wrapped = [line for line in narrow if line.startswith(("  error", " " * message))]
    assert all(len(line) <= max(width, message + 30) or "https://" in line for line in wrapped)
    assert len(narrow) > len(wide)
    # Nothing is lost or changed by it.
    assert "".join(render(report, width=width).split()) == "".join(render(report).split())


def test_where_places_are_long_the_messages_stand_under_them_and_fit() -> None:
    file = "docs/courses/mathematics/linear-algebra.md"
    links = [entry(PLAYLIST, "Linear Algebra", file=file, line=1_234, column=17), entry(MALFORMED, file=file)]
    report = report_of(links, {PLAYLIST: living("Calculus 3")})
    shown = lines(report, 80)
    heads = [number for number, line in enumerate(shown) if line.startswith(("  error", "  warning"))]
    assert [shown[number] for number in heads] == [
        f"  error    {file}:1:1      malformed",
        f"  warning  {file}:1234:17  mislabelled",
    ]
    assert all(shown[number + 1].startswith(" " * UNDER) and shown[number + 1][UNDER] != " " for number in heads)
    assert all(len(line) <= 80 or "https://" in line for line in shown[2:-2])
    assert "".join(render(report, width=80).split()) == "".join(render(report).split())
    enough = len(f"{shown[heads[1]]}  ") + NARROW
    assert [f"{file}:1:1      malformed    https://" in line for line in lines(report, enough)].count(True) == 1
    assert lines(report, enough - 1)[heads[0]] == shown[heads[0]]


def test_a_terminal_too_narrow_for_columns_wraps_by_itself() -> None:
    assert lines(broken(), NARROWEST - 1) == lines(broken())


def test_a_long_list_is_reported_with_thousands() -> None:
    links = [entry(f"https://www.youtube.com/watch?v={n:010d}A", line=n) for n in range(1, 1_235)]
    known = {item.resource: living("Lecture") for item in report_of(links).resources}
    assert lines(report_of(links, known))[0].startswith("All 1,234 links are fine: ")


def test_before_the_first_check_it_says_what_to_do() -> None:
    assert lines(report_of([entry(PLAYLIST)], run=None))[0] == "1 link, not checked yet: run “linkwatch check”"


def test_an_incomplete_check_says_so_first_and_never_that_all_is_fine() -> None:
    run = replace(RUN, complete=False, incomplete_reason="34 of 34 resources could not be asked: HTTP 503")
    shown = lines(report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")}, run=run))
    assert shown[0].startswith("Nothing broken found in 1 link, checked ")
    assert shown[0].endswith(", but not everything could be checked")
    assert shown[1] == "Incomplete: 34 of 34 resources could not be asked: HTTP 503"
    assert shown[-1] == "1 resource: 1 available"


def test_what_was_never_answered_about_is_not_fine() -> None:
    """An entry that was added after the last check, or a list that no check has read."""
    shown = lines(report_of([entry(PLAYLIST), entry(VIDEO, line=2)], {PLAYLIST: living("Calculus 3")}))
    assert shown[0].startswith("Nothing broken found in 2 links, ")
    assert shown[0].endswith(", but not everything could be checked")
    assert shown[-1] == "2 resources: 1 available, 1 unknown"


def test_channels_without_a_key_are_in_one_note() -> None:
    report = report_of([entry(PLAYLIST), entry(CHANNEL, line=2)], {PLAYLIST: living("C")}, run=without_key())
    shown = lines(report)
    assert shown[1] == "Note: 1 channel could not be checked: that takes an API key"
    assert "fine" not in shown[0]


def test_the_note_of_a_run_is_reported() -> None:
    run = replace(RUN, note="the brake let go")
    assert "Note: the brake let go" in lines(report_of([entry(PLAYLIST)], {PLAYLIST: living("C")}, run=run))


def test_nothing_new_does_not_mean_that_all_is_fine() -> None:
    report = report_of([entry(PLAYLIST), entry(OTHER, line=2)], {PLAYLIST: living("Calculus 3"), OTHER: OLD_GONE})
    assert lines(only_new(report)) == [
        "Nothing new in 2 links, checked 2026-11-22 09:55 UTC with the YouTube Data API;"
        " 2 resources: 1 available, 1 unavailable"
    ]


def test_what_is_dead_is_not_fine_even_when_nobody_wants_to_hear_of_it() -> None:
    report = report_of([entry(PLAYLIST)], {PLAYLIST: GONE}, settings=with_levels(dead=Level.OFF))
    (line,) = lines(report)
    assert line.startswith("Nothing to report in 1 link, ")
    assert line.endswith("1 resource: 1 unavailable")


def test_a_finding_names_the_other_entries_that_it_is_about() -> None:
    """One that is mended alone would leave the others dead."""
    lecture, other = f"{WATCH}?v=AAAAAAAAAAA&list={PLAYLIST.id}", f"{WATCH}?v=BBBBBBBBBBA&list={PLAYLIST.id}"
    links = [entry(PLAYLIST), entry(lecture, line=2), entry(other, line=3, file="b.md")]
    details = lines(report_of(links, {PLAYLIST: GONE}))[4]
    assert details.strip().startswith(
        "since 2026-11-22 09:55 UTC · new · Data API omits it, oEmbed: 404 · also at list.md:2:1, b.md:3:1 · https://"
    )
    many = [entry(PLAYLIST, line=line) for line in range(1, MOST_PLACES + 5)]
    assert f"list.md:{MOST_PLACES + 1}:1 and 3 more" in lines(report_of(many, {PLAYLIST: GONE}))[4]


def test_the_totals_are_reported_once() -> None:
    event = happened(PLAYLIST, EventKind.RECOVERED, "suspect", "available")
    shown = lines(report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")}, [event]))
    assert [line for line in shown if "1 resource: 1 available" in line] == shown[:1]
    assert shown[-1].startswith("  back ")


def test_a_recovery_alone_is_reported_below_the_good_headline() -> None:
    event = happened(PLAYLIST, EventKind.RECOVERED, "suspect", "available")
    shown = lines(report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")}, [event]))
    assert shown[0].startswith("The 1 link is fine: ")
    assert shown[2:4] == ["Available again", "  back     playlist “Calculus 3” · since 2026-11-22 09:55 UTC, new"]


def test_a_finding_since_the_entry_was_listed_has_no_date_before_a_check_met_it() -> None:
    shown = lines(report_of([entry(MALFORMED)], first_seen=lambda link: None))
    assert shown[4].strip() == "new"


def test_colour_is_only_around_the_text() -> None:
    marked = render(broken(), style=lambda text, name: f"<{name}>{text}</{name}>")
    for name in ("error", "warning", "heading", "faint", "good"):
        assert f"<{name}>" in marked
        marked = marked.replace(f"<{name}>", "").replace(f"</{name}>", "")
    assert marked == render(broken())


HOSTILE = "x\x1b[2K\r\n  error    list.md:1:1  dead  \u202efake\u2028line\x85\x9b31m"


@pytest.mark.parametrize("width", [None, 80])
def test_no_title_label_or_file_name_can_fake_a_line_or_steer_the_terminal(width: int | None) -> None:
    links = [
        entry(PLAYLIST, HOSTILE, file=f"li{HOSTILE}st.csv", owner=HOSTILE),
        entry(VIDEO, HOSTILE, line=2, file="list.csv", owner="Somebody"),
        entry(f"{OTHER.url}&x={HOSTILE}", HOSTILE, line=3),
        entry(f"https://www.youtube.com/watch?v={HOSTILE}", line=4),
        entry(CHANNEL, line=5),
    ]
    known = {
        PLAYLIST: missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND, title=HOSTILE),
        VIDEO: living(HOSTILE, owner=HOSTILE, restrictions=(HOSTILE,)),
        OTHER: living(HOSTILE),
        CHANNEL: living(HOSTILE),
    }
    events = [
        happened(OTHER, EventKind.RETITLED, HOSTILE, HOSTILE),
        happened(OTHER, EventKind.OWNER_CHANGED, HOSTILE, HOSTILE),
        happened(CHANNEL, EventKind.RECOVERED, "suspect", "available"),
    ]
    run = replace(RUN, complete=False, incomplete_reason=HOSTILE, note=HOSTILE)
    report = report_of(links, known, events, run=run)
    text = render(report, width=width)
    assert not set(text) & set("\x1b\r\u202e\u2028\x85\x9b\x07\t")
    heads = [line for line in text.split("\n") if line.startswith(("  error", "  warning", "  notice"))]
    assert len(heads) == len(report.findings)
    assert len([line for line in text.split("\n") if line.startswith(("Incomplete", "Note"))]) == 2


@given(st.text(max_size=80), st.text(max_size=30), st.sampled_from([None, 60, 80]))
def test_any_title_and_label_can_be_shown(title: str, label: str, width: int | None) -> None:
    links = [entry(PLAYLIST, label), entry(VIDEO, label, line=2), entry(VIDEO, label, line=3)]
    known = {PLAYLIST: missing(State.SUSPECT, title=title), VIDEO: living(title, restrictions=("age",))}
    report = report_of(links, known)
    text = render(report, width=width)
    heads = [line for line in text.split("\n") if line.startswith(("  error", "  warning", "  notice"))]
    assert len(heads) == len(report.findings)
    assert text.encode()


def test_old_and_unanswered_entries_do_not_break_the_report() -> None:
    shown = lines(report_of([entry(PLAYLIST)], {PLAYLIST: unanswered(LONG_AGO)}))
    assert any("no check got an answer yet" in line for line in shown)
