"""A list that is long is kept in temporary files; nothing that is found or remembered tells it from a short one."""

from dataclasses import replace
from pathlib import Path

import pytest
from databases import rows
from integration.check.harness import (
    DAY,
    INSIDE,
    KEYED,
    KEYLESS,
    MORNING,
    Harness,
    channel_id,
    playlist_id,
    playlists,
    video_id,
    videos,
)

from linkwatch.catalogue.catalogue import Catalogue, catalogue_links
from linkwatch.models.link import Link
from linkwatch.report.formats.json import render
from linkwatch.settings import Settings
from linkwatch.simulator.entities import SimChannel
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.spool import Spool, sequence

KINDS = ["with a key", "without a key", "inside", "on a small budget"]
REMEMBERED = (
    "SELECT kind, youtube_id, state, state_since_at, reason, first_seen_at, last_checked_at, unanswered_at,"
    " last_available_at, strikes, last_strike_at, api, oembed, title, item_count FROM resources ORDER BY 1, 2",
    "SELECT line, url, youtube_id, label, x.first_seen_at FROM links x"
    " LEFT JOIN resources r ON r.id = x.resource_id ORDER BY 1, 3",
    "SELECT youtube_id, attribute, value, x.first_seen_at, last_seen_at FROM spans x"
    " JOIN resources r ON r.id = x.resource_id ORDER BY 1, 2, 4",
    "SELECT youtube_id, x.kind, run_id, at, before, after FROM events x"
    " JOIN resources r ON r.id = x.resource_id ORDER BY 1, 2, 3",
    "SELECT youtube_id, looked_at, due, x.item_count, members FROM looks x"
    " JOIN resources r ON r.id = x.resource_id ORDER BY 1",
    "SELECT * FROM runs ORDER BY id",
    "SELECT * FROM aliases ORDER BY 1",
    "SELECT * FROM quota_days ORDER BY 1",
)
"""What the database holds, but for the numbers of rows: they depend on which answer came first."""


def urls() -> list[str]:
    """Of 12 playlists, 7 videos and a channel by three names, some of them twice, and what can't be asked about."""
    course = [f"https://www.youtube.com/watch?v={video_id(n)}&list={playlist_id(3)}" for n in range(3)]
    named = ["https://www.youtube.com/@grant", f"https://www.youtube.com/channel/{channel_id(1)}"]
    broken = ["https://www.youtube.com/watch?v=short", "https://www.youtube.com/playlist?list=WL"]
    single = [f"https://www.youtube.com/playlist?list={playlist_id(n)}" for n in range(12)]
    return [*single, *course, *named, *broken, *(f"https://youtu.be/{video_id(n)}" for n in range(7)), *single[2:4]]


def listed(at_first: int = 0) -> Catalogue:
    """The list, without its first entries."""
    every = enumerate(urls(), start=2)
    entries = [Link(url, "list.csv", line, 1, f"Course {line}", None, "Channel 1") for line, url in every]
    return catalogue_links(entries[at_first:])


def lived(folder: Path, settings: Settings) -> list[str]:
    """Nine days, with deaths, a brake, an outage and an edited list: all that was reported, and all that is remembered.

    Returns:
        The reports, then the rows of the database at the end.
    """
    folder.mkdir()
    harness = Harness(folder, [*playlists(12), *videos(7), SimChannel(channel_id(1), "Grant", handle="@grant")])
    harness.settings = settings
    left_out = frozenset(playlist_id(n) for n in range(9))
    harness.world.add_faults(
        FaultPeriod(Fault.LEFT_OUT, MORNING + 2 * DAY, MORNING + 3 * DAY, left_out),
        FaultPeriod(Fault.BACKEND_ERROR, MORNING + 4 * DAY, MORNING + 5 * DAY),
    )
    harness.world.delete(playlist_id(5), MORNING + 5 * DAY)
    harness.world.retitle(playlist_id(6), MORNING + 6 * DAY, "Another course")
    told = []
    for day in range(9):
        harness.now = MORNING + day * DAY
        told.append(render(harness.check(catalogue=listed(day // 6), files=["list.csv"])))
    return [*told, *(str(row) for query in REMEMBERED for row in rows(folder / "linkwatch.db", query))]


@pytest.mark.parametrize("settings", [KEYED, KEYLESS, INSIDE, replace(KEYED, quota_per_day=2)], ids=KINDS)
def test_a_long_list_is_told_of_and_remembered_as_a_short_one(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = lived(tmp_path / "short", settings)
    monkeypatch.setattr(sequence, "IN_MEMORY", 4)
    monkeypatch.setattr(sequence, "CHUNK", 3)
    assert isinstance(listed().links, Spool)
    assert not isinstance(listed().links_of, dict)
    assert lived(tmp_path / "long", settings) == short


def test_the_story_has_all_of_it(tmp_path: Path) -> None:
    told = "\n".join(lived(tmp_path / "short", KEYED))
    for word in (
        "stopped by the safety limit",
        "could not be checked",
        "died",
        "Another course",
        "duplicate",
        "malformed",
        "@grant",
    ):
        assert word in told
