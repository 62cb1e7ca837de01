"""JSON as an index of its text: the same values as `json` reads, each at its place."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.errors import ListError
from linkwatch.sources.json_tree import JsonArray, JsonObject, JsonString, Node, parse, parse_lines

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8) | st.sampled_from(
    ["a/b", '"', "\\", "é"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    SCALARS | TEXTS, lambda values: st.lists(values, max_size=4) | st.dictionaries(TEXTS, values, max_size=4)
)


def without_scalars(value: Any) -> Any:
    """What the tree has of a value: numbers, booleans and nulls are left out."""
    match value:
        case list():
            return [without_scalars(item) for item in value if isinstance(item, str | list | dict)]
        case dict():
            return {key: without_scalars(item) for key, item in value.items() if isinstance(item, str | list | dict)}
        case _:
            return value


def plain(node: Node, text: str) -> Any:
    match node:
        case JsonString():
            assert all(text.startswith(json.dumps(c)[1:-1], node.offset(at)) or text.startswith(c, node.offset(at))
                       for at, c in enumerate(node.value))  # fmt: skip
            return node.value
        case JsonArray():
            return [plain(item, text) for item in node.items if item is not None]
        case JsonObject():
            return {key.value: plain(value, text) for key, value in node.members if value is not None}
        case None:
            return None


@given(VALUES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_the_tree_has_the_strings_of_a_document_at_their_places(value: Any, indent: Any, escaped: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=escaped)
    assert [plain(node, text) for node in parse(text, "f").items] == without_scalars([value])


@given(st.lists(VALUES, max_size=4))
def test_json_lines_follow_each_other(values: list[Any]) -> None:
    text = "".join(f"{json.dumps(value)}\n" for value in values)
    assert [plain(node, text) for node in parse_lines(text, "f").items] == without_scalars(values)


@given(
    st.lists(st.sampled_from(['"a"', "{", "}", "[", "]", ",", ":", "1", "-", "NaN", "\\", " ", "\n", "é"]), max_size=8)
)
def test_what_json_refuses_is_refused(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        json.loads(text)
    except ValueError:
        with pytest.raises(ListError, match="is not valid JSON"):
            parse(text, "f")
    else:
        parse(text, "f")
