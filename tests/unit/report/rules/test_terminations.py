"""A terminated channel is one finding, with the links of all that went with it."""

from datetime import datetime

import pytest
from msgspec.structs import replace
from unit.report.builders import (
    CHANNEL,
    OTHER,
    PLAYLIST,
    RUN_AT,
    VIDEO,
    YESTERDAY,
    entry,
    found,
    missing,
    report_of,
)

from linkwatch.acknowledgements.matching import active_acknowledgements
from linkwatch.models import rules
from linkwatch.models.acknowledgement import UNDATED, Acknowledgement
from linkwatch.models.observation import Facts, Reason, ResourceRecord, State
from linkwatch.models.resource import Kind
from linkwatch.report.acknowledgements import apply_acknowledgements
from linkwatch.report.formats import csv, junit


def terminated(
    title: str | None = "Calculus 3", *, since: datetime = RUN_AT, owner: str | None = "Tim"
) -> ResourceRecord:
    record = missing(State.UNAVAILABLE, reason=Reason.TERMINATED, since=since)
    return replace(record, facts=Facts(title=title, owner_id=CHANNEL.id, owner_title=owner))


ITSELF = replace(terminated("Tim"), facts=Facts(title="Tim"))
BOTH = {PLAYLIST: terminated(), OTHER: terminated()}
PURGED = {PLAYLIST: terminated(owner=None), OTHER: terminated(owner=None)}


def test_it_is_reported_once_with_the_links_of_all() -> None:
    links = [entry(PLAYLIST, line=4), entry(VIDEO, line=5), entry(OTHER, line=6, file="other.md")]
    (dead,) = found(
        report_of(links, {PLAYLIST: terminated(), VIDEO: terminated(None), OTHER: terminated()}), rules.DEAD
    )
    assert (
        dead.message
        == "channel “Tim” was terminated: 3 of its playlists and videos are unavailable (last seen 2026-11-21)"
    )
    assert (dead.kind, dead.id, list(dead.links)) == (Kind.CHANNEL, CHANNEL.id, links)
    assert (dead.since, dead.new) == (RUN_AT, True)
    assert dead.evidence == {
        "channel": {"id": CHANNEL.id, "title": "Tim"},
        "resources": [
            {"kind": "playlist", "id": PLAYLIST.id, "title": "Calculus 3"},
            {"kind": "video", "id": VIDEO.id, "title": None},
            {"kind": "playlist", "id": OTHER.id, "title": "Calculus 3"},
        ],
        "last_available": YESTERDAY,
    }


@pytest.mark.parametrize(
    ("records", "message"),
    [
        pytest.param(
            BOTH,
            "channel “Tim” was terminated: 2 of its playlists are unavailable",
            id="playlists",
        ),
        pytest.param(
            {CHANNEL: ITSELF, VIDEO: terminated()},
            "channel “Tim” was terminated: 1 of its videos is unavailable",
            id="with the channel",
        ),
        pytest.param({CHANNEL: ITSELF}, "channel “Tim” was terminated", id="the channel alone"),
        pytest.param(
            PURGED,
            f"channel {CHANNEL.id} was terminated: 2 of its playlists are unavailable",
            id="purged",
        ),
        pytest.param(
            {PLAYLIST: terminated()},
            "playlist “Calculus 3” is no longer available: its channel was terminated",
            id="one of it",
        ),
    ],
)
def test_the_message_says_what_went_with_the_channel(records: dict, message: str) -> None:  # type: ignore[type-arg]
    links = [entry(each, line=line) for line, each in enumerate(records, start=2)]
    (dead,) = report_of(links, records).findings
    assert dead.message == f"{message} (last seen 2026-11-21)"


def test_each_resource_keeps_its_state_and_reason() -> None:
    report = report_of([entry(PLAYLIST), entry(OTHER, line=2)], BOTH)
    states = [(item.state, item.record and item.record.reason) for item in report.resources]
    assert states == [(State.UNAVAILABLE, Reason.TERMINATED)] * 2
    assert report.counts.states[State.UNAVAILABLE] == 2


def test_what_goes_later_makes_it_new_again() -> None:
    links = [entry(PLAYLIST), entry(OTHER, line=2)]
    old = report_of(links, {PLAYLIST: terminated(since=YESTERDAY), OTHER: terminated(since=YESTERDAY)})
    later = report_of(links, {PLAYLIST: terminated(since=YESTERDAY), OTHER: terminated()})
    assert [report.findings[0].new for report in (old, later)] == [False, True]


def test_resources_of_two_channels_are_two_findings() -> None:
    other = replace(terminated(), facts=Facts(title="B", owner_id="UC0simulated0somebody0wA", owner_title="Tom"))
    report = report_of([entry(PLAYLIST), entry(OTHER, line=2)], {PLAYLIST: terminated(), OTHER: other})
    assert [finding.id for finding in report.findings] == [PLAYLIST.id, OTHER.id]


@pytest.mark.parametrize(
    ("ids", "covered"),
    [([CHANNEL.id], True), ([PLAYLIST.id, OTHER.id], True), ([PLAYLIST.id], False), ([], False)],
    ids=["the channel", "each resource", "one of two", "none"],
)
def test_it_is_acknowledged_by_the_channel_or_by_all_that_went(ids: list[str], covered: bool) -> None:
    report = report_of([entry(PLAYLIST), entry(OTHER, line=2)], BOTH)
    acks = [Acknowledgement(id_, rules.DEAD, "known", UNDATED) for id_ in ids]
    report = apply_acknowledgements(report, active_acknowledgements(acks, report.generated_at, UNDATED))
    assert (report.findings[0].acknowledged is not None) is covered


def test_formats_with_a_row_for_each_resource_show_it_with_each() -> None:
    """The channel itself is not listed, so it has no row: what went with it must not pass for sound."""
    report = report_of([entry(PLAYLIST), entry(OTHER, line=2)], BOTH)
    assert junit.render(report).count("<failure") == 2
    assert csv.render(report).count("was terminated") == 2
