"""Titles and labels come from strangers; a terminal obeys what it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.text import visible


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("\x1b[31mred\x1b[0m", id="colour"),
        pytest.param("\x1b]0;title\x07", id="window title"),
        pytest.param("\x9b2J", id="C1 clear screen"),
        pytest.param("a\nb", id="line feed"),
        pytest.param("a\r\nb", id="carriage return"),
        pytest.param("a\x0bb\x0cc\x85d\u2028e\u2029f", id="other line ends"),
        pytest.param("a\tb\x08\x7f", id="tab, backspace, delete"),
        pytest.param("\u202egnp.exe", id="right-to-left override"),
        pytest.param("\u2066a\u2069\u200e\u200f\u061c", id="isolates and marks"),
        pytest.param("\ud800", id="lone surrogate"),
        pytest.param("\x00", id="NUL"),
    ],
)
def test_nothing_that_steers_a_terminal_is_left(hostile: str) -> None:
    shown = visible(hostile)
    assert "\N{REPLACEMENT CHARACTER}" in shown
    assert len(shown) == len(hostile)
    assert len(shown.splitlines()) == 1
    assert not set(shown) & set("\x00\x07\x08\x1b\x7f\x9b\u061c\u200e\u200f\u202e\u2066\u2069\ud800")


@pytest.mark.parametrize(
    "harmless",
    [
        "Essence of linear algebra",
        "线性代数",
        "الجبر الخطي",
        "Aurélien Géron — “AI”",
        "👩‍🏫 👍🏽 🇩🇪",
        "a\u00a0b\u200db",
    ],
)
def test_what_people_write_stays(harmless: str) -> None:
    assert visible(harmless) == harmless


@given(st.text())
def test_any_text_becomes_one_line_that_can_be_written(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert shown.encode().decode() == shown
