"""Badges: the worst of a report in two words, in a picture that is valid and has room for them."""

from xml.etree import ElementTree

import pytest
from unit.report.builders import MALFORMED, NOW, PLAYLIST, WATCH_LATER, entry, living, missing, report_of, unanswered

from linkwatch.models.observation import ResourceRecord, State
from linkwatch.web.badges import badge_message, render_badge

FINE = living("Calculus 3")


@pytest.mark.parametrize(
    ("known", "words", "tone"),
    [
        (FINE, "1 fine", "good"),
        (missing(State.UNAVAILABLE), "1 error", "error"),
        (missing(State.SUSPECT), "1 warning", "warning"),
        (unanswered(NOW), "not all checked", "warning"),
    ],
)
def test_the_worst_is_reported(known: ResourceRecord, words: str, tone: str) -> None:
    assert badge_message(report_of([entry(PLAYLIST)], {PLAYLIST: known})) == (words, tone)


def test_before_the_first_check_nothing_is_called_fine() -> None:
    assert badge_message(report_of([entry(PLAYLIST)], run=None)) == ("not checked yet", "notice")
    assert badge_message(None) == ("not checked yet", "notice")


def test_an_error_is_worse_than_any_number_of_warnings() -> None:
    links = [entry(PLAYLIST), entry(PLAYLIST, line=2), entry(WATCH_LATER), entry(MALFORMED)]
    assert badge_message(report_of(links, {PLAYLIST: FINE})) == ("1 error", "error")


def test_it_is_a_picture_with_room_for_its_words() -> None:
    picture = ElementTree.fromstring(render_badge("12,345 of 12,346 fine", "#17713f"))  # noqa: S314 - it is ours
    assert picture.attrib["aria-label"] == "links: 12,345 of 12,346 fine"
    texts = [float(each.attrib["textLength"]) for each in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert sum(texts) < float(picture.attrib["width"])
