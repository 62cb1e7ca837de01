"""A third of a year inside some dozens of courses: every look is held against the world's own truth."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from integration.check.harness import DAY, HOUR, INSIDE, MORNING, Harness, playlist_id, run_of, video_id

from linkwatch.models.observation import Member, MemberState, State
from linkwatch.models.playlist import MemberChangeKind, MemberKey
from linkwatch.models.records import LastInspection, StoredMemberChange
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.model import Report
from linkwatch.settings import InspectMode
from linkwatch.simulator.entities import SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface
from linkwatch.simulator.options import Options
from linkwatch.store.overlaps import load_overlapping
from linkwatch.store.playlists import load_last_inspections, load_member_changes, load_members

DAYS, QUIET = 120, 15
"""All in all, and how many of them at the end nothing happens and the sun shines."""

NIGHT = 6 * HOUR
"""What happens, happens so long before a check."""

COURSES = 16
STATES = {
    Visibility.PUBLIC: MemberState.AVAILABLE,
    Visibility.PRIVATE: MemberState.PRIVATE,
    Visibility.DELETED: MemberState.DELETED,
}
TURNS = {
    MemberState.AVAILABLE: MemberChangeKind.RETURNED,
    MemberState.PRIVATE: MemberChangeKind.MADE_PRIVATE,
    MemberState.DELETED: MemberChangeKind.DELETED,
}
EXITS = TURNS | {MemberState.AVAILABLE: MemberChangeKind.REMOVED}
FREE = {Fault.QUOTA_EXCEEDED, Fault.CONNECT_TIMEOUT}
"""YouTube does not charge for these, and we have booked the unit before we know."""


class Place(NamedTuple):
    """What is true of one place in a course."""

    position: int
    state: MemberState
    title: str


class Seen(NamedTuple):
    """What a good look must have seen."""

    places: dict[MemberKey, Place]
    items: int
    title: str


@dataclass
class Months:
    """A harness full of courses; what happens to them, and what the last good look at each must have seen."""

    folder: Path
    seed: int
    seen: dict[str, Seen] = field(default_factory=dict)
    restless: set[str] = field(default_factory=set)
    """Courses that change under the reader today, before their second page."""

    scheduled: set[tuple[str, MemberKey]] = field(default_factory=set)
    """By course: what was private when it came, and has been since, as if it were to be published later."""

    told: Counter[MemberChangeKind] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.lot = random.Random(self.seed)  # noqa: S311  # the same months every time
        self.options = Options(
            dead_items_listed=self.seed % 2 == 0,
            item_count_includes_dead=self.seed % 3 != 1,
            private_oembed_status=(401, 403, 404)[self.seed % 3],
        )
        self.quota = (1000, 60, 100)[self.seed % 3]
        self.videos = 1
        courses = list(self._courses())
        self.harness = Harness(
            self.folder,
            [*courses, *(lecture(number) for number in range(self.videos))],
            [course.id for course in courses],
            # One call at a time, so that a seed always fares the same.
            settings=replace(
                INSIDE,
                inside=InspectMode.FULL if self.seed % 5 == 3 else InspectMode.MEMBERS,
                quota_per_day=self.quota,
                calls_in_flight=1,
                oembed_in_flight=1,
            ),
            options=self.options,
            youtube_quota=self.quota,
        )
        self.world = self.harness.world
        self.ids = [course.id for course in courses]

    def _courses(self) -> Iterator[SimPlaylist]:
        """Of 5 to 120 lectures, with the same welcome; every fifth shares most of the one before it."""
        before: list[str] = []
        for number in range(COURSES):
            inside = [self._unused() for _ in range(self.lot.choice([4, 7, 12, 20, 30, 48, 49, 50, 70, 99, 119]))]
            if number % 5 == 4:
                inside = before[: len(before) * 4 // 5] + inside[: 1 + len(before) // 6]
            before = inside
            yield SimPlaylist(playlist_id(number), f"Course {number}", video_ids=[video_id(0), *inside])

    def _unused(self) -> str:
        self.videos += 1
        return video_id(self.videos - 1)

    # What happens

    def happen(self) -> None:
        """Some of what happens in a night."""
        at = self.harness.now + DAY - NIGHT
        for _ in range(self.lot.choice([0, 1, 2, 3, 5])):
            self._to_a_lecture(self.lot.choice(self.ids), at)
        if self.lot.random() < 0.15:
            self._to_a_course(self.lot.choice(self.ids), at)
        self.restless = set(self.lot.sample(self.ids, 3))

    def _to_a_lecture(self, course: str, at: datetime) -> None:
        inside = self._inside(course, at)
        chosen = self.lot.choice(inside) if inside else self._new(at)
        match self.lot.choice(["in", "in", "out", "out", "deleted", "private", "back", "back", "moved", "like", "new"]):
            case "in":
                inside.insert(self.lot.randint(0, len(inside)), self._new(at))
            case "out":
                inside.remove(chosen)
            case "deleted":
                self.world.delete(chosen, at)
            case "private":
                self.world.make_private(chosen, at)
            case "back":
                self._bring_one_back(inside, at)
            case "moved":
                inside.remove(chosen)
                inside.insert(self.lot.randint(0, len(inside)), chosen)
            case "like":
                inside[inside.index(chosen)] = self._new(at, f"{self._title(chosen, at)}, filmed anew")
            case "new":
                self.world.retitle(chosen, at, f"{self._title(chosen, at)} (again)")
                self.world.change(chosen, at, blocked=self.lot.choice([(), ("DE",)]))
        self.world.change(course, at, video_ids=tuple(inside))

    def _bring_one_back(self, inside: list[str], at: datetime) -> None:
        dead = [id_ for id_ in inside if self._state(id_, at) is not MemberState.AVAILABLE]
        if dead:
            self.world.bring_back(self.lot.choice(dead), at)

    def _to_a_course(self, course: str, at: datetime) -> None:
        match self.lot.choice(["retitled", "deleted", "private"]):
            case "retitled":
                self.world.retitle(course, at, f"Course, as of {at:%d %B}")
            case "deleted":
                self.world.delete(course, at)
                self.world.bring_back(course, at + self.lot.randrange(3, 12) * DAY)
            case "private":
                self.world.make_private(course, at)
                self.world.bring_back(course, at + self.lot.randrange(3, 12) * DAY)

    def _inside(self, course: str, at: datetime) -> list[str]:
        playlist = self.world.at(at).playlist(course)
        assert playlist is not None
        return list(playlist.video_ids)

    def _new(self, at: datetime, title: str | None = None) -> str:
        made = lecture(self.videos)
        self.world.add(replace(made, title=title or made.title))
        return self._unused()

    def _title(self, video: str, at: datetime) -> str:
        found = self.world.at(at).video(video)
        assert found is not None
        return found.title

    def _state(self, video: str, at: datetime) -> MemberState:
        found = self.world.at(at).video(video)
        assert found is not None
        return STATES[found.visibility]

    # What goes wrong

    def cloud(self) -> None:
        """The weather of every day but the first and the quiet ones."""
        week = self.lot.randrange(20, 80)
        for day in range(1, DAYS - QUIET):
            since, until = MORNING + day * DAY - HOUR, MORNING + day * DAY + HOUR
            out = [FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, since, until)] if week <= day < week + 7 else []
            self.world.add_faults(*out, *self._clouds(day, since, until))
        oembed = self.lot.randrange(20, 80)
        since = MORNING + oembed * DAY - HOUR
        self.world.add_faults(
            FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, since, since + 5 * DAY, surface=Surface.OEMBED),
        )

    def _clouds(self, day: int, since: datetime, until: datetime) -> Iterator[FaultPeriod]:
        for fault in (Fault.BACKEND_ERROR, Fault.CUT_BODY, Fault.HTML_200):
            yield FaultPeriod(fault, since, until, share=0.02, seed=str(day))
        likely = {
            Fault.QUOTA_EXCEEDED: 0.1,  # in the middle of the check, perhaps
            Fault.CONNECT_TIMEOUT: 0.3,
            Fault.READ_TIMEOUT: 0.3,
            Fault.SERVICE_UNAVAILABLE_503: 0.7,
        }
        for fault, share in likely.items():
            if self.lot.random() < 0.05:
                yield FaultPeriod(fault, since, until, share=share, seed=str(day))
        if self.lot.random() < 0.3:
            # Not those that may not be embedded: of these oEmbed can't say that they live, and one repeat must do.
            videos = [video_id(number) for number in self.lot.sample(range(1500), 300) if number % 10]
            yield FaultPeriod(Fault.LEFT_OUT, since, until, ids=frozenset([*videos, self.lot.choice(self.ids)]))

    def youtube(self, request: httpx.Request) -> httpx.Response:
        """The simulated YouTube, with courses that change under the reader, and on some seeds with ETags that move."""
        course = request.url.params.get("playlistId", "")
        if course in self.restless and "pageToken" in request.url.params:
            self.restless.discard(course)
            self._stir(course)
        response = self.harness.youtube(request)
        if self.seed % 4 == 3 and request.url.path.endswith("/playlists") and response.status_code == 200:
            return self._with_other_etags(response)
        return response

    def _stir(self, course: str) -> None:
        inside = self._inside(course, self.harness.now)
        if self.lot.random() < 0.5:
            inside.insert(0, self._new(self.harness.now))
        else:
            inside.pop(0)
        self.world.change(course, self.harness.now, video_ids=tuple(inside))

    def _with_other_etags(self, response: httpx.Response) -> httpx.Response:
        try:
            body = json.loads(response.content)
        except ValueError:
            return response  # cut, or a page
        for item in body.get("items", ()):
            item["etag"] = f"{self.lot.random()}"
        return httpx.Response(200, json=body)

    # What must have been seen

    def truth(self, course: str) -> Seen:
        """What a look inside sees now, on a good day."""
        view = self.world.at(self.harness.now)
        playlist = view.playlist(course)
        assert playlist is not None
        seen: Counter[str] = Counter()
        places = {}
        alive = 0
        for position, id_ in enumerate(playlist.video_ids):
            state = self._state(id_, self.harness.now)
            alive += state is MemberState.AVAILABLE
            if state is MemberState.AVAILABLE or self.options.dead_items_listed:
                places[id_, seen[id_]] = Place(position, state, self._title(id_, self.harness.now))
                seen[id_] += 1
        count = len(playlist.video_ids) if self.options.item_count_includes_dead else alive
        return Seen(places, count, playlist.title)

    def look_at(self, report: Report) -> None:
        """Hold what the check of today has kept against the truth."""
        with self.harness.database.read() as connection:
            last = {playlist.id: look for playlist, look in load_last_inspections(connection).items()}
            changes = load_member_changes(connection, self.harness.now)
            today = [Resource(Kind.PLAYLIST, id_) for id_ in last if last[id_].inspected_at == self.harness.now]
            recalled = load_members(connection, today)
        assert changes.keys() <= recalled.keys(), "no look, and news"
        for playlist in today:
            now, members = self.truth(playlist.id), recalled[playlist].members
            before = self.seen.get(playlist.id, now).places
            self._hold_members([each for each in members if each.missing_since is None], now)
            held = self._held([each for each in members if each.missing_since is not None], before, now)
            assert last[playlist.id].due or not held
            now = now._replace(places=now.places | held)
            self._hold_told(playlist.id, changes.get(playlist, []), before, now.places)
            self.seen[playlist.id] = now
        self._hold_times(report, last)

    def _held(self, missing: list[Member], before: dict[MemberKey, Place], now: Seen) -> dict[MemberKey, Place]:
        """The places of members that left and are kept until the next look, for the counts do not confirm it yet."""
        held = {(each.video_id, each.occurrence): before[each.video_id, each.occurrence] for each in missing}
        assert not held.keys() & now.places.keys()
        assert {each.missing_since for each in missing} <= {self.harness.now}, "held for a second look"
        return held

    def _hold_members(self, members: list[Member], now: Seen) -> None:
        assert [(each.video_id, each.state) for each in members] == [
            (video, place.state) for (video, _), place in now.places.items()
        ]
        titles = {each.video_id: each.title for each in members}
        for (video, _), place in now.places.items():
            assert titles[video] not in {"Private video", "Deleted video"}
            assert titles[video] == place.title or place.state is not MemberState.AVAILABLE

    def _hold_told(
        self, id_: str, told: list[StoredMemberChange], before: dict[MemberKey, Place], now: dict[MemberKey, Place]
    ) -> None:
        """Every departure, death, arrival and return is told, once and as what it was, and nothing else is."""
        self.told.update(each.change for each in told)
        news = {
            (each.member.video_id, each.member.occurrence): each
            for each in told
            if each.change is not MemberChangeKind.MOVED
        }
        assert len(news) == sum(each.change is not MemberChangeKind.MOVED for each in told), f"{id_}: told twice"
        by = {each.replaced_by for each in told if each.change is MemberChangeKind.REPLACED}
        for key in before | now:
            was, is_ = before.get(key), now.get(key)
            change = news.pop(key).change if key in news else None
            expected = self._expected(key[0], was, is_, by)
            if (id_, key) in self.scheduled and expected == {MemberChangeKind.RETURNED}:
                expected = {None}
            self._note_scheduled(id_, key, was, is_)
            assert change in expected, f"{id_}: {key} was {was}, is {is_}: {change}, not {expected}"
        assert not news

    def _note_scheduled(self, id_: str, key: MemberKey, was: Place | None, is_: Place | None) -> None:
        if is_ is None or is_.state is not MemberState.PRIVATE:
            self.scheduled.discard((id_, key))
        elif was is None:
            self.scheduled.add((id_, key))

    def _expected(
        self, video: str, was: Place | None, is_: Place | None, by: set[str | None]
    ) -> set[MemberChangeKind | None]:
        state = self._state(video, self.harness.now)
        if was is None:
            return {None} if video in by else {MemberChangeKind.ADDED}
        if is_ is None and was.state is not MemberState.AVAILABLE:
            return {None, MemberChangeKind.REPLACED}
        if is_ is None:
            # oEmbed may say 404 of what is private; of a placeholder the listing tells which it is.
            as_gone = state is MemberState.PRIVATE and self.options.private_oembed_status == 404
            return {EXITS[state], MemberChangeKind.REPLACED, MemberChangeKind.DELETED if as_gone else EXITS[state]}
        return {None} if was.state is is_.state else {TURNS[is_.state]}

    def _hold_times(self, report: Report, last: dict[str, LastInspection]) -> None:
        """On a day without trouble every living course that moved has been looked into, and every old one."""
        if not run_of(report).complete or run_of(report).note is not None:
            return
        living = {item.resource.id for item in report.resources if item.state is State.AVAILABLE}
        for id_ in living:
            now, seen = self.truth(id_), self.seen[id_]
            since = self.harness.now - (last[id_].inspected_at or MORNING)
            assert since < timedelta(days=7), f"{id_}: not looked into for {since}"
            assert since == timedelta() or (now.items, now.title) == (seen.items, seen.title), (
                f"{id_}: moved, and not looked into"
            )

    def hold_units(self, report: Report) -> None:
        """What we booked is what YouTube charged, but for refusals that are free."""
        units = run_of(report).quota_units
        view = self.world.at(self.harness.now)
        if any(each.fault in FREE for each in view.active_faults(Surface.DATA_API)):
            assert units >= self.harness.units
        else:
            assert units == self.harness.units
        # Half of the day is kept for checks; what a look has begun is finished, and retried, a little beyond it.
        assert units <= 0.75 * self.quota

    def hold_overlaps(self) -> None:
        """Two that are alike by a comparison of all with all are in one group, which has the videos of both."""
        with self.harness.database.read() as connection:
            playlists = [Resource(Kind.PLAYLIST, id_) for id_ in self.ids]
            groups = load_overlapping(connection, playlists)
            inside = {
                each: {member.video_id for member in recalled.members}
                for each, recalled in load_members(connection, playlists).items()
            }
        similar = set()
        for one, other in combinations(playlists, 2):
            shared = len(inside[one] & inside[other])
            if shared >= max(3, 0.6 * max(len(inside[one]), len(inside[other]))):
                similar.add(frozenset([one, other]))
        together = {frozenset(pair) for group in groups for pair in combinations(group, 2)}
        assert similar <= together
        assert all({*videos} == inside[each] for group in groups for each, videos in group.items())


def lecture(number: int) -> SimVideo:
    """A numbered lecture; some may not be embedded elsewhere."""
    return SimVideo(video_id(number), f"Lecture {number} on {hash_of(number)}", embeddable=number % 10 != 0)


def hash_of(number: int) -> str:
    """A word of its own for each number, so that titles are not alike by chance."""
    return random.Random(number).randbytes(6).hex()  # noqa: S311


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
def test_what_happens_inside_is_told_once_as_what_it_was_and_the_living_stay_alive(seed: int, tmp_path: Path) -> None:
    months = Months(tmp_path, seed)
    months.cloud()
    for day in range(DAYS):
        report = months.harness.check(after=DAY if day else timedelta(), transport=months.youtube)
        months.hold_units(report)
        months.look_at(report)
        months.restless.clear()
        if day < DAYS - QUIET:
            months.happen()
    for id_, seen in months.seen.items():
        assert seen == months.truth(id_), f"{id_}: something is not known yet"
    months.hold_overlaps()
    assert months.told.keys() >= {
        MemberChangeKind.ADDED,
        MemberChangeKind.REMOVED,
        MemberChangeKind.DELETED,
        MemberChangeKind.MOVED,
        MemberChangeKind.REPLACED,
    }
    assert (MemberChangeKind.RETURNED in months.told) is months.options.dead_items_listed
    assert months.harness.unfinished_runs() == 0
