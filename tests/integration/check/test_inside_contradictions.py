"""Weeks of listings that contradict themselves, held against what is true: no departure that did not happen."""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest
from integration.check.harness import DAY, HOUR, INSIDE, Harness, channel_id, playlist_id, video_id

from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import StoredMemberChange
from linkwatch.models.resource import Kind, Resource
from linkwatch.simulator.entities import DEFAULT_CHANNEL, SimChannel, SimPlaylist, SimVideo
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.options import Options
from linkwatch.store.playlists import load_last_inspections, load_member_changes, load_members

DAYS, QUIET = 40, 16
"""All in all, and how many of them at the end nothing happens and nothing is wrong."""

COURSES = 8
DEPARTURES = (MemberChangeKind.REMOVED, MemberChangeKind.MADE_PRIVATE, MemberChangeKind.DELETED)
LISTING_FAULTS = (
    Fault.TOKEN_MISSING,
    Fault.PAGES_OVERLAP,
    Fault.ITEM_MISSING,
    Fault.SNIPPET_MISSING,
    Fault.SAME_ID,
    Fault.TOTALS_DIFFER,
    Fault.TOKEN_REPEATED,
)


@dataclass
class Weeks:
    """Courses and an uploads list, what truly leaves them, and what is reported."""

    folder: Path
    seed: int
    left: dict[tuple[str, str], MemberChangeKind] = field(default_factory=dict)
    """By playlist and video: how it left; what left stays away."""

    missed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many good inspections have not reported a departure."""

    known: set[tuple[str, str]] = field(default_factory=set)
    """All that were members once."""

    reported: dict[tuple[str, str], MemberChangeKind] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)
    """Playlists whose listing or count is wrong today."""

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311  # the same weeks every time
        listed, included, hidden, gaps, empty_page = (bool(self.seed >> bit & 1) for bit in range(5))
        self.options = Options(
            dead_items_listed=listed,
            item_count_includes_dead=included,
            totals_count_hidden=hidden,
            hidden_items_leave_gaps=gaps,
            empty_last_page=empty_page,
            uploads_window=60,
            private_oembed_status=403,
        )
        self.next_video = 0
        self.owner = SimChannel(channel_id(1), "Uploads")
        self.uploads = "UU" + self.owner.id[2:]
        made = [
            SimPlaylist(playlist_id(number), f"Course {number}", video_ids=[self._unused() for _ in range(size)])
            for number, size in enumerate(self.random.choices([5, 22, 49, 50, 51, 100, 101, 120], k=COURSES))
        ]
        of_courses = self.next_video
        uploaded = [lecture(number, self.owner.id) for number in range(of_courses, of_courses + 70)]
        self.next_video += 70
        self.first_upload = video_id(self.next_video)
        self.ids = [each.id for each in made]
        self.harness = Harness(
            self.folder,
            [self.owner, *made, *(lecture(number) for number in range(of_courses)), *uploaded],
            [*self.ids, self.uploads],
            settings=replace(INSIDE, calls_in_flight=1, oembed_in_flight=1),
            options=self.options,
        )
        self.world = self.harness.world

    def _unused(self) -> str:
        self.next_video += 1
        return video_id(self.next_video - 1)

    # What happens, and what goes wrong

    def pass_a_night(self) -> None:
        """Some of what happens before the next check, and the faults of that check."""
        at = self.harness.now + DAY - 6 * HOUR
        for course in self.random.sample(self.ids, self.random.choice([0, 1, 2])):
            self._change(course, at)
        for _ in range(self.random.choice([0, 1, 2])):
            self.world.add(lecture(self.next_video, self.owner.id))
            self.next_video += 1
        since, until = at + 5 * HOUR, at + 7 * HOUR
        wavering = frozenset(self.random.sample(self.ids, 2))
        self.world.add_faults(FaultPeriod(Fault.ITEM_COUNT_WAVERS, since, until, ids=wavering))
        self.faulty = {each for each in [*self.ids, self.uploads] if self.random.random() < 0.5}
        for playlist in sorted(self.faulty):
            fault = self.random.choice(LISTING_FAULTS)
            self.world.add_faults(FaultPeriod(fault, since, until, ids=frozenset({playlist})))
        self.faulty |= wavering

    def _change(self, course: str, at: datetime) -> None:
        playlist = self.world.at(at).playlist(course)
        assert playlist is not None
        inside = list(playlist.video_ids)
        living = [video for video in inside if (course, video) not in self.left]
        chosen = self.random.choice(living)
        how = self.random.choice([None, None, *DEPARTURES, MemberChangeKind.REMOVED])
        if how is not None and len(living) > 2:
            self.left[course, chosen] = how
        match how:
            case None:
                inside.insert(self.random.randint(0, len(inside)), self._unused())
                self.world.add(lecture(self.next_video - 1))
            case MemberChangeKind.REMOVED if len(living) > 2:
                inside.remove(chosen)
            case MemberChangeKind.DELETED if len(living) > 2:
                self.world.delete(chosen, at)
            case MemberChangeKind.MADE_PRIVATE if len(living) > 2:
                self.world.make_private(chosen, at)
        self.world.change(course, at, video_ids=tuple(inside))

    # What must be reported

    def check(self) -> None:
        """Check, and hold what is reported against the truth."""
        members = self._members()
        self.harness.check(after=DAY)
        with self.harness.database.read() as connection:
            changes = load_member_changes(connection, self.harness.now)
            last = load_last_inspections(connection)
        for playlist, some in changes.items():
            for each in some:
                self._hold(playlist.id, each)
        for key in self.left.keys() - self.reported.keys():
            inspected = last.get(Resource(Kind.PLAYLIST, key[0]))
            if key in members and inspected and inspected.inspected_at == self.harness.now:
                self.missed[key] += key[0] not in self.faulty
                assert self.missed[key] < 2, f"{key}: {self.left[key]} is not reported"

    def _hold(self, playlist: str, each: StoredMemberChange) -> None:
        key = (playlist, each.member.video_id)
        if playlist == self.uploads:
            assert each.change is MemberChangeKind.ADDED
            assert each.member.video_id >= self.first_upload, "it was uploaded long ago"
        elif each.change in DEPARTURES:
            assert self.left.get(key) is each.change, f"{key}: {each.change}, though {self.left.get(key)}"
            assert key not in self.reported, f"{key}: reported twice"
            self.reported[key] = each.change
        assert each.change is not MemberChangeKind.RETURNED

    def _members(self) -> set[tuple[str, str]]:
        """The playlists and videos that are stored as members."""
        playlists = [Resource(Kind.PLAYLIST, id_) for id_ in [*self.ids, self.uploads]]
        with self.harness.database.read() as connection:
            stored = load_members(connection, playlists)
        return {(playlist.id, member.video_id) for playlist, some in stored.items() for member in some.members}

    def hold_end(self) -> None:
        """After days without trouble what is stored is what is true."""
        expected = {(self.uploads, video) for video in self.world.at(self.harness.now).public_videos(self.owner.id)}
        stored = self._members()
        assert {key for key in stored if key[0] == self.uploads} <= expected
        for course in self.ids:
            playlist = self.world.at(self.harness.now).playlist(course)
            assert playlist is not None
            listed = {
                (course, video)
                for video in playlist.video_ids
                if self.options.dead_items_listed or (course, video) not in self.left
            }
            assert {key for key in stored if key[0] == course} == listed
        assert not {key for key in self.left.keys() - self.reported.keys() if key in self.known}


def lecture(number: int, channel: str = DEFAULT_CHANNEL.id) -> SimVideo:
    """A numbered lecture; its title is like no other."""
    return SimVideo(video_id(number), random.Random(number).randbytes(9).hex(), channel)  # noqa: S311  # the same title


@pytest.mark.long
@pytest.mark.parametrize("seed", range(0, 32, 3))
def test_no_departure_is_reported_that_did_not_happen_and_every_true_one_is(seed: int, tmp_path: Path) -> None:
    weeks = Weeks(tmp_path, seed)
    for day in range(DAYS):
        weeks.check()
        weeks.known |= weeks._members()
        weeks.faulty = set()
        if day < DAYS - QUIET:
            weeks.pass_a_night()
    weeks.hold_end()
    assert len(weeks.reported) > 5
