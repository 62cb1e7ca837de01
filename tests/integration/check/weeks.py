"""Random weeks over a random world, and what is true of it: what is reported is held against that.

`ListingWeeks` has courses and an uploads list, whose listings and counts contradict themselves. `AllWeeks` has links
that die, hide, flap and return, too, and every kind of answer that is none.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

from integration.check.harness import DAY, HOUR, INSIDE, Harness, channel_id, playlist_id, run_of, video_id

from linkwatch.models.observation import MemberState, ResourceRecord, State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import StoredMemberChange
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import EPOCH
from linkwatch.report.model import Report
from linkwatch.services.context import CheckContext
from linkwatch.simulator.entities import DEFAULT_CHANNEL, VISIBLE, Entity, SimChannel, SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface
from linkwatch.simulator.options import Options
from linkwatch.simulator.world import View
from linkwatch.store.playlists import load_last_inspections, load_member_changes, load_members
from linkwatch.verdict.policy import Policy

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


def lecture(number: int, channel: str = DEFAULT_CHANNEL.id) -> SimVideo:
    """A numbered lecture; its title is like no other."""
    return SimVideo(video_id(number), random.Random(number).randbytes(9).hex(), channel)  # noqa: S311  # the same title


@dataclass
class ListingWeeks:
    """Courses and an uploads list, what truly leaves them, and what is reported."""

    folder: Path
    seed: int
    sizes: Sequence[int] = (5, 22, 49, 50, 51, 100, 101, 120)
    """Of the courses, in any order."""

    uploads_listed: int = 60
    left: dict[tuple[str, str], MemberChangeKind] = field(default_factory=dict)
    """By playlist and video: how it left; what left stays away."""

    missed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many good inspections have not reported a departure."""

    known: set[tuple[str, str]] = field(default_factory=set)
    """All that were members once, and could be watched."""

    reported: dict[tuple[str, str], MemberChangeKind] = field(default_factory=dict)
    scheduled: set[str] = field(default_factory=set)
    """Videos that were private until their time: whether an inspection has seen them since is chance."""

    lacking: dict[str, datetime] = field(default_factory=dict)
    """When a listing last lacked an item that is there."""

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
            uploads_window=self.uploads_listed,
            full_size=False,
        )
        self.next_video = 0
        self.owner = SimChannel(channel_id(1), "Uploads")
        self.uploads = "UU" + self.owner.id[2:]
        made = [
            SimPlaylist(playlist_id(number), f"Course {number}", video_ids=[self._unused() for _ in range(size)])
            for number, size in enumerate(self.random.choices(self.sizes, k=len(self.sizes)))
        ]
        of_courses = self.next_video
        uploads = range(of_courses, of_courses + self.uploads_listed + 10)
        self.next_video = uploads.stop
        self.first_upload = video_id(self.next_video)
        self.ids = [each.id for each in made]
        others, listed_others = self.other_entities()
        lectures = [lecture(number) for number in range(of_courses)]
        lectures += [lecture(number, self.owner.id) for number in uploads]
        self.harness = self.make_harness(
            [self.owner, *made, *lectures, *others], [*self.ids, self.uploads, *listed_others]
        )
        self.world = self.harness.world

    def make_harness(self, entities: Sequence[Entity], listed: Sequence[str]) -> Harness:
        settings = replace(INSIDE, calls_in_flight=1, oembed_in_flight=1)
        return Harness(self.folder, entities, listed, settings=settings, options=self.options)

    def other_entities(self) -> tuple[list[Entity], list[str]]:
        """What else there is, and what of it is listed."""
        return [], []

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
            if fault is Fault.ITEM_MISSING and at - self.lacking.get(playlist, EPOCH) < 7 * DAY:
                continue  # the same item missing twice counts, and among few that is soon the same one
            if fault is Fault.ITEM_MISSING:
                self.lacking[playlist] = at
            self.world.add_faults(FaultPeriod(fault, since, until, ids=frozenset({playlist})))
        self.faulty |= wavering

    def _change(self, course: str, at: datetime) -> None:
        playlist = self.world.at(at).playlist(course)
        assert playlist is not None
        inside = list(playlist.video_ids)
        living = [video for video in inside if (course, video) not in self.left and video not in self.scheduled]
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

    def check(self) -> Report:
        """Check, and hold what is reported against the truth."""
        members = self._members(watchable=True)
        report = self.harness.check(after=DAY)
        with self.harness.database.read() as connection:
            changes = load_member_changes(connection, EPOCH)
            last = load_last_inspections(connection)
        checked = self.harness.checked
        assert checked is not None
        for playlist, some in changes.items():
            for each in some:
                if each.run_id == checked.run_id:
                    self._hold(playlist.id, each)
        for key in self.left.keys() - self.reported.keys():
            inspected = last.get(Resource(Kind.PLAYLIST, key[0]))
            if key in members and inspected and inspected.inspected_at == self.harness.now:
                self.missed[key] += key[0] not in self.faulty
                assert self.missed[key] < 2, f"{key}: {self.left[key]} is not reported"
        self.known |= self._members(watchable=True)
        self.faulty = set()
        return report

    def _hold(self, playlist: str, each: StoredMemberChange) -> None:
        key = (playlist, each.member.video_id)
        if playlist == self.uploads:
            assert each.change is MemberChangeKind.ADDED, each
            assert each.member.video_id >= self.first_upload, "it was uploaded long ago"
        elif each.change in DEPARTURES:
            assert self.left.get(key) is each.change, f"{key}: {each.change}, though {self.left.get(key)}"
            assert key not in self.reported, f"{key}: reported twice"
            self.reported[key] = each.change
        assert each.change is not MemberChangeKind.RETURNED

    def _members(self, *, watchable: bool = False) -> set[tuple[str, str]]:
        """The playlists and videos that are stored as members; those that were dead when first seen left nothing."""
        playlists = [Resource(Kind.PLAYLIST, id_) for id_ in [*self.ids, self.uploads]]
        with self.harness.database.read() as connection:
            stored = load_members(connection, playlists)
        return {
            (playlist.id, member.video_id)
            for playlist, some in stored.items()
            for member in some.members
            if not watchable or member.state is MemberState.AVAILABLE
        }

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


SPLIT_FAULTS = (
    *(
        Fault.CUT_LIST,
        Fault.ODD_FIELDS,
        Fault.FORBIDDEN,
        Fault.PLAYLIST_FORBIDDEN,
        Fault.CHANNEL_FORBIDDEN,
    ),
    *(Fault.CHANNEL_CLOSED, Fault.CHANNEL_SUSPENDED, Fault.WATCH_HISTORY_NOT_ACCESSIBLE, Fault.PERMISSION_DENIED_403),
    *(Fault.INVALID_FILTERS, Fault.MISSING_REQUIRED_PARAMETER, Fault.INVALID_PARAMETER, Fault.UNKNOWN_PART),
)
"""About some resources: the others in their call are answered about all the same."""

CALL_FAULTS = (
    *(Fault.OTHER_ANSWER, Fault.OTHER_METHOD, Fault.ERROR_IN_200, Fault.TOKEN_REPEATED, Fault.HTML_200),
    *(Fault.CUT_BODY, Fault.EMPTY_BODY, Fault.SERVICE_UNAVAILABLE_403, Fault.RATE_LIMIT_WITHOUT_DETAILS),
)
"""They cost a whole call, at each attempt."""

PASSING_FAULTS = (
    *(Fault.BACKEND_ERROR, Fault.RATE_LIMIT_429, Fault.HTML_502, Fault.CONNECTION_RESET, Fault.CUT_BODY),
    *(Fault.READ_TIMEOUT, Fault.USER_RATE_LIMIT_403, Fault.CUT_LIST, Fault.OTHER_ANSWER, Fault.ERROR_IN_200),
)
"""At the first attempt of each call: a retry is answered."""

RUN_FAULTS = (
    *(Fault.QUOTA_EXCEEDED, Fault.DAY_SPENT_429, Fault.API_KEY_INVALID, Fault.SERVICE_DISABLED, Fault.NO_QUOTA),
    *(Fault.CONNECTION_REFUSED, Fault.INTERNAL_ERROR, Fault.LEFT_OUT),
)
"""They cost the whole check."""

OEMBED_FAULTS = (
    *(Fault.OEMBED_400, Fault.OEMBED_429, Fault.OEMBED_500, Fault.HTML_200, Fault.CUT_BODY, Fault.EMPTY_BODY),
    Fault.READ_TIMEOUT,
)

KINDS_OF_TROUBLE = (
    *("none", "none", "split", "split", "call", "passing", "run", "oembed", "oembed lie", "lie", "clock"),
)
CLOCK_WRONG_BY = 5 * 365 * DAY


@dataclass
class SkewedHarness(Harness):
    """A harness whose own clock may be wrong."""

    skew: timedelta = timedelta()

    def check_context(self, *args: object, **more: object) -> CheckContext:
        context = super().check_context(*args, **more)  # type: ignore[arg-type]  # passed on as they are
        return replace(context, clock=lambda: self.now + self.skew)


@dataclass
class AllWeeks(ListingWeeks):
    """Every kind of contradiction at once, over links of all kinds."""

    overdue: Counter[Resource] = field(default_factory=Counter)
    """Checks without a fault about what died, since it died."""

    touched: frozenset[str] | None = frozenset()
    """The ids that something is wrong about today; None: everything."""

    lately: list[frozenset[str]] = field(default_factory=list)
    """The ids of the last days about which an answer was a lie."""

    copies_removed: Counter[str] = field(default_factory=Counter)
    copies_reported: Counter[str] = field(default_factory=Counter)
    deaths: int = 0
    troubles: list[str] = field(default_factory=list)
    """The kinds of trouble of the next days."""

    split_faults: Iterator[Fault] = field(default_factory=lambda: cycle(SPLIT_FAULTS))

    def make_harness(self, entities: Sequence[Entity], listed: Sequence[str]) -> Harness:
        self.options = replace(
            self.options,
            private_oembed_status=401 if self.seed % 3 == 1 else 403,
            order_shuffled=bool(self.seed % 2),
            new_keys=bool(self.seed % 2),
            etags_stable=self.seed % 4 < 2,
            former_handles_found=self.seed % 5 == 0,
        )
        settings = replace(INSIDE, calls_in_flight=1, oembed_in_flight=1)
        self.skewed = SkewedHarness(self.folder, entities, listed, settings=settings, options=self.options)
        return self.skewed

    def other_entities(self) -> tuple[list[Entity], list[str]]:
        pool = [lecture(self.next_video + number) for number in range(4)]
        twice = [lecture(self.next_video + 4 + number) for number in range(6)]
        self.next_video += 10
        self.channels = [SimChannel(channel_id(10 + n), f"Channel {n}", handle=f"@c{n}") for n in range(4)]
        self.named = [SimChannel(channel_id(20 + n), f"Named {n}", handle=f"@named{n}") for n in range(5)]
        self.handles = [str(channel.handle) for channel in self.named[:4]]
        owners = [channel.id for channel in self.channels]
        self.lists = [
            SimPlaylist(playlist_id(100 + n), f"List {n}", owners[n % 4], [video.id for video in pool])
            for n in range(10)
        ]
        self.videos = [SimVideo(video_id(90_000 + n), f"Talk {n}", owners[n % 4]) for n in range(10)]
        doubled = [video.id for video in twice] * 2
        self.copies = SimPlaylist(playlist_id(200), "Twice", video_ids=doubled)
        self.mortal = [*(each.id for each in self.lists), *(each.id for each in self.videos)]
        entities: list[Entity] = [*pool, *twice, *self.channels, *self.named, *self.lists, *self.videos, self.copies]
        return entities, [*self.mortal, self.copies.id, *owners, *self.handles]

    # What happens, and what goes wrong

    def pass_a_night(self) -> None:
        at = self.harness.now + DAY - 5 * HOUR
        self._change_links(at)
        # First: of two faults at once the first happens, and counts waver at each check.
        concerns_courses = self._add_faults(at + 4 * HOUR, at + 6 * HOUR)
        super().pass_a_night()
        if concerns_courses:
            self.faulty = {*self.ids, self.uploads}

    def _change_links(self, at: datetime) -> None:
        for id_ in self.random.sample(self.mortal, self.random.choice([0, 0, 1, 2])):
            entity = self.world.at(at).playlist(id_) or self.world.at(at).video(id_)
            assert entity is not None
            if entity.visibility is Visibility.PUBLIC:
                self.deaths += 1
                self.random.choice([self.world.delete, self.world.make_private])(id_, at)
            elif self.random.random() < 0.6:
                self.world.bring_back(id_, at)
        if self.random.random() < 0.08:
            self.deaths += 1
            self.world.terminate(self.random.choice(self.channels).id, at)
        if self.random.random() < 0.15:
            self._move_handle(at)
        if self.random.random() < 0.3:
            self._schedule(at)
        self._remove_copy(at)

    def _move_handle(self, at: datetime) -> None:
        """A handle is released, or another channel takes it; no handle of a channel that has it goes twice a night."""
        handle, taker = self.random.choice(self.handles), self.named[4]
        holder = self.world.at(at).channel_by_name(handle)
        if holder is not None and holder.id != taker.id:
            self.world.rename_handle(holder.id, at, f"{handle}new")
        elif holder is None and self.world.at(at).channel(taker.id) == taker:
            self.world.reassign_handle(handle, at, taker.id)

    def _schedule(self, at: datetime) -> None:
        """A video is added, private until its time."""
        course, video = self.random.choice(self.ids), self._unused()
        self.world.add(replace(lecture(self.next_video - 1), visibility=Visibility.PRIVATE))
        self.world.bring_back(video, at + self.random.choice([1, 2, 3]) * DAY)
        self.scheduled.add(video)
        self.world.add_videos(course, at, video)

    def _remove_copy(self, at: datetime) -> None:
        playlist = self.world.at(at).playlist(self.copies.id)
        assert playlist is not None
        doubled = [n for n, video in enumerate(playlist.video_ids) if list(playlist.video_ids).count(video) > 1]
        if doubled and self.random.random() < 0.15:
            position = self.random.choice(doubled)
            self.copies_removed[playlist.video_ids[position]] += 1
            self.world.remove_item(self.copies.id, at, position)

    def _add_faults(self, since: datetime, until: datetime) -> bool:  # noqa: C901  # one for each kind of trouble
        """Returns whether courses are concerned, too."""
        self.touched, lies = frozenset(), frozenset[str]()
        ids = frozenset(self.random.sample([*self.mortal, *(channel.id for channel in self.channels)], 3))
        departed = frozenset(video for _, video in self.random.sample(sorted(self.left), min(3, len(self.left))))

        def add(*faults: Fault, ids: frozenset[str] = frozenset(), **more: object) -> None:
            kind = self.random.choice(faults)
            self.world.add_faults(FaultPeriod(kind, since, until, ids, **more))  # type: ignore[arg-type]

        if not self.troubles:  # each kind once in as many days
            self.troubles = self.random.sample(KINDS_OF_TROUBLE, k=len(KINDS_OF_TROUBLE))
        match self.troubles.pop():
            case "split":
                add(next(self.split_faults), ids=ids | departed)
                self.touched = ids | departed
            case "passing":
                add(*PASSING_FAULTS, attempts=1)
            case "oembed":
                add(*OEMBED_FAULTS, ids=ids | departed, surface=Surface.OEMBED)
                self.touched = ids | departed
            case "oembed lie":
                add(Fault.OEMBED_404, ids=ids)  # of what is private: then it is deleted, as far as anybody can know
                self.touched = ids
            case "lie":
                lies = frozenset(id_ for id_ in ids if self._may_lie(id_))
                add(Fault.LEFT_OUT, ids=lies or frozenset({"nothing"}))
                self.touched = lies
            case "call":
                add(*CALL_FAULTS, ids=ids)
                self.touched = None
            case "run":
                add(*RUN_FAULTS)
                self.touched = None
            case "clock":
                self.skewed.skew = self.random.choice([CLOCK_WRONG_BY, -DAY / 2])
                self.touched = None
        self.lately = [*self.lately[-2:], lies]
        return self.touched is None or bool(departed & self.touched)

    def _may_lie(self, id_: str) -> bool:
        """Whether an omission today can't be taken for a death: no policy withstands the same lie day after day.

        A channel of which nothing is left when it is omitted was terminated, as far as anybody can know.
        """
        if any(id_ in lies for lies in self.lately):
            return False
        view = self.world.at(self.harness.now + DAY)
        made: list[SimPlaylist | SimVideo] = [*self.lists, *self.videos]
        owned = [each.id for each in made if each.channel_id == id_]
        return not owned or any(_is_there(resource, view, self.options) for resource in map(_link, owned))

    # What must be reported

    def check(self) -> Report:
        was_wrong = self.skewed.skew
        report = super().check()
        self.skewed.skew = timedelta()
        self._hold_states(report, self.harness.now + was_wrong)
        # The day after the clock was wrong, a missed check of the future is taken back, and counts for none.
        self.touched = None if was_wrong else frozenset()
        return report

    def _hold(self, playlist: str, each: StoredMemberChange) -> None:
        if playlist == self.copies.id:
            assert each.change is MemberChangeKind.REMOVED, each
            video = each.member.video_id
            self.copies_reported[video] += 1
            assert self.copies_reported[video] <= self.copies_removed[video], f"{video}: no copy of it left"
        else:
            super()._hold(playlist, each)

    def _hold_states(self, report: Report, checked_at: datetime) -> None:
        view, run = self.world.at(self.harness.now), run_of(report)
        held = "safety limit" in str(run.incomplete_reason)
        for resource, record in self._records(report).items():
            there = _is_there(resource, view, self.options)
            if record.state is State.UNAVAILABLE and record.last_checked == checked_at:
                assert not there, f"{resource.id} lives, and is called {record.state}: {record}"
            is_good = self.touched is not None and resource.id not in self.touched and not held
            if there:
                self.overdue[resource] = 0
                if is_good:
                    assert record.state is State.AVAILABLE, f"{resource.id} lives, and nothing is wrong: {record}"
                continue
            self.overdue[resource] += is_good
            if record.state is not State.UNAVAILABLE and self.overdue[resource] >= self._within(resource):
                raise AssertionError(f"{resource.id} is dead since {self.overdue[resource]} checks: {record}")

    def _within(self, resource: Resource) -> int:
        """How many checks without a fault a death takes: one where two endpoints agree, else the missed checks."""
        confirmed = resource.kind is not Kind.CHANNEL and self.options.private_oembed_status != 401
        return 1 if confirmed else Policy().confirm_strikes

    def _records(self, report: Report) -> dict[Resource, ResourceRecord]:
        return {item.resource: item.record for item in report.resources if item.record is not None}

    def hold_end(self) -> None:
        super().hold_end()
        report, view = self.harness.report(), self.world.at(self.harness.now)
        for resource, record in self._records(report).items():
            expected = State.AVAILABLE if _is_there(resource, view, self.options) else State.UNAVAILABLE
            assert record.state is expected, f"{resource.id}: {record}"
        leads_to = {link.url.rpartition("/")[2]: item.resource.id for item in report.resources for link in item.links}
        for handle in self.handles:
            channel = view.channel_by_name(handle)
            if channel is None and self.options.former_handles_found:
                channel = view.former_channel_by_name(handle)
            assert leads_to[handle] == (handle if channel is None else channel.id)
        assert self.copies_reported == self.copies_removed


def _link(id_: str) -> Resource:
    return Resource(Kind.PLAYLIST if len(id_) > 11 else Kind.VIDEO, id_)


def _is_there(resource: Resource, view: View, options: Options) -> bool:
    """Whether everybody can watch it, by the world itself."""
    match resource.kind:
        case Kind.PLAYLIST:
            playlist = view.playlist(resource.id)
            return playlist is not None and playlist.visibility in VISIBLE
        case Kind.VIDEO:
            video = view.video(resource.id)
            return video is not None and video.visibility in VISIBLE
        case Kind.CHANNEL if resource.id.startswith("@"):
            former = view.former_channel_by_name(resource.id) if options.former_handles_found else None
            return (view.channel_by_name(resource.id) or former) is not None
        case Kind.CHANNEL:
            return view.channel(resource.id) is not None
