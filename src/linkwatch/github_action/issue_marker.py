"""The hidden first line of the rolling issue: whose it is, and what it told of, to be compared with next time."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from linkwatch.models.rules import RULES, Subject
from linkwatch.report.formats.json import JsonFinding

REMEMBERED = 2_000
"""Fingerprints an issue holds: 12 characters each, of the 65,536 that a body may have."""

_DIGITS = 12
_MARKER = re.compile(r"<!-- linkwatch:issue scope=([0-9a-f]{16}) found=([0-9a-f]*) -->")


@dataclass(frozen=True, slots=True)
class Marker:
    """What the hidden line says."""

    scope: str
    """16 hexadecimal digits: two workflows in one repository, about other lists, have other issues."""

    found: frozenset[str]
    """Fingerprints; of more than `REMEMBERED` the lowest."""

    def __str__(self) -> str:
        """The line."""
        return f"<!-- linkwatch:issue scope={self.scope} found={''.join(sorted(self.found)[:REMEMBERED])} -->"

    def news(self, found: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
        """What is found now and was not then, and what was found then and is not now.

        Of an issue that could not remember all, only what is within the range that it remembers can be told.
        """
        last = max(self.found) if len(self.found) >= REMEMBERED else "g"  # behind every hexadecimal digit
        return frozenset(each for each in found if each <= last) - self.found, self.found - frozenset(found)


def read_marker(body: str | None) -> Marker | None:
    """The marker in the body of an issue; None when it is none of ours."""
    match = _MARKER.search(body or "")
    if match is None:
        return None
    scope, found = match.groups()
    return Marker(scope, frozenset(found[at : at + _DIGITS] for at in range(0, len(found), _DIGITS)))


def scope_of(lists: Sequence[str], folder: str) -> str:
    """The scope of these lists, as the workflow names them, in this folder of the repository."""
    return blake2b("\n".join([folder, *sorted(lists)]).encode("utf-8", "replace"), digest_size=8).hexdigest()


def by_fingerprint(findings: Iterable[JsonFinding]) -> Mapping[str, JsonFinding]:
    """The findings, by what stays the same for as long as it is the same finding, wherever its lines move."""
    return {_fingerprint(finding): finding for finding in findings}


def _fingerprint(finding: JsonFinding) -> str:
    rule = RULES[finding.rule]
    entry = [finding.links[0].file, finding.message] if rule.subject is Subject.LINK and finding.links else []
    other = [str(finding.evidence.get(key)) for key in rule.identity]
    return fingerprint_of(finding.rule, finding.kind, finding.id, *entry, *other)


def fingerprint_of(*what: str | None) -> str:
    """The fingerprint of a rule, a kind and an id (and of what tells two entries apart)."""
    text = "\n".join(each or "" for each in what)
    return blake2b(text.encode("utf-8", "replace"), digest_size=_DIGITS // 2).hexdigest()
