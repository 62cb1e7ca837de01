"""A query names what is kept."""

from dataclasses import replace

import pytest
from unit.report.builders import CHANNEL, MALFORMED, OTHER, PLAYLIST, VIDEO, entry, living, missing, report_of

from linkwatch.models import rules
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.observation import Reason, State
from linkwatch.models.rules import Level
from linkwatch.report.model import Report
from linkwatch.web.filters import parse_finding_filter, parse_resource_filter


def report() -> Report:
    links = [
        entry(PLAYLIST, "Calculus 3", file="one.md", section="Analysis > Straße", owner="Leonard"),
        entry(VIDEO, "Optimization", file="two.md"),
        entry(OTHER, file="two.md", line=2),
        entry(CHANNEL, file="two.md", line=3),
        entry(MALFORMED, file="two.md", line=4),
    ]
    known = {
        PLAYLIST: living("Vector calculus", owner="Professor Leonard"),
        VIDEO: missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND),
        OTHER: living("Essence", owner="3Blue1Brown"),
    }
    return report_of(links, known)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({}, {PLAYLIST, VIDEO, OTHER, CHANNEL}),
        ({"state": "available"}, {PLAYLIST, OTHER}),
        ({"state": "unknown"}, {CHANNEL}),
        ({"kind": "video"}, {VIDEO}),
        ({"rule": "dead"}, {VIDEO}),
        ({"file": "one.md"}, {PLAYLIST}),
        ({"q": " CALCULUS "}, {PLAYLIST, VIDEO}),
        ({"q": "strasse"}, {PLAYLIST}),
        ({"q": "3blue1"}, {OTHER}),
        ({"q": CHANNEL.id[4:]}, {CHANNEL}),
        ({"q": "calculus", "kind": "playlist", "state": "available"}, {PLAYLIST}),
        ({"q": "calculus", "state": "suspect"}, set()),
        ({"state": "nonsense", "kind": "", "rule": "<b>"}, {PLAYLIST, VIDEO, OTHER, CHANNEL}),
    ],
)
def test_resources_are_kept_by_all_that_is_asked(query: dict[str, str], kept: set[object]) -> None:
    asked, whole = parse_resource_filter(query), report()
    found = {
        item.resource
        for item in whole.resources
        if asked.keeps(item, [f for f in whole.findings if f.id == item.resource.id])
    }
    assert found == kept


def test_a_finding_that_is_accepted_is_none_to_filter_by() -> None:
    whole = report()
    ack = Acknowledgement(VIDEO.id, rules.DEAD, "we know", whole.generated_at)
    item = next(item for item in whole.resources if item.resource == VIDEO)
    accepted = [replace(f, acknowledged=ack) for f in whole.findings if f.rule is rules.DEAD]
    assert not parse_resource_filter({"rule": "dead"}).keeps(item, accepted)


def test_findings_are_kept_by_all_that_is_asked() -> None:
    findings = report().findings
    dead = next(finding for finding in findings if finding.rule is rules.DEAD)
    assert parse_finding_filter({"level": "error", "rule": "dead", "list": "x"}).keeps(dead, "x")
    assert not parse_finding_filter({"list": "x"}).keeps(dead, "y")
    assert not parse_finding_filter({"level": "warning"}).keeps(dead, "x")
    assert not parse_finding_filter({"rule": "malformed"}).keeps(dead, "x")
    assert not parse_finding_filter({"new": "1"}).keeps(replace(dead, new=False), "x")
    assert parse_finding_filter({"new": "yes", "level": "nonsense"}).keeps(replace(dead, new=False), "x")
    assert parse_finding_filter({"level": "error"}).level is Level.ERROR
