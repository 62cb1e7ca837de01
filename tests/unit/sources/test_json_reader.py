"""JSON: every URL at its place, described by the object it is in."""

import pytest

from linkwatch.errors import ListError
from linkwatch.models.link import Link
from linkwatch.sources.json_reader import read, read_json_lines

URL = "https://youtu.be/x"


@pytest.mark.parametrize(
    ("text", "links"),
    [
        pytest.param(f'"{URL}"', [(URL, 1, 2, None)], id="a string"),
        pytest.param(
            f'{{"n": 1,\n "url": "{URL}", "x": [null], "title": " The\\nlabel "}}',
            [(URL, 2, 10, "The label")],
            id="an object",
        ),
        pytest.param(f'[["{URL}", {{"name": "n"}}]]', [(URL, 1, 4, None)], id="an array"),
        pytest.param(
            '["\\u00e9\\ud83d\\ude00\\"\\ud800 https:\\/\\/a\\/?x\\u0026y"]',
            [("https://a/?x&y", 1, 30, None)],
            id="escapes",
        ),
        pytest.param(
            f'{{"u": "{URL}", "label": "a\\u0000b \\\\u0000"}}', [(URL, 1, 8, "a\ufffdb \\u0000")], id="a NUL"
        ),
        pytest.param(f'{{"{URL}": "L", "https://b": 1}}', [(URL, 1, 3, "L"), ("https://b", 1, 30, None)], id="keys"),
        pytest.param(f'{{"text": "see {URL} or {URL}"}}', [(URL, 1, 15, None), (URL, 1, 37, None)], id="a sentence"),
    ],
)
def test_a_link_is_found_where_its_url_stands(text: str, links: list[tuple[str, int, int, str | None]]) -> None:
    assert [(link.url, link.line, link.column, link.label) for link in read([text], "f.json")] == links


def test_owner_and_section_come_from_the_same_object_and_are_strings() -> None:
    [link] = read(
        [f'{{"owner": {{"x": 1}}, "channel": "C", "topic": "S", "label": "", "name": "N", "u": "{URL}"}}'], "f.json"
    )
    assert (link.owner, link.section, link.label) == ("C", "S", "N")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{\n"a": 1,\n"b" 2}', 3, "is not valid JSON"),
        ("", 1, "is not valid JSON"),
        ("[" * 100_000, 1, "is nested too deeply"),
        ('["a\nb"]', 1, "is not valid JSON"),
    ],
)
def test_what_is_not_json_is_reported_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(ListError, match=message) as raised:
        list(read([text], "f.json"))
    assert raised.value.line == line
    assert raised.value.remedy


def test_numbers_of_any_length_are_no_trouble() -> None:
    assert list(read([f"[{'1' * 10_000}, 1e999, NaN]"], "f.json")) == []


def test_json_lines_have_a_value_on_each_line() -> None:
    text = f'{{"u": "{URL}", "title": "A"}}\n\n{{"u": "{URL}"}}\n'
    assert list(read_json_lines([text], "f")) == [Link(URL, "f", 1, 8, "A"), Link(URL, "f", 3, 8)]
    with pytest.raises(ListError, match="f:3: is not valid JSON"):
        list(read_json_lines([text.replace('{"u": "https://youtu.be/x"}', "{")], "f"))
