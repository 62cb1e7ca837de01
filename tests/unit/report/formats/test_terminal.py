"""The report for a person: what is dead first, one line when all is well, and no line that a title could fake."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
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
from linkwatch.models.link import Link
from linkwatch.models.observation import Reason, State
from linkwatch.models.records import Run
from linkwatch.models.rules import RULES, Level
from linkwatch.report.build import only_new
from linkwatch.report.console import NARROWEST, Console, columns
from linkwatch.report.formats.terminal import MOST_PLACES, render
from linkwatch.report.model import QuotaSummary, Report

GONE = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND)
OLD_GONE = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND, since=YESTERDAY)
WATCH = "https://www.youtube.com/watch"
QUOTA = QuotaSummary(left=9_988, limit=10_000, turns_at=NOW)


def lines(report: Report, width: int | None = None, *, verbose: bool = False) -> list[str]:
    text = render(report, console=Console(width=width, verbose=verbose))
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
        "All 2 links are fine · checked 2026-11-22 09:55 UTC · 4 of 10,000 units"
        " · 2 resources: 2 available · 9,988 quota units left today"
    ]
    assert lines(report_of([entry(PLAYLIST)], known, run=without_key())) == [
        "The 1 link is fine · checked 2026-11-22 09:55 UTC · without an API key (oEmbed only) · 1 resource: 1 available"
    ]


def test_right_after_a_check_the_verdict_says_how_long_it_took() -> None:
    report = report_of([entry(PLAYLIST)], {PLAYLIST: GONE}, quota=QUOTA)
    assert report.run is not None
    assert lines(report)[-1] == "1 error in 1 link · checked 2026-11-22 09:55 UTC · 4 of 10,000 units"
    now = replace(report, run=replace(report.run, finished_at=NOW - timedelta(seconds=59)))
    assert lines(now)[-1] == "1 error in 1 link · 4 min 1 s · 4 of 10,000 units"


def test_the_whole_report() -> None:
    gone, video = PLAYLIST.url, VIDEO.url
    assert lines(broken(), verbose=True) == [
        "Broken",
        "  error[dead]  playlist “Calculus 3” is no longer available (last seen 2026-11-21)",
        "    list.md:3:1 · new · since 2026-11-22 · Data API omits it, oEmbed: 404",
        f"    {gone}",
        f"    an archived copy, if there is one: https://web.archive.org/web/{gone}",
        "    a search for it: https://www.youtube.com/results?search_query=Calculus+3",
        f"  error[malformed]  {MALFORMED} is malformed: `short` has 5 characters; a video id has 11",
        "    list.md:6:1 · since 2026-08-14",
        "",
        "Missing, not confirmed",
        "  warning[suspect]  video “Optimization” is missing from the Data API's answers (missed check 1 of 3)",
        "    list.md:200:17 · new · since 2026-11-22 · Data API omits it, oEmbed: 404",
        f"    {video}",
        "",
        "Changed",
        "  warning[shrunk]  playlist “Calculus 1” lost 2 videos: 31 → 29",
        "    list.md:5:1 · since 2026-11-21",
        "",
        "In the list",
        "  warning[unmonitorable]  WL can't be monitored: Watch Later is different for every viewer",
        "    list.md:7:1 · since 2026-08-14",
        "",
        "Available again",
        "  back  channel “3Blue1Brown”",
        "    new · since 2026-11-22",
        "",
        "What to do",
        "  dead           Replace or remove the link; an archived copy may show what it was.",
        "  malformed      Copy the link from YouTube again.",
        "  suspect        Wait: the next checks confirm it, or find it again.",
        "  shrunk         Check that the playlist still belongs in the list.",
        "  unmonitorable  Link to what is the same for every viewer: a playlist, a video, or a channel by its handle or"
        " id.",
        "  Run “linkwatch rule NAME” for what a rule means, “linkwatch show FILE:LINE” for the history of a link.",
        "",
        "  5 resources: 2 available, 1 unavailable, 1 suspect, 1 unmonitorable · 9,988 quota units left today",
        "2 errors, 3 warnings in 6 links · checked 2026-11-22 09:55 UTC · 4 of 10,000 units",
    ]


def test_evidence_and_long_addresses_are_shown_where_they_are_wanted() -> None:
    short, long = lines(broken()), lines(broken(), verbose=True)
    assert [line for line in long if line not in short] == [
        "    list.md:3:1 · new · since 2026-11-22 · Data API omits it, oEmbed: 404",
        f"    an archived copy, if there is one: https://web.archive.org/web/{PLAYLIST.url}",
        "    a search for it: https://www.youtube.com/results?search_query=Calculus+3",
        "    list.md:200:17 · new · since 2026-11-22 · Data API omits it, oEmbed: 404",
    ]


def test_a_terminal_that_knows_links_gets_those_to_a_replacement_too() -> None:
    text = render(broken(), console=Console(hyperlinks=True))
    archived = (
        f"\x1b]8;;https://web.archive.org/web/{PLAYLIST.url}\x1b\\an archived copy, if there is one\x1b]8;;\x1b\\"
    )
    searched = "\x1b]8;;https://www.youtube.com/results?search_query=Calculus+3\x1b\\a search for it\x1b]8;;\x1b\\"
    assert f"    see {archived}, {searched}\n" in text
    assert f"    \x1b]8;;{PLAYLIST.url}\x1b\\{PLAYLIST.url}\x1b]8;;\x1b\\\n" in text


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


@pytest.mark.parametrize("width", [NARROWEST, 80, 132])
def test_words_and_urls_stay_whole_at_every_width(width: int) -> None:
    wide, narrow = lines(broken()), lines(broken(), width)
    assert all(columns(line) <= width or len(line.split()) <= 3 for line in narrow)
    # Nothing is lost or changed by it.
    assert [word for line in wide for word in line.split()] == [word for line in narrow for word in line.split()]
    if width < 132:
        assert len(narrow) > len(wide)


def test_a_message_that_is_wrapped_stays_right_of_its_level() -> None:
    shown = lines(broken(), 80)
    assert shown[1:4] == [
        "  error[dead]  playlist “Calculus 3” is no longer available (last seen",
        "    2026-11-21)",
        "    list.md:3:1 · new · since 2026-11-22",
    ]


def test_wide_characters_take_two_columns() -> None:
    title = "线性代数 " * 12
    report = report_of([entry(PLAYLIST)], {PLAYLIST: missing(State.UNAVAILABLE, title=title)})
    assert max(map(columns, lines(report, 60))) <= 60 + len(PLAYLIST.url)
    assert columns("线性代数") == 8
    assert columns("e\N{COMBINING ACUTE ACCENT}") == 1


def test_a_terminal_too_narrow_for_columns_wraps_by_itself() -> None:
    assert lines(broken(), NARROWEST - 1) == lines(broken())


def test_a_long_list_is_reported_with_thousands() -> None:
    links = [entry(f"https://www.youtube.com/watch?v={n:010d}A", line=n) for n in range(1, 1_235)]
    known = {item.resource: living("Lecture") for item in report_of(links).resources}
    assert lines(report_of(links, known))[0].startswith("All 1,234 links are fine · ")


def test_before_the_first_check_it_says_what_to_do() -> None:
    assert lines(report_of([entry(PLAYLIST)], run=None))[0] == "1 link, not checked yet: run “linkwatch check”"


def incomplete(*, started_at: datetime = RUN.started_at) -> Run:
    reason = "34 of 34 resources could not be asked: HTTP 503"
    return replace(RUN, complete=False, incomplete_reason=reason, started_at=started_at)


def test_an_incomplete_check_says_so_last_and_never_that_all_is_fine() -> None:
    shown = lines(report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")}, run=incomplete()))
    assert shown == [
        "Incomplete: 34 of 34 resources could not be asked: HTTP 503",
        "  1 resource: 1 available",
        "Nothing broken found in 1 link · but not everything could be checked · checked 2026-11-22 09:55 UTC",
    ]


def test_a_check_without_any_answer_says_that_and_from_when_the_rest_is() -> None:
    links = [entry(PLAYLIST), entry(OTHER, line=2)]
    old = missing(State.UNAVAILABLE, since=LONG_AGO, reason=Reason.NOT_FOUND)
    before = {PLAYLIST: living("Calculus 3", checked=YESTERDAY), OTHER: structs.replace(old, last_checked=LONG_AGO)}
    assert lines(report_of(links, before, run=incomplete()))[-1] == (
        "Could not check 2 links · 1 error, 1 warning from 2026-11-21 09:55 UTC · checked 2026-11-22 09:55 UTC"
    )
    fine = {PLAYLIST: before[PLAYLIST]}
    assert lines(report_of(links[:1], fine, run=incomplete()))[-1] == (
        "Could not check 1 link · what is known from 2026-11-21 09:55 UTC · checked 2026-11-22 09:55 UTC"
    )
    assert lines(report_of(links, run=incomplete()))[-1] == (
        "Could not check 2 links · no check got an answer yet · checked 2026-11-22 09:55 UTC"
    )


def test_what_was_never_answered_about_is_not_fine() -> None:
    """A link that was added after the last check, or a list that no check has read."""
    shown = lines(report_of([entry(PLAYLIST), entry(VIDEO, line=2)], {PLAYLIST: living("Calculus 3")}))
    assert shown == [
        "  2 resources: 1 available, 1 unknown",
        "Nothing broken found in 2 links · but not everything could be checked · checked 2026-11-22 09:55 UTC",
    ]


def test_channels_without_a_key_are_in_one_note() -> None:
    report = report_of([entry(PLAYLIST), entry(CHANNEL, line=2)], {PLAYLIST: living("C")}, run=without_key())
    shown = lines(report)
    assert shown[0] == "Note: 1 channel could not be checked: that takes an API key"
    assert "fine" not in shown[-1]


def test_the_note_of_a_run_is_reported() -> None:
    run = replace(RUN, note="the brake let go")
    assert "Note: the brake let go" in lines(report_of([entry(PLAYLIST)], {PLAYLIST: living("C")}, run=run))


def test_nothing_new_does_not_mean_that_all_is_fine() -> None:
    report = report_of([entry(PLAYLIST), entry(OTHER, line=2)], {PLAYLIST: living("Calculus 3"), OTHER: OLD_GONE})
    assert lines(only_new(report)) == [
        "Nothing new in 2 links · checked 2026-11-22 09:55 UTC · 2 resources: 1 available, 1 unavailable"
    ]


def test_what_is_dead_is_not_fine_even_when_nobody_wants_to_hear_of_it() -> None:
    report = report_of([entry(PLAYLIST)], {PLAYLIST: GONE}, settings=with_levels(dead=Level.OFF))
    (line,) = lines(report)
    assert line.startswith("Nothing to report in 1 link · ")
    assert line.endswith("1 resource: 1 unavailable")


def test_a_finding_names_the_other_entries_that_it_is_about() -> None:
    """One that is mended alone would leave the others dead."""
    lecture, other = f"{WATCH}?v=AAAAAAAAAAA&list={PLAYLIST.id}", f"{WATCH}?v=BBBBBBBBBBA&list={PLAYLIST.id}"
    links = [entry(PLAYLIST), entry(lecture, line=2), entry(other, line=3, file="b.md")]
    assert "    also at list.md:2:1, b.md:3:1" in lines(report_of(links, {PLAYLIST: GONE}))
    many = [entry(PLAYLIST, line=line) for line in range(1, MOST_PLACES + 5)]
    further = ", ".join(f"list.md:{line}:1" for line in range(2, MOST_PLACES + 2))
    assert f"    also at {further} and 3 more" in lines(report_of(many, {PLAYLIST: GONE}))


def test_the_totals_are_reported_once() -> None:
    event = happened(PLAYLIST, EventKind.RECOVERED, "suspect", "available")
    shown = lines(report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")}, [event]))
    assert [line for line in shown if "1 resource: 1 available" in line] == shown[-1:]


def test_a_recovery_alone_is_reported_above_the_good_verdict() -> None:
    event = happened(PLAYLIST, EventKind.RECOVERED, "suspect", "available")
    shown = lines(report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")}, [event]))
    assert shown[:-1] == ["Available again", "  back  playlist “Calculus 3”", "    new · since 2026-11-22", ""]
    assert shown[-1].startswith("The 1 link is fine · ")


def test_a_finding_since_the_entry_was_listed_has_no_date_before_a_check_met_it() -> None:
    shown = lines(report_of([entry(MALFORMED)], first_seen=lambda link: None))
    assert shown[2] == "    list.md:1:1 · new"


def untidy(*lines: int, file: str = "list.md") -> list[Link]:
    return [entry(f"https://youtu.be/{line:010d}A?si=x", line=line, file=file) for line in lines]


def shown_notices(links: list[Link], *, verbose: bool = False) -> list[str]:
    shown = lines(report_of(links, first_seen=lambda link: None), verbose=verbose)
    return shown[: shown.index("")]


def test_better_urls_are_a_line_for_each_file() -> None:
    links = [*untidy(3, 1, 2), *untidy(1, file="my talks.md"), *untidy(5, 6, file="it's.md"), *untidy(1, 2, file="-")]
    assert shown_notices(links) == [
        "In the list",
        "  notice[uncanonical]  standard input: 2 links could be written better: run “linkwatch fix -”",
        "    new · -v lists them",
        "  notice[uncanonical]  it's.md: 2 links could be written better: run “linkwatch fix 'it'\"'\"'s.md'”",
        "    new · -v lists them",
        "  notice[uncanonical]  list.md: 3 links could be written better: run “linkwatch fix list.md”",
        "    new · -v lists them",
        "  notice[uncanonical]  better URL: https://youtu.be/0000000001A",
        "    my talks.md:1:1 · new",
    ]


def test_each_better_url_is_shown_where_details_are_wanted() -> None:
    assert [line for line in shown_notices(untidy(1, 2), verbose=True) if "better" in line] == [
        "  notice[uncanonical]  better URL: https://youtu.be/0000000001A",
        "  notice[uncanonical]  better URL: https://youtu.be/0000000002A",
    ]


def test_findings_of_other_rules_are_never_put_together() -> None:
    links = [entry(MALFORMED, line=1), entry(MALFORMED.replace("short", "brief"), line=2)]
    assert sum("error[malformed]" in line for line in shown_notices(links)) == 2


def test_colour_is_only_around_the_text() -> None:
    marked = render(broken(), console=Console(lambda text, name: f"<{name}>{text}</{name}>"))
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
    text = render(report, console=Console(width=width))
    assert not set(text) & set("\x1b\r\u202e\u2028\x85\x9b\x07\t")
    heads = [line for line in text.split("\n") if line.startswith(("  error", "  warning", "  notice"))]
    assert len(heads) == len(report.findings)
    assert len([line for line in text.split("\n") if line.startswith(("Incomplete", "Note"))]) == 2
    assert len(text.rstrip("\n").split("\n")[-1]) < 200, "the verdict is the last line"


@given(st.text(max_size=80), st.text(max_size=30), st.sampled_from([None, 60, 80]))
def test_any_title_and_label_can_be_shown(title: str, label: str, width: int | None) -> None:
    links = [entry(PLAYLIST, label), entry(VIDEO, label, line=2), entry(VIDEO, label, line=3)]
    known = {PLAYLIST: missing(State.SUSPECT, title=title), VIDEO: living(title, restrictions=("age",))}
    report = report_of(links, known)
    text = render(report, console=Console(width=width))
    heads = [line for line in text.split("\n") if line.startswith(("  error", "  warning", "  notice"))]
    assert len(heads) == len(report.findings)
    assert text.encode()


def test_old_and_unanswered_entries_do_not_break_the_report() -> None:
    shown = lines(report_of([entry(PLAYLIST)], {PLAYLIST: unanswered(LONG_AGO)}))
    assert any("no check got an answer yet" in line for line in shown)
