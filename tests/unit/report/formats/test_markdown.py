"""The report as Markdown: read again by a parser, it has our structure and links, and what strangers wrote is text."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

import pyromark
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.report.builders import (
    CHANNEL,
    MALFORMED,
    NOW,
    OTHER,
    PLAYLIST,
    VIDEO,
    WATCH_LATER,
    YESTERDAY,
    entry,
    happened,
    living,
    missing,
    report_of,
    without_key,
)
from unit.report.formats.hostile_text import HUGE, TEXTS, report_by_strangers

from linkwatch.models import rules
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.events import EventKind
from linkwatch.models.observation import State
from linkwatch.report.formats.markdown import LONG, LONGEST, LONGEST_URL, MOST_BYTES, MOST_PLACES, render
from linkwatch.report.model import QuotaSummary, Report, Suggestion
from linkwatch.text import visible

GONE = missing(State.UNAVAILABLE)
ACK = Acknowledgement(None, rules.DEAD, "kept for its title", YESTERDAY, until=date(2027, 1, 1))

GITHUB = (
    pyromark.Options.ENABLE_GFM
    | pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_MATH
)
COMMONMARK = pyromark.Options(0)
OURS = {"Heading", "Paragraph", "Strong", "List", "Item", "Link", "HtmlBlock"}
HTML = re.compile(r"<details>|</details>|<summary>[A-Z][a-z, ]+ \([0-9,]+\)</summary>")
CALLS = re.compile(r"@\w|#\d|\bGH-\d", re.IGNORECASE)
"""What GitHub makes a mention or a reference of, in the text that was rendered."""


@dataclass
class Read:
    """What a parser finds in the text."""

    headings: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    """Text and destination."""

    html: list[str] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [*self.headings, *self.items, *self.paragraphs]


def read(text: str, options: pyromark.Options = GITHUB) -> Read:
    """Read a report; nothing may be in it but what we write."""
    found, open_, written = Read(), [""], [""]
    for event in pyromark.events(text, options=options):
        match event:
            case {"Start": start}:
                name, attributes = next(iter(start.items())) if isinstance(start, dict) else (start, None)
                assert name in OURS
                open_.append(name)
                written.append("")
                if isinstance(attributes, dict) and name == "Link":
                    assert attributes["link_type"] == "Inline"
                    found.links.append(("", attributes["dest_url"]))
            case {"End": _}:
                name, inner = open_.pop(), written.pop()
                written[-1] += inner
                if name == "Link":
                    found.links[-1] = (inner, found.links[-1][1])
                elif name in {"Heading", "Item", "Paragraph"}:
                    {"Heading": found.headings, "Item": found.items, "Paragraph": found.paragraphs}[name].append(inner)
            case {"Text": str(inner)}:
                written[-1] += inner
            case {"Html": str(html)}:
                assert HTML.fullmatch(html.strip())
                found.html.append(html.strip())
            case "HardBreak":
                written[-1] += "\n"
            case _:
                raise AssertionError(f"{event!r} is none of ours")
    assert not any(CALLS.search(each) for each in found.texts)
    return found


def rendered(report: Report) -> Read:
    """The report, read by the rules of GitHub; by those of CommonMark alone it must be the same."""
    text = render(report)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert len(text.encode()) <= MOST_BYTES
    found = read(text)
    assert read(text, COMMONMARK) == found
    return found


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
    return report_of(links, known, events, quota=QuotaSummary(left=9_988, limit=10_000, turns_at=NOW))


def dead(number: int = 1, **changed: object) -> Report:
    """So many dead links, in the lines from 1 on."""
    report = report_of([entry(PLAYLIST, "Calculus 3")], {PLAYLIST: GONE})
    found = [
        replace(report.findings[0], **{"links": (entry(PLAYLIST, line=line),), **changed})  # type: ignore[arg-type]
        for line in range(1, number + 1)
    ]
    return replace(report, findings=found)


def test_the_whole_report() -> None:
    found = rendered(broken())
    assert found.headings == [
        "linkwatch",
        "Broken",
        "Missing, not confirmed",
        "Changed",
        "In the list",
        "Available again",
    ]
    assert found.items == [
        "error · list.md:3:1 · dead: playlist “Calculus 3” is no longer available (last seen 2026-11-21)\n"
        "since 2026-11-22 09:55 UTC · new · Data API omits it, oEmbed: 404 · open · an archived copy, if there is one"
        " · a search for it",
        f"error · list.md:6:1 · malformed: {MALFORMED} is malformed: `short` has 5 characters; a video id has 11\n"
        "since 2026-08-14 09:55 UTC · open",
        "warning · list.md:200:17 · suspect: video “Optimization” is missing from the Data API's answers"
        " (missed check 1 of 3)\nsince 2026-11-22 09:55 UTC · new · Data API omits it, oEmbed: 404 · open",
        "warning · list.md:5:1 · shrunk: playlist “Calculus 1” lost 2 videos: 31 → 29\n"
        "since 2026-11-21 09:55 UTC · open",
        "warning · list.md:7:1 · unmonitorable: WL can't be monitored: Watch Later is different for every viewer\n"
        "since 2026-08-14 09:55 UTC · open",
        "channel “3Blue1Brown” · since 2026-11-22 09:55 UTC · new · open",
    ]
    assert found.paragraphs == [
        "2 errors, 3 warnings in 6 links, checked 2026-11-22 09:55 UTC with the YouTube Data API",
        "5 resources: 2 available, 1 unavailable, 1 suspect, 1 unmonitorable · quota: 4 units spent, 9,988 of 10,000"
        " left today",
        "What to do: replace or remove the broken links; run “linkwatch show ID” for the full history of one",
    ]
    assert not found.html


def test_entries_and_suggestions_can_be_opened() -> None:
    assert rendered(broken()).links == [
        ("open", PLAYLIST.url),
        ("an archived copy, if there is one", f"https://web.archive.org/web/{PLAYLIST.url}"),
        ("a search for it", "https://www.youtube.com/results?search_query=Calculus+3"),
        ("open", MALFORMED),
        ("open", VIDEO.url),
        ("open", OTHER.url),
        ("open", WATCH_LATER),
        ("open", CHANNEL.url),
    ]


def test_a_healthy_list_is_a_heading_and_a_sentence() -> None:
    found = rendered(report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")}))
    assert found.texts == [
        "linkwatch",
        "The 1 link is fine: checked 2026-11-22 09:55 UTC with the YouTube Data API; 1 resource: 1 available",
    ]


def test_why_a_check_is_incomplete_and_the_notes_come_before_the_findings() -> None:
    run = replace(without_key(), complete=False, incomplete_reason="HTTP 503", note="the brake let go")
    report = report_of([entry(PLAYLIST), entry(CHANNEL, line=2)], {PLAYLIST: GONE}, run=run)
    assert rendered(replace(report, first_check=True)).paragraphs[1:5] == [
        "Incomplete: HTTP 503",
        "Note: the brake let go",
        "Note: this is the first check of these lists; later checks show what changed",
        "Note: 1 channel could not be checked: that takes an API key",
    ]


def test_before_the_first_check_it_says_what_to_do() -> None:
    found = rendered(report_of([entry(PLAYLIST)], run=None))
    assert found.paragraphs[0] == "1 link, not checked yet: run “linkwatch check”"


def test_what_is_accepted_is_folded_with_its_reason_and_without_suggestions() -> None:
    report = broken()
    found = rendered(replace(report, findings=[replace(report.findings[0], acknowledged=ACK), *report.findings[1:]]))
    assert found.html == ["<details>", "<summary>Acknowledged (1)</summary>", "</details>"]
    assert found.items[4].endswith(", oEmbed: 404 · acknowledged until 2027-01-01: kept for its title · open")


def test_a_long_group_is_folded_and_what_is_broken_never_is() -> None:
    assert rendered(dead(LONG, rule=rules.RETITLED)).html == []
    assert "<summary>Changed (11)</summary>" in rendered(dead(LONG + 1, rule=rules.RETITLED)).html
    assert rendered(dead(LONG + 1)).html == []


def test_many_that_are_back_are_folded() -> None:
    report = broken()
    found = rendered(replace(report, recoveries=[*report.recoveries] * (LONG + 1)))
    assert "<summary>Available again (11)</summary>" in found.html


def test_further_entries_are_named_up_to_a_number() -> None:
    links = tuple(entry(PLAYLIST, line=line) for line in range(1, MOST_PLACES + 4))
    (item,) = rendered(dead(links=links)).items
    assert f"also at list.md:2:1, list.md:3:1, list.md:4:1, list.md:5:1, list.md:{MOST_PLACES + 1}:1 and 2 more" in item
    (item,) = rendered(dead(links=links, rule=rules.DUPLICATE)).items
    assert "also at" not in item


def test_what_has_no_place_is_reported_without_one() -> None:
    (item,) = rendered(dead(links=(), message="It is gone.")).items
    assert item.startswith("error · dead: It is gone.\n")
    (item,) = rendered(dead(links=(entry(PLAYLIST, file="-", line=4),))).items
    assert item.startswith("error · standard input:4:1 · dead: ")


@pytest.mark.parametrize("number", [100, 1_000])
def test_what_does_not_fit_is_counted_and_what_is_broken_fits_first(number: int) -> None:
    report = dead(number)
    listed = dead(number, rule=rules.STALE).findings
    accepted = dead(number, acknowledged=ACK).findings
    found = rendered(replace(report, findings=[*accepted, *listed, *report.findings]))
    assert found.items[0].startswith("error · list.md:1:1 · dead")
    (omission,) = [text for text in found.paragraphs if text.startswith("… and ")]
    assert omission == f"… and {3 * number - len(found.items):,} more, which are in the JSON and HTML reports."
    assert found.paragraphs[-1].startswith("What to do: ")
    # Whole findings, and about as many as there is room for.
    assert all(item.endswith("a search for it") or "stale" in item or "accepted" in item for item in found.items)
    assert len(render(replace(report, findings=[*listed] * 3)).encode()) > MOST_BYTES - 1_500


@pytest.mark.parametrize("length", range(300, 306))
def test_its_last_byte_is_within_the_budget(length: int) -> None:
    """Whatever the sizes of what is in it: folded, unfolded, and back again."""
    number, message = 35, "é" * length
    various = (rules.DEAD, rules.SUSPECT, rules.GROWN, rules.STALE)
    found = [finding for rule in various for finding in dead(number, rule=rule, message=message, links=()).findings]
    report = replace(broken(), findings=found)
    parsed = rendered(replace(report, recoveries=[*report.recoveries] * number))
    assert len(parsed.items) + int(parsed.paragraphs[-3].split()[2]) == len(found) + number
    assert MOST_BYTES - len(render(report).encode()) < 1_000


def test_a_report_that_fits_leaves_nothing_out() -> None:
    for number in (1, 60):
        found = rendered(dead(number))
        assert len(found.items) == number
        assert not any(text.startswith("…") for text in found.paragraphs)


def test_a_long_text_is_cut_where_one_sees_it() -> None:
    found = rendered(report_by_strangers(HUGE))
    remark = re.compile("(Incomplete|Note|[a-z]+): Calculus👩🏽.*…$", re.MULTILINE)
    texts = [found.paragraphs[1], found.paragraphs[2], *found.items]
    assert all(remark.search(text) for text in texts)
    assert all(len(line) < 5 * LONGEST for text in texts for line in text.split("\n"))


def test_an_address_that_is_too_long_is_no_link() -> None:
    fits = "https://www.youtube.com/watch?v=" + "x" * (LONGEST_URL - 32)
    assert ("open", fits) in rendered(dead(links=(entry(fits),))).links
    assert "open" not in dict(rendered(dead(links=(entry(fits + "x"),))).links)


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("www.youtube.com/watch?v=x", "https://www.youtube.com/watch?v=x"),
        ("//youtu.be/x", "https://youtu.be/x"),
        ("HTTP://youtu.be/x", "HTTP://youtu.be/x"),
        ("https://youtu.be/x?a=1&copy=2&lt;=3#t", "https://youtu.be/x?a=1&copy=2&lt%3B=3#t"),
        ("https://youtu.be/a b)](x)<y>`z`", "https://youtu.be/a%20b%29%5D%28x%29%3Cy%3E%60z%60"),
        ("https://www.youtube.com/@Größe_100%25", "https://www.youtube.com/@Gr%C3%B6%C3%9Fe_100%25"),
        ("javascript:alert(1)", "https://javascript:alert%281%29"),
        ("https://youtu.be/x\n[y](z)", "https://youtu.be/x%0A%5By%5D%28z%29"),
    ],
)
def test_a_link_leads_where_the_entry_does_and_nowhere_else(url: str, opened: str) -> None:
    assert rendered(dead(links=(entry(url),), suggestions=())).links == [("open", opened)]


HOSTILE = [
    "**b**", "*", "_", "__init__", "`", "``", "```\n", "~~~", "~x~", "\\", "\\\n", "\\@", "  \n", "![", "](",
    "# h", "\n# h", "\n\n- x", "1. x", "> q", "---", "\n===\n", "[ ] ", "| a | b |\n|---|---|", "$x$", "$$", "$`x`$",
    "<b>", "</details>", "<!-- -->", "<img src=x>", "<https://e.example>", "<a@b.example>", "&lt;b&gt;", "&#64;octocat",
    "![i](https://e.example/i.png)", "[x](javascript:alert(1))", "[x][1]", "[1]: https://e.example", "[^1]",
    "@octocat", "a@b.example", "#1", "o/r#12", "GH-3", "gh-3", "@@", "##1",
    "https://e.example", "www.e.example", "WWW.x.org", "ftp://e.example", "https://",
]  # fmt: skip
ENTRIES = st.lists(st.sampled_from(HOSTILE) | TEXTS, max_size=6).map("".join)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_strangers_wrote_is_shown_as_it_is(hostile: str) -> None:
    (item,) = rendered(dead(message=hostile, links=(entry(PLAYLIST, file=f"{hostile}.md"),))).items
    # Read without the spaces that have no width, and that break what would call somebody.
    assert item.split("\n")[0].replace("\u200b", "") == visible(f"error · {hostile}.md:1:1 · dead: {hostile}")


@pytest.mark.parametrize(
    "address", ["https://e.example", "http://e.example", "www.e.example", "ftp://e.example", "WWW.e.x"]
)
def test_a_bare_address_is_escaped_where_github_would_link_it_and_can_be_copied(address: str) -> None:
    text = render(dead(message=f"better URL: {address}"))
    assert address not in text
    assert address in rendered(dead(message=f"better URL: {address}")).items[0]


@given(ENTRIES, st.sampled_from(["", "Calculus"]))
def test_no_title_label_section_owner_or_file_changes_the_structure(text: str, begin: str) -> None:
    report = report_by_strangers(text, begin=begin)
    found = rendered(report)
    assert found.headings == ["linkwatch", "Broken"]
    assert len(found.items) == len(report.findings)
    assert found.html == ["<details>", "<summary>Acknowledged (1)</summary>", "</details>"]
    assert len(found.paragraphs) == len(rendered(report_by_strangers("")).paragraphs)
    opened = [finding.links[0].url for finding in report.findings]
    suggested = [each.url for finding in report.findings for each in finding.suggestions if not finding.acknowledged]
    assert sorted(address for _, address in found.links) == sorted(opened + suggested)


@given(ENTRIES, ENTRIES)
def test_no_address_changes_the_structure(url: str, suggestion: str) -> None:
    suggestions = (Suggestion("a search for it", suggestion),)
    found = rendered(dead(links=(entry(url),), suggestions=suggestions))
    assert found.headings == ["linkwatch", "Broken"]
    assert len(found.items) == 1
    assert [text for text, _ in found.links] == ["open", "a search for it"]
    assert all(re.match("https?://", address, re.IGNORECASE) for _, address in found.links)


@given(ENTRIES)
def test_what_came_back_is_text_too(text: str) -> None:
    event = happened(PLAYLIST, EventKind.RECOVERED, "suspect", "available")
    found = rendered(report_of([entry(PLAYLIST, "C")], {PLAYLIST: living(text)}, [event]))
    assert "Available again" in found.headings
    assert found.links[-1] == ("open", PLAYLIST.url)
