"""The feed: an entry for each event, by the rules of RFC 4287, and the same bytes for as long as nothing happens."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given
from unit.report.builders import LONG_AGO, NOW, OTHER, PLAYLIST, RUN, RUN_AT, VIDEO, entry, living, missing, report_of
from unit.report.formats.hostile_text import HUGE, TEXTS, harmless_around, report_by_strangers

import linkwatch
from linkwatch.models.events import Event, EventKind
from linkwatch.models.observation import State
from linkwatch.models.records import StoredEvent
from linkwatch.models.resource import Resource
from linkwatch.report.formats.atom import PLACES_SHOWN, render
from linkwatch.report.model import Report, ReportedEvent

ATOM = "{http://www.w3.org/2005/Atom}"
URN = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
IN_FEED = {"id", "title", "subtitle", "updated", "author", "generator", "link", "entry"}
IN_ENTRY = {"id", "title", "updated", "published", "link", "category", "content"}


def event(
    resource: Resource,
    kind: EventKind,
    before: str | None = "available",
    after: str | None = "unavailable",
    *,
    at: datetime = RUN_AT,
    run_id: int = RUN.id,
) -> StoredEvent:
    return StoredEvent(resource, Event(kind, before, after), at, run_id)


def feed_of(events: Iterable[StoredEvent], report: Report | None = None) -> Report:
    report = report or report_of(
        [entry(PLAYLIST, "Calculus 3", file="a.csv", line=14), entry(VIDEO, file="b.csv", line=2)],
        {PLAYLIST: missing(State.UNAVAILABLE), VIDEO: living("Optimization")},
    )
    items = {item.resource: item for item in report.resources}
    return replace(report, events=[ReportedEvent(items[each.resource], each) for each in events])


def rendered(report: Report) -> ET.Element:
    """By the rules of the RFC: what must be there once is, and whatever must be unique is."""
    text = render(report)
    assert text.endswith("</feed>\n")
    feed = ET.fromstring(text.encode())  # noqa: S314  # our own
    assert feed.tag == f"{ATOM}feed"
    for element, allowed in ((feed, IN_FEED), *((each, IN_ENTRY) for each in feed.iter(f"{ATOM}entry"))):
        names = [child.tag.removeprefix(ATOM) for child in element if child.tag != f"{ATOM}entry"]
        assert len(names) == len(set(names))
        assert set(names) == allowed - {"entry"}
        assert URN.fullmatch(str(element.findtext(f"{ATOM}id")))
        assert datetime.fromisoformat(str(element.findtext(f"{ATOM}updated"))).tzinfo is not None
        assert str(element.findtext(f"{ATOM}title")).strip()
    ids = [each.text for each in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    return feed


def parsed(report: Report) -> Any:
    """As a reader of feeds takes it."""
    rendered(report)
    feed = feedparser.parse(render(report).encode())
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def content_of(report: Report) -> str:
    return str(rendered(report).findtext(f"{ATOM}entry/{ATOM}content"))


def test_an_entry_says_what_happened_to_what_and_links_to_it() -> None:
    (feed_entry,) = parsed(feed_of([event(PLAYLIST, EventKind.DIED)])).entries
    assert feed_entry.title == "no longer available: playlist “Calculus 3”"
    assert feed_entry.link == PLAYLIST.url
    assert (feed_entry.updated, feed_entry.published) == ("2026-11-22T09:55:00Z",) * 2
    assert [tag.term for tag in feed_entry.tags] == ["died"]


def test_the_content_has_before_and_after_and_where_it_is_listed() -> None:
    report = feed_of([event(VIDEO, EventKind.RETITLED, "Optimisation", "Optimization")])
    assert content_of(report) == (
        f'<p><a href="{VIDEO.url}">video “Optimization”</a>: Optimisation → Optimization</p>'
        "<p>Listed in</p><ul><li>b.csv:2</li></ul>"
    )
    assert "<li>a.csv:14 “Calculus 3”</li>" in content_of(feed_of([event(PLAYLIST, EventKind.DIED)]))


def test_the_feed_says_whose_it_is() -> None:
    feed = parsed(feed_of([])).feed
    assert feed.title == "linkwatch: a.csv, b.csv"
    assert feed.author == "linkwatch"
    assert (feed.generator, feed.generator_detail.version) == ("linkwatch", linkwatch.__version__)
    assert "YouTube" in feed.subtitle
    assert [link.href for link in feed.links] == ["https://www.youtube.com/"]


def test_a_feed_of_many_lists_names_some() -> None:
    report = report_of([entry(PLAYLIST, file=f"{name}.md") for name in "abcd"], {PLAYLIST: living()})
    assert parsed(report).feed.title == "linkwatch: a.md, b.md, c.md …"


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_of_event_has_words(kind: EventKind) -> None:
    words, _, name = str(rendered(feed_of([event(PLAYLIST, kind)])).findtext(f"{ATOM}entry/{ATOM}title")).partition(
        ": "
    )
    assert name == "playlist “Calculus 3”"
    assert "-" not in words
    assert words not in {"suspected", "recovered", "retitled"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, None, "what it was and what it became is no longer kept"),
        (None, "37", "<i>no longer kept</i> → 37"),
        ("39", None, "39 → <i>no longer kept</i>"),
        ("age", "", "age → <i>none</i>"),
    ],
)
def test_values_that_were_purged_still_read_well(before: str | None, after: str | None, expected: str) -> None:
    content = content_of(feed_of([event(PLAYLIST, EventKind.SHRUNK, before, after)]))
    assert f": {expected}</p>" in content
    assert "None" not in content


def test_the_newest_comes_first_and_dates_the_feed() -> None:
    events = [event(VIDEO, EventKind.DIED), event(PLAYLIST, EventKind.DIED, at=LONG_AGO)]
    feed = parsed(feed_of(events))
    assert [feed_entry.link for feed_entry in feed.entries] == [VIDEO.url, PLAYLIST.url]
    assert feed.feed.updated == "2026-11-22T09:55:00Z"


def test_an_unchanged_store_gives_the_same_bytes() -> None:
    for events in ([], [event(PLAYLIST, EventKind.DIED, at=LONG_AGO)]):
        report = feed_of(events)
        assert render(report) == render(replace(report, generated_at=NOW + timedelta(days=1)))


def test_without_events_the_run_dates_the_feed_and_without_a_run_the_report() -> None:
    assert parsed(feed_of([])).feed.updated == "2026-11-22T09:55:00Z"
    assert parsed(report_of([entry(PLAYLIST)], run=None)).feed.updated == "2026-11-22T10:00:00Z"


def ids_of(*events: StoredEvent, report: Report | None = None) -> list[str | None]:
    return [each.findtext(f"{ATOM}id") for each in rendered(feed_of(events, report)).iter(f"{ATOM}entry")]


def test_the_id_of_an_entry_does_not_hang_on_the_number_of_the_run_or_on_what_else_is_listed() -> None:
    other = report_of([entry(PLAYLIST, file="c.md"), entry(OTHER, line=2)])
    assert (
        ids_of(event(PLAYLIST, EventKind.DIED))
        == ids_of(event(PLAYLIST, EventKind.DIED, run_id=9))
        == ids_of(event(PLAYLIST, EventKind.DIED), report=other)
    )


def test_every_event_has_an_id_of_its_own() -> None:
    moments = [RUN_AT, RUN_AT + timedelta(milliseconds=1), LONG_AGO]
    events = [event(what, kind, at=at) for what in (PLAYLIST, VIDEO) for kind in EventKind for at in moments]
    assert len(set(ids_of(*events))) == len(events)


def test_other_lists_are_another_feed() -> None:
    one, other = (report_of([entry(PLAYLIST, file=file)]) for file in ("a.md", "b.md"))
    assert rendered(one).findtext(f"{ATOM}id") != rendered(other).findtext(f"{ATOM}id")


def test_a_thing_listed_a_thousand_times_names_some_of_the_places() -> None:
    report = report_of([entry(PLAYLIST, line=line) for line in range(1, 1_001)])
    content = content_of(feed_of([event(PLAYLIST, EventKind.DIED)], report))
    assert content.count("<li>") == PLACES_SHOWN + 1
    assert content.endswith("<li>…</li></ul>")


class Tags(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[str]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, [name for name, _ in attrs]))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(TEXTS)
def test_no_text_breaks_the_feed_or_the_html_inside_it(text: str) -> None:
    report = report_by_strangers(text)
    feed = parsed(report)
    plain = report_by_strangers("")
    assert Tags(content_of(report)).tags == Tags(content_of(plain)).tags
    assert [each.tag for each in rendered(report).iter()] == [each.tag for each in rendered(plain).iter()]
    title = str(rendered(report).findtext(f"{ATOM}entry/{ATOM}title"))
    assert title.startswith("title changed: playlist “Calculus")
    assert title.endswith("Three”")
    assert Tags(content_of(report)).text.count("Three") == 7
    assert feed.entries[0].link.startswith("https://www.youtube.com/")


def test_a_huge_text_stays_whole() -> None:
    assert harmless_around(HUGE) in content_of(report_by_strangers(HUGE))
