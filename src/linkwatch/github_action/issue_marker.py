"""The hidden first line of the rolling issue: which lists it is about, and the findings that it has reported."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from linkwatch.models.rules import RULES, Subject, named_rule
from linkwatch.report.formats.json import JsonFinding, JsonReport
from linkwatch.report.model import finding_fingerprint

CAPACITY = 2_000
"""Fingerprints that a marker holds: 12 characters each, of the 65,536 that the body of an issue may have."""

_DIGITS = 12
_MARKER = re.compile(r"<!-- linkwatch:issue scope=([0-9a-f]{16}) found=([0-9a-f]*)(?: v=([0-9]+))? -->")
_VERSION = 2


@dataclass(frozen=True, slots=True)
class Marker:
    """What the hidden line holds."""

    scope: str
    """16 hexadecimal digits: two workflows of one repository that check different lists have different issues."""

    fingerprints: frozenset[str]
    """Those of the reported findings; of more than `CAPACITY` the lowest."""

    version: int = _VERSION
    """1, of linkwatch 0.1: the fingerprints of rules that examine each link are made of messages, and match none."""

    def __str__(self) -> str:
        """The line."""
        fingerprints = "".join(sorted(self.fingerprints)[:CAPACITY])
        return f"<!-- linkwatch:issue scope={self.scope} found={fingerprints} v={_VERSION} -->"

    def changes(self, fingerprints: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Those that are new, and those that are no longer there.

        Beyond the capacity of the marker only what lies in the range that it covers can be compared.
        """
        is_full = len(self.fingerprints) >= CAPACITY
        last = max(self.fingerprints) if is_full else "g"  # after every hexadecimal digit
        return (
            frozenset(each for each in fingerprints if each <= last) - self.fingerprints,
            self.fingerprints - frozenset(fingerprints),
        )

    def upgraded(self, report: JsonReport) -> "Marker":
        """The marker of this version.

        Of version 1 the fingerprints that can be of a resource of the report are kept, and its findings about single
        links are taken for reported: which of them were, can't be known, and a wrong “new” would be worse.
        """
        if self.version >= _VERSION:
            return self
        comparable = {
            fingerprint_of_resource(rule, resource.kind, resource.id)
            for resource in report.resources
            for rule in RULES
            if RULES[rule].subject is not Subject.LINK
        }
        by_link = {
            fingerprint
            for fingerprint, finding in findings_by_fingerprint(report.findings).items()
            if named_rule(finding.rule).subject is Subject.LINK
        }
        return Marker(self.scope, (self.fingerprints & comparable) | by_link)


def read_marker(body: str | None) -> Marker | None:
    """The marker in the body of an issue; None when the issue is not ours."""
    match = _MARKER.search(body or "")
    if match is None:
        return None
    scope, digits, version = match.groups()
    fingerprints = frozenset(digits[at : at + _DIGITS] for at in range(0, len(digits), _DIGITS))
    return Marker(scope, fingerprints, int(version or 1))


def issue_scope(lists: Sequence[str], folder: str) -> str:
    """The scope of these lists, as the workflow names them, in this folder of the repository."""
    return blake2b("\n".join([folder, *sorted(lists)]).encode("utf-8", "replace"), digest_size=8).hexdigest()


def findings_by_fingerprint(findings: Iterable[JsonFinding]) -> Mapping[str, JsonFinding]:
    """The findings by their fingerprints."""
    return {_fingerprint(finding): finding for finding in findings}


def _fingerprint(finding: JsonFinding) -> str:
    # The links of a JSON report have no URL; the evidence distinguishes two links of one label.
    named = finding.evidence.get("url", finding.evidence.get("playlist", ""))
    link = (finding.links[0].file, str(named), finding.links[0].label) if finding.links else ()
    return finding_fingerprint(
        named_rule(finding.rule), finding.kind, finding.id, link=link, evidence=finding.evidence, digits=_DIGITS
    )


def fingerprint_of_resource(rule: str, kind: str, id_: str) -> str:
    """The fingerprint of a rule that examines a resource by itself."""
    return finding_fingerprint(RULES[rule], kind, id_, digits=_DIGITS)
