"""Differences for a person at a terminal, what died first."""

from collections.abc import Iterator
from itertools import groupby

from linkwatch.report.diff.model import Difference, DiffKind, ListDiff
from linkwatch.report.diff.text import HEADINGS, message_of, video_change_lines
from linkwatch.report.formats.terminal import Style, plain
from linkwatch.text import counted, visible

_TONES = {
    DiffKind.DIED: "error",
    DiffKind.WENT_MISSING: "warning",
    DiffKind.RECOVERED: "good",
    DiffKind.SHRANK: "warning",
    DiffKind.OWNER_CHANGED: "warning",
    DiffKind.RESTRICTIONS_CHANGED: "warning",
}


def render(diff: ListDiff, *, style: Style = plain) -> str:
    """Render the differences as text, with a line end.

    Args:
        diff: The differences.
        style: Colours a piece of text; plain by default.
    """
    return "\n".join(_lines(diff, style)) + "\n"


def _lines(diff: ListDiff, style: Style) -> Iterator[str]:
    yield style(_headline(diff), "heading")
    yield from (style("Note: ", "notice") + visible(note) for note in _notes(diff))
    places = max((len(_place(each)) for each in diff.differences), default=0)
    for kind, theirs in groupby(diff.differences, key=lambda each: each.kind):
        yield ""
        yield style(HEADINGS[kind], _TONES.get(kind, "heading"))
        for each in theirs:
            yield f"  {_place(each):<{places}}  {visible(message_of(each))}"
            yield from (f"  {'':<{places}}    {visible(line)}" for line in video_change_lines(each.videos))


def _headline(diff: ListDiff) -> str:
    resources = counted(diff.resources, "resource")
    if diff.first_check is None:
        return f"{resources}, not checked yet: run “linkwatch check”"
    number = counted(len(diff.differences), "difference") if diff.differences else "No difference"
    checked = f", checked {diff.run.started_at:%Y-%m-%d %H:%M} UTC" if diff.run else ""
    return f"{number} since {diff.since:%Y-%m-%d %H:%M} UTC in {resources}{checked}"


def _notes(diff: ListDiff) -> Iterator[str]:
    first = diff.first_check
    if first is None:
        return
    if first > diff.since:
        yield f"the first check of these lists was on {first:%Y-%m-%d %H:%M} UTC; what was before is not known"
    if diff.run is not None and diff.run.incomplete_reason:
        yield f"the last check is incomplete: {diff.run.incomplete_reason}"
    if diff.unanswered:
        resources = counted(diff.unanswered, "resource")
        yield f"no check got an answer about {resources} since then: what became of them is not known"


def _place(difference: Difference) -> str:
    if difference.kind is DiffKind.REMOVED or not difference.item.links:
        return "-"
    link = difference.item.links[0]
    return visible(f"{link.file}:{link.line}:{link.column}")
