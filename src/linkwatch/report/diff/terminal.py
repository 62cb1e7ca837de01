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


def render(differences: ListDiff, *, style: Style = plain) -> str:
    """Render the differences as text, with a line end.

    Args:
        differences: The differences.
        style: Colours a piece of text; plain by default.
    """
    return "\n".join(_lines(differences, style)) + "\n"


def _lines(differences: ListDiff, style: Style) -> Iterator[str]:
    yield style(_headline(differences), "heading")
    yield from (style("Note: ", "notice") + visible(note) for note in _notes(differences))
    places = max((len(_place(each)) for each in differences.told), default=0)
    for turn, theirs in groupby(differences.told, key=lambda each: each.turn):
        yield ""
        yield style(HEADINGS[turn], _TONES.get(turn, "heading"))
        for each in theirs:
            yield f"  {_place(each):<{places}}  {visible(message_of(each))}"
            yield from (f"  {'':<{places}}    {visible(line)}" for line in video_change_lines(each.turnover))


def _headline(differences: ListDiff) -> str:
    resources = counted(differences.resources, "resource")
    if differences.first_check is None:
        return f"{resources}, nothing asked yet: run “linkwatch check”"
    number = counted(len(differences.told), "difference") if differences.told else "No difference"
    checked = f", checked {differences.run.started_at:%Y-%m-%d %H:%M} UTC" if differences.run else ""
    return f"{number} since {differences.since:%Y-%m-%d %H:%M} UTC in {resources}{checked}"


def _notes(differences: ListDiff) -> Iterator[str]:
    first = differences.first_check
    if first is None:
        return
    if first > differences.since:
        yield f"the first check of these lists was on {first:%Y-%m-%d %H:%M} UTC; what was before is not known"
    if differences.run is not None and differences.run.incomplete_reason:
        yield f"the last check is incomplete: {differences.run.incomplete_reason}"
    if differences.unanswered:
        resources = counted(differences.unanswered, "resource")
        yield f"no check got an answer about {resources} since then: what became of them is not known"


def _place(difference: Difference) -> str:
    if difference.turn is DiffKind.REMOVED or not difference.item.links:
        return "-"
    link = difference.item.links[0]
    return visible(f"{link.file}:{link.line}:{link.column}")
