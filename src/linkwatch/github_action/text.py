"""What the rolling issue says, in Markdown; what comes from outside stands in code spans, where nothing is markup."""

from collections.abc import Collection, Iterator, Sequence

from linkwatch.github_action.issue_marker import by_fingerprint, fingerprint_of_resource
from linkwatch.models.rules import RULES
from linkwatch.report.formats.json import JsonFinding, JsonReport, JsonResource
from linkwatch.text import visible

LONGEST = 65_536
"""Characters that GitHub takes for the body of an issue."""

TOLD = 20
"""Lines of a comment for what is new, and as many for what is gone."""

_WIDEST = 300
"""Characters of a line: a title may have any number."""


def title(lists: Sequence[str]) -> str:
    """The title of the issue about these lists."""
    named = visible(", ".join(lists))
    return f"Broken YouTube links: {named if len(named) <= 100 else named[:99] + '…'}".removesuffix(": ")


def body(marker: str, markdown: str, run_url: str) -> str:
    """The whole issue: the marker, what it is, and as many lines of the report as there is room for."""
    head = (
        f"{marker}\nlinkwatch keeps this issue: each check rewrites it ([the last one]({run_url})), a comment tells "
        "what changed, and it closes when nothing is left.\n\n"
    )
    if len(head) + len(markdown) > LONGEST:
        markdown = markdown[: LONGEST - len(head)].rpartition("\n")[0]
    return head + markdown


def change(new: Sequence[JsonFinding], gone: Collection[str], report: JsonReport, run_url: str) -> str:
    """The comment about what is broken since the last time, and what is not any more, or is accepted."""
    parts = []
    if new:
        parts.append(_section(f"**{len(new)} new**", [_finding(finding) for finding in new]))
    if gone:
        parts.append(_section(f"**{len(gone)} no longer open**", list(_gone(gone, report))))
    return "\n\n".join([*parts, f"[The check]({run_url})"])


def all_well(gone: Collection[str], report: JsonReport, run_url: str) -> str:
    """The comment that closes the issue."""
    return "Nothing is left: closed.\n\n" + change([], gone, report, run_url)


def _section(heading: str, lines: Sequence[str]) -> str:
    more = [f"- … and {len(lines) - TOLD} more"] if len(lines) > TOLD else []
    return "\n".join([heading, "", *(f"- {line}" for line in lines[:TOLD]), *more])


def _finding(finding: JsonFinding) -> str:
    place = f"{_code(f'{finding.links[0].file}:{finding.links[0].line}')} " if finding.links else ""
    return f"{place}**{finding.rule}** {_code(finding.message)}"


def _gone(gone: Collection[str], report: JsonReport) -> Iterator[str]:
    """What is accepted, or weighs less now; and what is no longer found, by name where the lists still have it."""
    still = {each: finding for each, finding in by_fingerprint(report.findings).items() if each in gone}
    for finding in still.values():
        yield f"{_finding(finding)}: {'known and accepted' if finding.acknowledged else f'a {finding.level} now'}"
    unnamed = set(gone) - still.keys()
    for resource in report.resources:
        for rule in RULES:
            if (fingerprint := fingerprint_of_resource(rule, resource.kind, resource.id)) in unnamed:
                unnamed.discard(fingerprint)
                yield f"**{rule}** {_code(_name(resource))}: {resource.state}"
    if unnamed:
        yield f"{len(unnamed)} corrected, or taken out of the lists"


def _name(resource: JsonResource) -> str:
    label = next((link.label for link in resource.links if link.label), None)
    return f"{resource.kind} {resource.title or label or resource.id}"


def _code(text: str) -> str:
    """A code span: no mention, reference, link or HTML is one in it."""
    shown = visible(text).replace("`", "'")
    return f"`{shown if len(shown) <= _WIDEST else shown[: _WIDEST - 1] + '…'}`"
