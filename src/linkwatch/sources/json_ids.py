"""Ids without a URL in the JSON of exports: arrays of them under known names, of Invidious and FreeTube."""

from collections.abc import Iterator, Mapping, Sequence

from linkwatch.sources.embeds import is_id
from linkwatch.sources.json_tree import JsonArray, JsonObject, JsonString, JsonTree

_ARRAYS = {"watch_history": "video", "videos": "video", "subscriptions": "channel"}
"""Names of arrays of ids, or in FreeTube of objects with an `id`, and the kind of these."""

_NEARLY_ALL = 0.9


def find_ids(tree: JsonTree) -> Mapping[int, str]:
    """The kinds of the strings that are such ids, by the offset of their first character."""
    if not any(f'"{name}"' in tree.text for name in _ARRAYS):
        return {}
    return {
        string.start: kind
        for at in range(len(tree))
        if (kind := _ARRAYS.get(tree.written_key(at) or "")) and isinstance(array := tree.node(at), JsonArray)
        for string in _ids(list(_strings(array)), kind)
    }


def _strings(array: JsonArray) -> Iterator[JsonString]:
    for item in array.items:
        id_ = item.by_name.get("id") if isinstance(item, JsonObject) else item
        if isinstance(id_, JsonString):
            yield id_


def _ids(strings: Sequence[JsonString], kind: str) -> list[JsonString]:
    """The strings that have the shape of an id, if nearly all have it, and nearly all are no words."""
    ids = [string for string in strings if is_id(string.value, kind)]
    mixed = sum(_is_mixed(string.value) for string in ids)
    return ids if mixed >= _NEARLY_ALL * len(strings) else []


def _is_mixed(text: str) -> bool:
    return any(map(str.isupper, text)) and any(map(str.islower, text))
