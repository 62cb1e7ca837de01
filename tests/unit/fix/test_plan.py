"""A list is changed where it can be better, and nowhere else."""

import io
import re
from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.fix.fixed_text import OTHER, TRACKED, VIDEO, fixed_text, plan_for_text
from unit.sources.documents import Document, documents

from linkwatch.catalogue.ignore import IgnoreRules
from linkwatch.errors import ListError
from linkwatch.fix.edit import Source
from linkwatch.fix.plan import RefusedFixError, lines_of, plan_fix
from linkwatch.models.link import Link
from linkwatch.models.resource import Resource
from linkwatch.settings import Ignore
from linkwatch.sources.files import ListFile
from linkwatch.sources.formats import Format, reader_for
from linkwatch.sources.read import read_file
from linkwatch.urls.canonical import start_seconds
from linkwatch.urls.parse import parse_url

PROSE = f"{TRACKED}请看"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("begin", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_stay(begin: str, end: str) -> None:
    before = f"{begin}{TRACKED} ü {TRACKED}{end}ü {TRACKED}{end}{end}{TRACKED} and {OTHER}"
    assert fixed_text(before, Format.TEXT) == before.replace(TRACKED, VIDEO)


@pytest.mark.parametrize("kind", [Format.HTML, Format.MARKDOWN, Format.TEXT, Format.JSON])
@pytest.mark.parametrize(("quote", "close"), [("&quot;", "&gt;"), ("&amp;#39;", "&amp;#62;")])
def test_markup_that_is_escaped_once_more_stays(kind: Format, quote: str, close: str) -> None:
    text = f"&lt;a href={quote}{{}}{quote}{close}my talk&lt;/a{close}"
    text = f'{{{{"text": "{text}"}}}}' if kind is Format.JSON else text
    assert fixed_text(text.format(TRACKED), kind) == text.format(VIDEO)


def test_ids_without_a_url_and_their_lines_stay() -> None:
    text = "- {% youtube jNQXAC9IVRw %}\n- {% youtube jNQXAC9IVRw %}\n- [x](" + TRACKED + ")\n"
    assert fixed_text(text, Format.MARKDOWN) == text.replace(TRACKED, VIDEO)


def test_lines_are_those_that_the_readers_count() -> None:
    assert lines_of("a\r\nb\rc\n\n\u2028\x0c\x85d") == ("a\r\n", "b\r", "c\n", "\n", "\u2028\x0c\x85d")
    assert lines_of("") == ()


def test_links_are_given_before_and_after_the_fix() -> None:
    fix = plan_for_text(f"- [x]({TRACKED})\n- [x]({VIDEO})\n- [y]({OTHER})\n", Format.MARKDOWN)
    assert [(was.url, was.line, now.url, now.line) for was, now in fix.links] == [
        (TRACKED, 1, VIDEO, 1),
        (OTHER, 3, OTHER, 2),
    ]
    assert (fix.urls, fix.rows, fix.changes) == (1, 1, True)


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        (Format.MARKDOWN, f"See {PROSE}", "without a space"),
        (Format.HTML, f"<p>{PROSE}</p>", "without a space"),
        (Format.TEXT, f"{VIDEO}?si=1**bold**", "without a space"),
        (
            Format.NOTEBOOK,
            f'{{"cells": [{{"cell_type": "markdown", "source": "[x][r]\\n\\n[r]: {TRACKED}"}}]}}',
            "its place in the list is uncertain",
        ),
        (
            Format.CSV,
            "url,l\nhttps://www.youtube.com/redirect?q=https%3A%2F%2Fyoutu.be%2FjNQXAC9IVRw%3Ft%3D1%2C2 ,x\n",
            "would not be read as one URL here",
        ),
        (
            Format.TEXT,
            "https://www.youtube.com/redirect?q=https%3A%2F%2Fyoutu.be%2FjNQXAC9IVRw%3Fx%3Da%20b",
            "would not be read as one URL here",
        ),
    ],
)
def test_an_uncertain_url_is_left_with_the_reason(kind: Format, text: str, why: str) -> None:
    fix = plan_for_text(text, kind)
    assert not fix.changes
    assert [why in left.why for left in fix.left] == [True]


@pytest.mark.parametrize("text", [f"[x]({PROSE})", f"<{PROSE}>", f'<a href="{PROSE}">x</a>'])
def test_where_markup_ends_the_url_nothing_is_uncertain(text: str) -> None:
    assert fixed_text(text, Format.MARKDOWN) == text.replace(PROSE, VIDEO)


@pytest.mark.parametrize("rules", ["", " uncanonical"])
def test_what_a_comment_ignores_is_left_without_a_word(rules: str) -> None:
    fix = plan_for_text(
        f"- {TRACKED} <!-- linkwatch: ignore{rules} -->\n- {PROSE} <!-- linkwatch: ignore -->\n", Format.MARKDOWN
    )
    assert (fix.changes, fix.left) == (False, ())


def test_a_comment_about_another_rule_is_no_hindrance() -> None:
    assert plan_for_text(f"- {TRACKED} <!-- linkwatch: ignore dead -->\n", Format.MARKDOWN).urls == 1


def test_what_the_settings_ignore_is_left() -> None:
    ignoring = IgnoreRules([Ignore(url="*jNQX*")])
    fix = plan_for_text(
        f"- {TRACKED}\n- {VIDEO}\n- {VIDEO}\n- {OTHER}?si=x\n- {OTHER}\n", Format.MARKDOWN, ignore_rules=ignoring
    )
    assert "".join(fix.lines) == f"- {TRACKED}\n- {VIDEO}\n- {VIDEO}\n- {OTHER}\n"


def test_a_list_that_would_be_read_otherwise_is_refused() -> None:
    """Here by a reader that sees one link less in what is written than in what was."""
    read = reader_for(Format.TEXT)

    def forgetful(lines, file):  # type: ignore[no-untyped-def]
        return [link for link in read(lines, file) if link.url != VIDEO]

    source = Source("list", Format.TEXT, lines_of(f"{OTHER}\n{TRACKED}\n"), forgetful)
    with pytest.raises(ListError, match="is left as it is") as raised:
        plan_fix(source, {}, IgnoreRules(()))
    assert "report this" in raised.value.remedy


def test_a_list_whose_links_would_change_places_is_refused_with_the_line() -> None:
    read = reader_for(Format.TEXT)

    def confused(lines, file):  # type: ignore[no-untyped-def]
        links = list(read(lines, file))
        return [msgspec.structs.replace(link, url=OTHER) if link.url == VIDEO else link for link in links]

    source = Source("list", Format.TEXT, lines_of(f"{OTHER}\n{TRACKED}\n"), confused)
    with pytest.raises(ListError, match="list:2: is left as it is"):
        plan_fix(source, {}, IgnoreRules(()))


@pytest.mark.parametrize("field", ["label", "section", "owner"])
def test_a_list_whose_link_would_lose_a_text_is_refused(field: str) -> None:
    read = reader_for(Format.TEXT)

    def mute(lines, file):  # type: ignore[no-untyped-def]
        return [
            msgspec.structs.replace(link, **{field: "x" if "si=" in link.url else None}) for link in read(lines, file)
        ]

    with pytest.raises(RefusedFixError, match="list:1: is left as it is"):
        plan_fix(Source("list", Format.TEXT, (TRACKED,), mute), {}, IgnoreRules(()))


IDS = ("jNQXAC9IVRw", "haHLRD0QZ08", "a_b-c_d-e_g", "PL00000000000000000000000000COURSE", "PL49CF3715CB9EF31D")
SHAPES = (
    "https://youtu.be/{}", "http://youtu.be/{}?si=x_y&t=3", "http://m.youtube.com/watch?v={}&amp;feature=share",
    "youtube.com/watch?feature=x&v={}", "https://www.youtube.com/playlist?list={}&si=1",
    "https://www.youtube.com/redirect?q=https%3A%2F%2Fyoutu.be%2F{}%3Ft%3D1%2C2", "https://youtu.be/{}?si=1请看",
    "https://www.youtube.com/user/test/videos", "https://www.youtube.com/watch?v={}&ab_channel=Ä#t=3",
)  # fmt: skip
urls = st.builds(str.format, st.sampled_from(SHAPES), st.sampled_from(IDS))
PIECES = {
    Format.CSV: ["{},x", '"{}",x', "{},y", '{},"a\nb"', " {} ,"],
    Format.MARKDOWN: [
        "- [x]({})", "- {}", "  - <{}>", "| {} |", "{}", "# H", "text", "- item", "", "**{}**", "_{}_", "[r]: {}",
        "- [x][r]", '<a href="{}">x</a>', "1. [{0}]({0})", "> - {}", "~~{}~~", "- ![x]({})", "`{}`",
    ],
    Format.HTML: ['<a href="{}">x</a>', "<p>{}</p>", "<a href={}>{}</a>", "<!-- {} -->", "<h2>x</h2>"],
    Format.JSON_LINES: ['"{}"', '{{"url": "{}", "label": "x"}}', '{{"{}": ["see {}, {}"]}}'],
    Format.TEXT: ["{}", "- {}", "* [[{}][x]]", "text", "  {}", "", "`x <{}>`_", "\\href{{{}}}{{x}}", "({}), {}.",
                  "key: {}"],
}  # fmt: skip


@st.composite
def listings(draw: st.DrawFn) -> tuple[str, Format]:
    kind = draw(st.sampled_from(list(PIECES)))
    rows = draw(
        st.lists(
            st.builds(lambda piece, url: piece.format(url, url, url), st.sampled_from(PIECES[kind]), urls), max_size=12
        )
    )
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    header = ["url,label"] if kind is Format.CSV else []
    return draw(st.sampled_from(["", "\ufeff"])) + end.join(header + rows) + draw(st.sampled_from(["", end])), kind


@settings(max_examples=3 * settings().max_examples)
@given(listings(), st.booleans())
def test_a_list_is_fixed_once_and_for_all(listing: tuple[str, Format], by_handle: bool) -> None:
    """Every format is fixed without a refusal, and what was fixed has nothing left to fix."""
    text, kind = listing
    handles = {"user/test": "@Tëst"} if by_handle else {}
    after = fixed_text(text, kind, handles)
    again = plan_for_text(after, kind, handles)
    assert (after, again.urls, again.rows) == ("".join(again.lines), 0, 0)
    if text.isascii() and not by_handle:
        assert after.isascii()


def named(links: Iterable[Link]) -> list[tuple[tuple[Resource, ...], int, bool]]:
    """What links name, the moment that they begin at, and whether they are players."""
    parsed = [(link, parse_url(link.url)) for link in links]
    return [(p.resources, start_seconds(link.url), bool(PLAYER.search(link.url))) for link, p in parsed if p]


PLAYER = re.compile(r"/(?:embed|v|e)/")


@given(documents())
def test_what_is_fixed_names_what_it_named(document: Document) -> None:
    fix = plan_for_text(document.text, document.kind, name=document.name)
    before, after = (
        named(read_file(ListFile(document.name, None, document.kind, named=True), stdin=io.BytesIO(text.encode())))
        for text in (document.text, "".join(fix.lines))
    )
    assert {link[:2] for link in after} == {link[:2] for link in before}
    assert fix.rows or after == before


@pytest.mark.parametrize(
    ("cell", "fixed"),
    [
        pytest.param(f'"=HYPERLINK(""{TRACKED}"",""L"")"', f'"=HYPERLINK(""{VIDEO}"",""L"")"', id="a formula"),
        pytest.param(f"[L]({TRACKED})", f"[L]({VIDEO})", id="Markdown"),
        pytest.param(f"{TRACKED} {TRACKED}", f"{VIDEO} {VIDEO}", id="two"),
        pytest.param(f'"a ""b""\n{TRACKED}, c"', f'"a ""b""\n{VIDEO}, c"', id="the second line of prose"),
        pytest.param("jNQXAC9IVRw", "jNQXAC9IVRw", id="an id"),
        pytest.param("@handle", "@handle", id="a handle"),
    ],
)
@pytest.mark.parametrize("header", ["url", "Video Link"])
def test_cells_of_a_csv_are_fixed_at_the_place_of_the_url(header: str, cell: str, fixed: str) -> None:
    text = "title,{},n\n{},{},1\nx,{},2\n"
    assert fixed_text(text.format(header, '"a, b"', cell, TRACKED), Format.CSV) == text.format(
        header, '"a, b"', fixed, VIDEO
    )


def test_a_url_within_a_cell_is_not_put_in_quotes() -> None:
    url = "https://www.youtube.com/redirect?q=https%3A%2F%2Fyoutu.be%2FjNQXAC9IVRw%3Ft%3D1%2C2"
    fix = plan_for_text(f"title,link\nx,[L]({url})\n", Format.CSV)
    assert not fix.changes
    assert ["would not be read as one URL here" in left.why for left in fix.left] == [True]
