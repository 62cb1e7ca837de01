"""The report for a job summary or the body of an issue: GitHub's Markdown, which CommonMark readers show as well.

Lists and no tables, for CommonMark has none. What is long or accepted is folded by the HTML element for it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from linkwatch.models.rules import ACCEPTED, GROUPS
from linkwatch.report.model import Finding, Recovery, Report
from linkwatch.report.summary import (
    BACK,
    acceptance,
    age,
    also_at,
    evidence,
    grouped,
    headline,
    headline_parts,
    notes,
    totals,
)
from linkwatch.text import place, shortened

MOST_BYTES = 40_000
"""UTF-8 bytes of a report. An issue's body may have 65,536 characters, and who makes one adds lines of their own."""

LONG = 10
"""Findings of a group that are shown unfolded; what is broken always is."""

LONGEST = 600
"""Characters of a text that a stranger may have written, before it is escaped."""

LONGEST_URL = 2_000
"""Characters of an address, as it is written here, that is still made a link: a link that is cut leads elsewhere."""

MOST_PLACES = 5
"""Further links that a finding names."""

_MARKUP = re.compile(
    r"[\\`*_\[\]<&~$]"  # what means something in the middle of a line
    r"|:(?=//)|(?<=www)\.",  # what makes links of bare addresses: one can still be read and copied
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"@|#(?=\d)|GH-(?=\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    number: int
    items: Iterator[str]
    """Written one by one, for there may be more than fit."""

    folded: bool


def render(report: Report) -> str:
    """Render the report as Markdown of at most `MOST_BYTES`, with a line end."""
    before, after = list(_opening(report)), list(_closing(report))
    left_out = len(report.findings) + len(report.recoveries)
    room = MOST_BYTES - sum(map(_size, [*before, *after, _rest(left_out)]))
    blocks: list[str] = []
    for section in _sections(report):
        items = list(_fitting(section.items, room - _size(_framed(section, []))))
        if items:
            blocks.append(_framed(section, items))
            room -= _size(blocks[-1])
            left_out -= len(items)
    if left_out:
        blocks.append(_rest(left_out))
    return "\n\n".join([*before, *blocks, *after]) + "\n"


def _size(block: str) -> int:
    """In bytes, with the empty line after it."""
    return len(block.encode()) + 2


def _rest(left_out: int) -> str:
    return f"… and {left_out:,} more, which are in the JSON and HTML reports."


def _fitting(items: Iterator[str], room: int) -> Iterator[str]:
    """The first items, as many as there is room for, in bytes."""
    for item in items:
        room -= len(item.encode()) + 1
        if room < 0:
            return
        yield item


def _framed(section: _Section, items: Sequence[str]) -> str:
    shown = "\n".join(items)
    if not section.folded:
        return f"### {section.title}\n\n{shown}"
    summary = f"<summary>{section.title} ({section.number:,})</summary>"
    return f"<details>\n{summary}\n\n{shown}\n\n</details>"


def _opening(report: Report) -> Iterator[str]:
    result, _, rest = headline_parts(report)
    yield "## linkwatch"
    yield f"**{_text(result)}**{_text(rest)}"
    if report.run is not None and report.run.incomplete_reason:
        yield f"**Incomplete:** {_text(report.run.incomplete_reason)}"
    for note in notes(report):
        yield f"**Note:** {_text(note)}"


def _sections(report: Report) -> Iterator[_Section]:
    for group, findings in grouped(report.findings):
        folded = group is ACCEPTED or (group is not GROUPS[0] and len(findings) > LONG)
        yield _Section(group.title, len(findings), map(_finding, findings), folded)
    if report.recoveries:
        number = len(report.recoveries)
        yield _Section(BACK, number, map(_recovery, report.recoveries), number > LONG)


def _closing(report: Report) -> Iterator[str]:
    sums = totals(report)
    if sums not in headline(report):
        yield _text(sums)
    if groups := grouped(report.findings):
        yield f"**What to do:** {_text(groups[0][0].hint)}"


def _finding(finding: Finding) -> str:
    where = f"{_text(place(finding.links[0]))} · " if finding.links else ""
    head = f"- **{finding.level}** · {where}{finding.rule}: {_text(finding.message)}"
    texts = (*age(finding), *evidence(finding), *acceptance(finding), *also_at(finding, MOST_PLACES))
    details = [*map(_text, texts), *_links(finding)]
    # A backslash at the end of a line breaks it.
    return f"{head}\\\n  {' · '.join(details)}" if details else head


def _links(finding: Finding) -> Iterator[str]:
    if finding.links:
        yield from _link("open", finding.links[0].url)
    if finding.acknowledged is None:
        for suggestion in finding.suggestions:
            yield from _link(suggestion.text, suggestion.url)


def _recovery(recovery: Recovery) -> str:
    new = " · new" if recovery.new else ""
    since = f"since {recovery.since:%Y-%m-%d %H:%M} UTC{new}"
    return " · ".join([f"- {_text(recovery.item.name)}", since, *_link("open", recovery.item.resource.url)])


def _link(text: str, url: str) -> Iterator[str]:
    """A link to an address of the web, which a list may name without its scheme; none to one that is too long."""
    # Of another scheme it makes a name of a host: nothing that is opened here can run.
    address = url if re.match("https?://", url, re.IGNORECASE) else f"https://{url.lstrip('/')}"
    # What could end the destination is percent-encoded, and without a `;` no `&` begins an entity.
    destination = quote(address, safe="%/:?#@&=+,~", errors="replace")
    if len(destination) <= LONGEST_URL:
        yield f"[{_text(text)}]({destination})"


def _text(text: str) -> str:
    """A text in the middle of a line, as it is, and without calling anybody or linking anything.

    GitHub looks for `@name` and `#1` in what was rendered, where no escape is left; a space without width breaks them.
    """
    return _REFERENCE.sub("\\g<0>\N{ZERO WIDTH SPACE}", _MARKUP.sub(r"\\\g<0>", shortened(text, LONGEST)))
