"""A row goes when it says nothing that an earlier one does not, and only then."""

import pytest
from unit.fix.fixed_text import OTHER, TRACKED, VIDEO, fixed_text, plan_for_text

from linkwatch.sources.formats import Format

A, B = f"[A]({VIDEO})", f"[B]({OTHER})"


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        pytest.param(
            Format.CSV, f"url,l\n{VIDEO},x\n{TRACKED},x\n{OTHER},x\n", f"url,l\n{VIDEO},x\n{OTHER},x\n", id="CSV"
        ),
        pytest.param(
            Format.CSV, f'url,l\n{VIDEO},x\n"{VIDEO}","x"', f"url,l\n{VIDEO},x\n", id="quotes are no difference"
        ),
        pytest.param(
            Format.CSV,
            f'url|l\r\n{VIDEO}|"x\r\ny"\r\n{VIDEO}|"x\r\ny"\r\n{OTHER}|z',
            f'url|l\r\n{VIDEO}|"x\r\ny"\r\n{OTHER}|z',
            id="a record of two lines",
        ),
        pytest.param(Format.MARKDOWN, f"- {A}\n- {B}\n- [A]({TRACKED})\n", f"- {A}\n- {B}\n", id="list items"),
        pytest.param(Format.MARKDOWN, f"- {A}\n\n- {A}\n\ntext\n", f"- {A}\n\n\ntext\n", id="a loose list"),
        pytest.param(Format.MARKDOWN, f"- {A}\n- {A}\n# H\n- {A}", f"- {A}\n# H\n- {A}", id="a heading below"),
        pytest.param(
            Format.MARKDOWN,
            f"| x |\n|---|\n| {A} |\n| {B} |\n| {A} |\n",
            f"| x |\n|---|\n| {A} |\n| {B} |\n",
            id="table",
        ),
        pytest.param(Format.MARKDOWN, f"- P\n  - {A}\n  - {A}\n", f"- P\n  - {A}\n", id="below an item"),
        pytest.param(Format.TEXT, f"{VIDEO}\n{OTHER}\n\n{TRACKED}\n", f"{VIDEO}\n{OTHER}\n\n", id="text"),
        pytest.param(Format.TEXT, f"<{VIDEO}>\n<{VIDEO}>\n", f"<{VIDEO}>\n", id="in angle brackets"),
        pytest.param(Format.TEXT, f"{VIDEO}\r{VIDEO}\r{OTHER}", f"{VIDEO}\r{OTHER}", id="lone CR"),
    ],
)
def test_a_duplicate_is_removed_with_its_line_end(kind: Format, before: str, after: str) -> None:
    assert fixed_text(before, kind) == after
    assert plan_for_text(before, kind).rows == 1


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param(Format.CSV, f"url,l\n{VIDEO},x\n{VIDEO},y\n", id="another label"),
        pytest.param(Format.CSV, f"url,l\n{VIDEO},x\n{VIDEO}?t=3,x\n", id="another moment"),
        pytest.param(Format.CSV, "url,l\nhttps://example.org/,x\nhttps://example.org/,x\n", id="not YouTube's"),
        pytest.param(Format.CSV, f"url,l\n{VIDEO},linkwatch: ignore dead\n" * 2, id="a comment in CSV"),
        pytest.param(Format.MARKDOWN, f"## X\n- {A}\n## Y\n- {A}\n", id="another section"),
        pytest.param(Format.MARKDOWN, f"X\n===\n- {A}\n\nX\n===\n- {A}\n", id="a section of the same name"),
        pytest.param(Format.MARKDOWN, f"- {A}\n- {B}\n- {A}\n  - {B}\n", id="children"),
        pytest.param(Format.MARKDOWN, f"- {A}\n- {A}\n\n  More.\n", id="a paragraph of its own"),
        pytest.param(Format.MARKDOWN, f"- {A}\n- {A}\nand more\n", id="a line that goes on"),
        pytest.param(Format.MARKDOWN, f"- P\n  - {A}\n- Q\n  - {A}\n", id="another parent"),
        pytest.param(Format.MARKDOWN, f"**P**\n\n- {A}\n\n**Q**\n\n- {A}\n", id="another paragraph above"),
        pytest.param(
            Format.MARKDOWN, f"[P](http://p.org/)\n\n- {A}\n\n[Q](http://q.org/)\n\n- {A}\n", id="another link above"
        ),
        pytest.param(Format.MARKDOWN, f"- P\n{A}\n- Q\n{A}\n", id="the rest of an item"),
        pytest.param(Format.MARKDOWN, f"| {A} |\n|---|\n| x |\n\n| {A} |\n|---|\n| y |\n", id="the head of a table"),
        pytest.param(Format.MARKDOWN, f"{A}\n\n{A}\n\nAbout it.\n", id="a paragraph with what is said of it"),
        pytest.param(Format.MARKDOWN, f"{A}\n---\n\n{A}\n---\n", id="headings"),
        pytest.param(Format.MARKDOWN, f"## {A}\n\n## {A}\n", id="headings with a link"),
        pytest.param(Format.MARKDOWN, f"- {A} <!-- linkwatch: ignore duplicate -->\n" * 2, id="a comment"),
        pytest.param(Format.MARKDOWN, f'<a href="{VIDEO}">x</a>\n\n' * 2, id="HTML in Markdown"),
        pytest.param(Format.TEXT, f"one\n{VIDEO}\ntwo\n{VIDEO}\n", id="under another line"),
        pytest.param(Format.TEXT, f"- url: {VIDEO}\n  title: x\n- url: {VIDEO}\n  title: y\n", id="YAML"),
        pytest.param(Format.TEXT, f"* [[{VIDEO}][x]]\n* [[{VIDEO}][x]]\n\nsaid of it\n", id="Org"),
        pytest.param(Format.HTML, f'<li><a href="{VIDEO}">x</a></li>\n' * 2, id="HTML"),
        pytest.param(Format.JSON_LINES, f'"{VIDEO}"\n' * 2, id="JSON"),
    ],
)
def test_all_else_stays(kind: Format, text: str) -> None:
    assert fixed_text(text, kind) == text
