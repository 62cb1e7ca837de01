"""Differences for a person at a terminal, what died first."""

from collections.abc import Iterator
from itertools import groupby

from linkwatch.report.console import PLAIN, Console
from linkwatch.report.diff.model import DiffKind, ListDiff
from linkwatch.report.diff.text import HEADINGS, message_of, video_change_lines
from linkwatch.text import counted, place, visible

INDENT = "    "
"""Before what belongs to a difference."""

_TONES = {
    DiffKind.DIED: "error",
    DiffKind.WENT_MISSING: "warning",
    DiffKind.RECOVERED: "good",
    DiffKind.SHRANK: "warning",
    DiffKind.OWNER_CHANGED: "warning",
    DiffKind.RESTRICTIONS_CHANGED: "warning",
}


def render(diff: ListDiff, *, console: Console = PLAIN) -> str:
    """Render the differences as text, with a line end.

    Args:
        diff: The differences.
        console: What the terminal can show; by default a file.
    """
    return "\n".join(_lines(diff, console)) + "\n"


def _lines(diff: ListDiff, console: Console) -> Iterator[str]:
    yield from console.paragraph(_headline(diff), indent="", style="heading")
    for note in _notes(diff):
        yield from console.paragraph(visible(note), lead="Note: ", lead_style="notice", indent="  ")
    for kind, differences in groupby(diff.differences, key=lambda each: each.kind):
        yield ""
        yield console.style(HEADINGS[kind], _TONES.get(kind, "heading"))
        for difference in differences:
            yield from console.paragraph(visible(message_of(difference)), lead="  ", indent=INDENT)
            if difference.kind is not DiffKind.REMOVED and difference.item.links:
                yield INDENT + console.style(visible(place(difference.item.links[0])), "faint")
            for line in video_change_lines(difference.videos):
                yield from console.paragraph(visible(line), lead=INDENT, indent=INDENT + "  ")


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
