"""Comments in a list that ignore links: `linkwatch: ignore`, followed by the rules to ignore, or else all of them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from linkwatch.sources.document import Item, LineIndex, LinkItem

COMMENT_MARK = "linkwatch:"
"""Part of every such comment; a text without it is not searched."""

_DIRECTIVE = rf"{COMMENT_MARK}[ \t]*ignore\b([^\n]*)"
_WHOLE_COMMENT = re.compile(rf"(?:#[ \t]*)?{_DIRECTIVE}")
_TRAILING = re.compile(rf"(?:#|//|%|<!--)[ \t]*{_DIRECTIVE}")
_BESIDE_COMMENT = " \t\r>"
"""What may stand on the line of a comment that is alone on it; `>` in a block quote."""


@dataclass(frozen=True, slots=True)
class IgnoreComment:
    """A comment that ignores the links of its line and, when it is alone on it, those of the next line."""

    offset: int
    """Where it begins, in code points from the start of the text."""

    rules: tuple[str, ...]
    """Empty: all of them."""


def parse_ignore_comment(text: str) -> tuple[str, ...] | None:
    """The rules that a comment or a cell ignores; None when it is, or holds, something else."""
    match = _WHOLE_COMMENT.fullmatch(text.strip())
    return None if match is None else _rules(match[1])


def trailing_comments(text: str) -> Iterator[IgnoreComment]:
    """Yield the comments at the ends of lines, after `#`, `//`, `%` or `<!--`."""
    if COMMENT_MARK in text:
        for match in _TRAILING.finditer(text):
            yield IgnoreComment(match.start(), _rules(match[1].strip().removesuffix("-->")))


def apply_ignore_comments(items: Iterable[Item], comments: Iterable[IgnoreComment], text: str) -> list[Item]:
    """The items of a text, its links with the rules that comments ignore on their lines."""
    items, comments = list(items), list(comments)
    if not comments:
        return items
    at = LineIndex(text).at
    ignored = _by_line(comments, at, text.split("\n"))
    return [
        replace(item, ignored=ignored.get(at(item.offset)[0])) if isinstance(item, LinkItem) else item for item in items
    ]


def merge_ignored(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """What either of two ignores, each as in `Link.ignored`."""
    if one is None or other is None:
        return other if one is None else one
    return tuple(dict.fromkeys(one + other)) if one and other else ()


def _by_line(
    comments: Iterable[IgnoreComment], at: Callable[[int], tuple[int, int]], rows: Sequence[str]
) -> Mapping[int, tuple[str, ...] | None]:
    """The rules that are ignored on each line. A line is looked at once, however many comments it has."""
    by_line: dict[int, list[IgnoreComment]] = {}
    for comment in comments:
        by_line.setdefault(at(comment.offset)[0], []).append(comment)
    ignored: dict[int, tuple[str, ...] | None] = {}
    for line, on_line in by_line.items():
        # One that names no rule ignores all of them.
        names = (name for comment in on_line for name in comment.rules)
        rules = tuple(dict.fromkeys(names)) if all(comment.rules for comment in on_line) else ()
        for number in (line, line + 1) if _is_alone(rows[line - 1]) else (line,):
            ignored[number] = merge_ignored(ignored.get(number), rules)
    return ignored


def _is_alone(row: str) -> bool:
    return not _TRAILING.sub("", _without_html_comments(row)).strip(_BESIDE_COMMENT)


def _without_html_comments(row: str) -> str:
    """The row without `<!-- … -->`; a pattern would look for the end of each comment that has none again."""
    kept, done = [], 0
    while (start := row.find("<!--", done)) >= 0 and (end := row.find("-->", start + 4)) >= 0:
        kept.append(row[done:start])
        done = end + 3
    return "".join([*kept, row[done:]])


def _rules(names: str) -> tuple[str, ...]:
    return tuple(names.replace(",", " ").split())
