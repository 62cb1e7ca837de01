"""Comments in a list that take links out: `linkwatch: ignore`, and the rules that are meant, else all of them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from linkwatch.sources.line_index import LineIndex
from linkwatch.sources.outline import DocumentItem, LinkItem

T = TypeVar("T", LinkItem, DocumentItem)

COMMENT_MARK = "linkwatch:"
"""What is in every such comment; a text without it is not searched for one."""

_SAID = rf"{COMMENT_MARK}[ \t]*ignore\b([^\n]*)"
_ALL_SAID = re.compile(rf"(?:#[ \t]*)?{_SAID}")
_AT_THE_END = re.compile(rf"(?:#|//|%|<!--)[ \t]*{_SAID}")
_OF_HTML = re.compile(r"<!--[^\n]*?-->")
_BESIDE_IT = " \t\r>"
"""What may stand on the line of a comment that is alone on it; `>` in a block quote."""


@dataclass(frozen=True, slots=True)
class IgnoreComment:
    """A comment that takes out the links of its line and, when it stands alone there, those of the next."""

    offset: int
    """Where it begins, in code points from the start of the text."""

    rules: tuple[str, ...]
    """Empty: all of them."""


def parse_ignore_comment(text: str) -> tuple[str, ...] | None:
    """The rules that a comment or cell takes out; None when it says something else, or more than that."""
    match = _ALL_SAID.fullmatch(text.strip())
    return None if match is None else _rules(match[1])


def trailing_comments(text: str) -> Iterator[IgnoreComment]:
    """The comments that end a line of any text, behind `#`, `//`, `%` or `<!--`."""
    if COMMENT_MARK in text:
        for match in _AT_THE_END.finditer(text):
            yield IgnoreComment(match.start(), _rules(match[1].strip().removesuffix("-->")))


def apply_ignore_comments(items: Iterable[T], comments: Iterable[IgnoreComment], text: str) -> list[T]:
    """The items of a text, the links with what the comments say of their lines."""
    items, comments = list(items), list(comments)
    if not comments:
        return items
    at = LineIndex(text).at
    ignored = _by_line(comments, at, text.split("\n"))
    return [
        replace(item, ignored=ignored.get(at(item.offset)[0])) if isinstance(item, LinkItem) else item for item in items
    ]


def merge_ignored(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """What is ignored by any of two, each as in `ListedLink.ignored`."""
    if one is None or other is None:
        return other if one is None else one
    return tuple(dict.fromkeys(one + other)) if one and other else ()


def _by_line(
    comments: Iterable[IgnoreComment], at: Callable[[int], tuple[int, int]], rows: Sequence[str]
) -> Mapping[int, tuple[str, ...] | None]:
    ignored: dict[int, tuple[str, ...] | None] = {}
    for comment in comments:
        line, _ = at(comment.offset)
        for meant in (line, line + 1) if _is_alone(rows[line - 1]) else (line,):
            ignored[meant] = merge_ignored(ignored.get(meant), comment.rules)
    return ignored


def _is_alone(row: str) -> bool:
    return not _AT_THE_END.sub("", _OF_HTML.sub("", row)).strip(_BESIDE_IT)


def _rules(said: str) -> tuple[str, ...]:
    return tuple(said.replace(",", " ").split())
