"""A message in words: what is dead first, of a sensible length, and nothing in it that a stranger could abuse."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.notifications.test_selection import INCOMPLETE, PREVIOUS, TARGET
from unit.report.builders import LONG_AGO, PLAYLIST, RUN, VIDEO, entry, happened, living, missing, report_of

from linkwatch.models.events import EventKind
from linkwatch.models.observation import State
from linkwatch.models.resource import Kind, Resource
from linkwatch.notifications.digest import Digest, build_digest, sanitize
from linkwatch.notifications.selection import NotificationHistory, select_for
from linkwatch.notifications.text import MAX_LENGTH, render_text
from linkwatch.report.model import Report
from linkwatch.settings import Notify
from linkwatch.store.outbox import Tone

ID = "0123456789ab"
SUSPECT = Resource(Kind.VIDEO, "haHLRD0QZ0A")
OLD = Resource(Kind.VIDEO, "haHLRD0QZ0E")


def digest_for(
    report: Report,
    before: NotificationHistory = PREVIOUS,
    *,
    target: Notify = TARGET,
    lists: Sequence[str] = ("list.md",),
    reminds: bool = False,
    base_url: str | None = None,
) -> Digest:
    return build_digest(
        select_for(target, report, before),
        report,
        target,
        id_=ID,
        lists=lists,
        incomplete_since=before.incomplete_since,
        reminds=reminds,
        base_url=base_url,
    )


def mixed() -> Report:
    return report_of(
        [entry(each, line=line) for line, each in enumerate([SUSPECT, PLAYLIST, VIDEO, OLD], start=1)],
        {
            PLAYLIST: missing(State.UNAVAILABLE, title="Calculus 3"),
            SUSPECT: missing(State.SUSPECT, title="Limits"),
            VIDEO: living("Optimization"),
            OLD: missing(State.UNAVAILABLE, since=LONG_AGO, title="An old one"),
        },
        [happened(VIDEO, EventKind.RECOVERED, None, None)],
    )


def dying(count: int, title: str = "Calculus 3") -> Report:
    playlists = [Resource(Kind.PLAYLIST, f"PL{number:032d}") for number in range(count)]
    links = [entry(each, line=line) for line, each in enumerate(playlists, start=1)]
    return report_of(links, {each: missing(State.UNAVAILABLE, title=title) for each in playlists})


def test_what_died_comes_first_then_what_is_missing_then_what_is_back_and_the_still_dead_as_a_number() -> None:
    text = render_text(digest_for(mixed()))
    order = ["Calculus 3", "Limits", "Optimization", "Already broken before: 1."]
    assert sorted(order, key=text.index) == order
    assert "An old one" not in text
    assert f"(list.md:2:1)\n  {PLAYLIST.url}\n" in text
    assert text.endswith(f"\nmessage {ID} of linkwatch")


def test_the_title_names_the_first_and_counts_the_rest() -> None:
    assert digest_for(mixed()).title == "Gone: “Calculus 3”, 1 missing, 1 available again (list.md)"
    assert digest_for(mixed(), lists=["a.md", "b.md"]).title.endswith("(2 lists)")
    assert digest_for(dying(3, "Statistics")).title == "Gone: “Statistics” and 2 more (list.md)"
    back = report_of([entry(VIDEO)], {VIDEO: living("Limits")}, [happened(VIDEO, EventKind.RECOVERED, None, None)])
    assert digest_for(back).title == "Available again: “Limits” (list.md)"
    wrong = report_of([entry("https://youtu.be/short", "Limits")], first_seen=lambda link: None)
    assert digest_for(wrong).title == "Broken: 1 (list.md)"


def test_a_reminder_names_what_is_still_broken() -> None:
    digest = digest_for(mixed(), replace(PREVIOUS, last_run=RUN.started_at), reminds=True)
    assert digest.title == "Still broken: “Calculus 3” and 1 more (list.md)"
    assert "An old one" in render_text(digest)
    assert "since before" not in render_text(digest)
    assert digest.tells_all


def test_the_first_message_is_a_summary_that_names_what_is_wrong() -> None:
    digest = digest_for(mixed(), NotificationHistory())
    text = render_text(digest)
    assert digest.title == "First report on 4 links (list.md): 2 broken, 1 missing, 1 available again"
    assert "Calculus 3" in text
    assert "Missing, not confirmed: 1\n" in text
    assert "Limits" in text
    assert digest.tells_all


@pytest.mark.parametrize("count", [1, 10, 11, 5_000])
def test_however_many_die_the_message_stays_short_and_says_how_many_more(count: int) -> None:
    text = render_text(digest_for(dying(count)))
    assert len(text) <= MAX_LENGTH
    named = text.count("\n- ")
    assert named <= 10
    assert f"Broken: {count}" in text.replace(",", "")
    assert (f"… and {count - named:,} more" in text) == (count > named)


def test_long_titles_do_not_make_it_longer() -> None:
    text = render_text(digest_for(dying(30, title="T" * 5_000)))
    assert len(text) <= MAX_LENGTH
    assert text.endswith(f"message {ID} of linkwatch")


def test_an_incomplete_check_says_since_when_and_why() -> None:
    report = report_of([entry(VIDEO)], {VIDEO: living()}, run=INCOMPLETE)
    digest = digest_for(report, replace(PREVIOUS, incomplete_since=RUN.started_at))
    assert digest.title == "The check is incomplete (list.md)"
    assert "incomplete since 2026-11-22 09:55 UTC: no connection." in render_text(digest)
    assert digest.tone is Tone.WARNING


def test_that_it_is_over_says_since_when_it_was() -> None:
    report = report_of([entry(VIDEO)], {VIDEO: living()})
    digest = digest_for(report, replace(PREVIOUS, last_incomplete=True, incomplete_since=LONG_AGO))
    assert digest.title == "Checks are working again (list.md)"
    assert f"Checks are working again (interrupted since {LONG_AGO:%Y-%m-%d %H:%M} UTC)." in render_text(digest)
    assert digest.tone is Tone.SUCCESS


def test_a_recipient_of_some_lists_only_does_not_get_the_totals_of_all() -> None:
    assert "4 resources" in render_text(digest_for(mixed()))
    assert "4 resources" not in render_text(digest_for(mixed(), target=replace(TARGET, lists=("list.md",))))


def test_what_is_dead_colours_the_message() -> None:
    assert digest_for(mixed()).tone is Tone.FAILURE


@pytest.mark.parametrize(
    "title",
    [
        "@everyone look",
        "<!channel> look",
        "<@U123>",
        "[a prize](https://evil.example)",
        "<https://evil.example|a prize>",
        "a\nnew line",
        "\x1b[31mred",
        "left \u202eright",
    ],
)
def test_a_title_calls_nobody_hides_no_address_and_fakes_no_line(title: str) -> None:
    text = render_text(digest_for(dying(1, title=title)))
    assert title not in text
    assert len(text.splitlines()) == len(render_text(digest_for(dying(1))).splitlines())


@given(st.text())
def test_no_text_of_a_stranger_can_call_or_break_anything(text: str) -> None:
    shown = sanitize(text)
    assert re.search("[@<](?!\u200b)", shown) is None
    assert "](" not in shown
    assert len(shown.splitlines()) <= 1
    assert len(shown) <= 600
