"""The text of the issue and of the comments, in Markdown; text of others is in code spans, without markup."""

from collections.abc import Collection, Iterator, Sequence

from linkwatch.github_action.issue_marker import findings_by_fingerprint, fingerprint_of_resource
from linkwatch.models.rules import RULES
from linkwatch.report.formats.json import JsonFinding, JsonReport, JsonResource
from linkwatch.text import counted, visible

MAX_BODY_LENGTH = 65_536
"""GitHub's limit for the body of an issue, in characters."""

MAX_LISTED = 20
"""Lines of a comment for new findings, and as many for those that are resolved."""

_MAX_LINE_LENGTH = 300
"""Characters of a line: a title may be of any length."""


def issue_title(lists: Sequence[str]) -> str:
    """The title of the issue about these lists."""
    named = visible(", ".join(lists))
    return f"Broken YouTube links: {named if len(named) <= 100 else named[:99] + '…'}".removesuffix(": ")


def issue_body(marker: str, markdown: str, run_url: str) -> str:
    """The whole issue: the marker, an introduction, and as many lines of the report as fit."""
    head = (
        f"{marker}\nlinkwatch maintains this issue: each check rewrites it ([the last one]({run_url})), comments on "
        "changes, and closes it when no link is broken.\n\n"
    )
    if len(head) + len(markdown) > MAX_BODY_LENGTH:
        markdown = markdown[: MAX_BODY_LENGTH - len(head)].rpartition("\n")[0]
    return head + markdown


def change_comment(new: Sequence[JsonFinding], resolved: Collection[str], report: JsonReport, run_url: str) -> str:
    """The comment about new findings, and those that are resolved, acknowledged or of a lower level."""
    parts = []
    if new:
        parts.append(_section(f"**{len(new)} new**", [_finding(finding) for finding in new]))
    if resolved:
        parts.append(_section(f"**{len(resolved)} no longer open**", list(_resolved(resolved, report))))
    return "\n\n".join([*parts, f"[The check]({run_url})"])


def closing_comment(resolved: Collection[str], report: JsonReport, run_url: str) -> str:
    """The comment that closes the issue."""
    return "No link is broken any more: closed.\n\n" + change_comment([], resolved, report, run_url)


def pull_request_comment(marker: str, findings: Sequence[JsonFinding], run_url: str, *, complete: bool) -> str:
    """The comment on a pull request: the marker, what there is to correct, worst first, and the check."""
    check = f"[The check]({run_url}) has the whole report. linkwatch rewrites this comment at each check."
    if findings:
        count = counted(len(findings), "problem")
        heading = f"**{count} with the YouTube links of this pull request**"
        parts = [_section(heading, [f"{finding.level}: {_finding(finding)}" for finding in findings])]
    elif complete:
        parts = ["**No problem with the YouTube links of this pull request**"]
    else:
        parts = []
    if not complete:
        parts.append("The check is incomplete: YouTube did not answer about every link, which says nothing about them.")
    return "\n\n".join([marker, *parts, check])


def _section(heading: str, lines: Sequence[str]) -> str:
    more = [f"- … and {len(lines) - MAX_LISTED} more"] if len(lines) > MAX_LISTED else []
    return "\n".join([heading, "", *(f"- {line}" for line in lines[:MAX_LISTED]), *more])


def _finding(finding: JsonFinding) -> str:
    place = f"{_code(f'{finding.links[0].file}:{finding.links[0].line}')} " if finding.links else ""
    return f"{place}**{finding.rule}** {_code(finding.message)}"


def _resolved(resolved: Collection[str], report: JsonReport) -> Iterator[str]:
    """What is acknowledged or has a lower level, and what is no longer found, by name if it is still listed."""
    still = {each: finding for each, finding in findings_by_fingerprint(report.findings).items() if each in resolved}
    for finding in still.values():
        yield f"{_finding(finding)}: {'acknowledged' if finding.acknowledged else f'now a {finding.level}'}"
    unnamed = set(resolved) - still.keys()
    for resource in report.resources:
        for rule in RULES:
            if (fingerprint := fingerprint_of_resource(rule, resource.kind, resource.id)) in unnamed:
                unnamed.discard(fingerprint)
                yield f"**{rule}** {_code(_name(resource))}: {resource.state}"
    if unnamed:
        yield f"{len(unnamed)} corrected, or removed from the lists"


def _name(resource: JsonResource) -> str:
    label = next((link.label for link in resource.links if link.label), None)
    return f"{resource.kind} {resource.title or label or resource.id}"


def _code(text: str) -> str:
    """Put text in a code span: mentions, references, links and HTML have no effect in it."""
    shown = visible(text).replace("`", "'")
    return f"`{shown if len(shown) <= _MAX_LINE_LENGTH else shown[: _MAX_LINE_LENGTH - 1] + '…'}`"
