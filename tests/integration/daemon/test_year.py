"""A year of the real daemon on simulated time, with all that goes wrong in one."""

import gc
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from integration.check.harness import DAY, HOUR, INSIDE, MINUTE, playlist_id, playlists, resource_of, video_id, videos
from integration.daemon.simulated_daemon import TO_TEAM, DaemonHarness, schedule
from sqlalchemy import select

from linkwatch.daemon.scheduler import Scheduler
from linkwatch.models.times import to_time
from linkwatch.settings import Cron
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.quota import pacific_day
from linkwatch.store.tables import events, resources

BEGIN = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""Both clock changes of the year are ahead, in Los Angeles: 8 March and 1 November."""

DAYS = 365
QUOTA = 60
"""Units a day: a sixth of them for the checks of a good day, and not enough for a careless one."""

SLACK = 2 * HOUR + 30 * MINUTE
"""An hour to the next try, one more for the odd days, and the time that tries take."""

CONFIRMATION = 12 * HOUR + SLACK
"""Three misses, six hours apart: what a death takes of which one witness alone can tell."""

TEMPLATE = """
{% for section in digest.sections %}{% for item in section.items %}
{{ item.rule or "back" }} {{ item.url }}
{% endfor %}{% endfor %}
"""

IDS = [playlist_id(n) for n in range(30)] + [video_id(n) for n in range(30)]


class KilledError(BaseException):
    """The process is gone, as by kill -9: nothing of ours runs after it."""


@dataclass
class Year:
    """What happens, drawn by lot once."""

    lot: random.Random
    gone: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    """From when to when each of those that die is gone."""

    blocked: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When nobody could have asked, or nobody was there to ask."""

    faults: list[FaultPeriod] = field(default_factory=list)
    stops: list[tuple[datetime, bool, timedelta]] = field(default_factory=list)
    """When the daemon ends, whether it is killed, and how long nobody starts it again."""

    def __post_init__(self) -> None:
        end = BEGIN + DAYS * DAY
        for id_ in self.lot.sample(IDS, 24):
            died = self.moment(5, DAYS - 45)
            back = died + self.lot.uniform(3, 40) * DAY if self.lot.random() < 0.6 else end + DAY
            self.gone[id_] = (died, back)
        self._something_fails_always(end)
        self._days_of_trouble()
        self.stops = sorted(
            (self.moment(2, DAYS - 2), self.lot.random() < 0.5, self.lot.choice([MINUTE, MINUTE, 5 * HOUR, 2 * DAY]))
            for _ in range(30)
        )

    def moment(self, first: int, last: int) -> datetime:
        return BEGIN + self.lot.uniform(first, last) * DAY

    def _something_fails_always(self, end: datetime) -> None:
        """Five answers in a hundred."""
        faults = (Fault.BACKEND_ERROR, Fault.CUT_BODY, Fault.HTML_200, Fault.CONNECTION_RESET, Fault.READ_TIMEOUT)
        self.faults += [FaultPeriod(fault, BEGIN, end, share=0.01, seed=fault) for fault in faults]

    def _days_of_trouble(self) -> None:
        week = self.moment(60, 300)
        self._block(FaultPeriod(Fault.CONNECT_TIMEOUT, week, week + 7 * DAY))
        for fault in (Fault.QUOTA_EXCEEDED, Fault.DAY_SPENT_429, Fault.DAILY_LIMIT_EXCEEDED, Fault.QUOTA_EXCEEDED):
            day = self.moment(10, 350)
            self._block(FaultPeriod(fault, day, day + 20 * HOUR))
        revoked = self.moment(100, 340)
        self._block(FaultPeriod(Fault.API_KEY_INVALID, revoked, revoked + 3 * DAY))
        for _ in range(25):  # the living are left out of an answer, some of them or most
            blip, some = self.moment(5, 355), self.lot.choice([1, 2, 5, 40])
            hidden = frozenset(self.lot.sample(IDS, some))
            self.faults.append(FaultPeriod(Fault.LEFT_OUT, blip, blip + 3 * HOUR, ids=hidden))
        for _ in range(10):
            deaf = self.moment(5, 355)
            self._block(FaultPeriod(Fault.OEMBED_500, deaf, deaf + 9 * HOUR))

    def _block(self, faults: FaultPeriod) -> None:
        self.faults.append(faults)
        self.blocked.append((faults.since, faults.until))

    def is_gone(self, id_: str, at: datetime) -> bool:
        died, back = self.gone.get(id_, (at, at))
        return died <= at < back

    def blocked_between(self, since: datetime, until: datetime) -> timedelta:
        """How much of a time nobody could have asked in, each stretch with what it takes to begin again."""
        stretches = [(max(since, a - HOUR), min(until, b + SLACK)) for a, b in self.blocked]
        total, reached = timedelta(), since
        for a, b in sorted(stretches):
            total += max(timedelta(), b - max(a, reached))
            reached = max(reached, b)
        return total


@dataclass
class Life:
    """The year, lived by a daemon that is stopped and killed now and then."""

    harness: DaemonHarness
    year: Year
    killed_in: int | None = None
    """Requests until the process is gone; None: it is not to be killed."""

    daemons: int = 0
    things: dict[int, int] = field(default_factory=dict)
    """Objects of Python on some days."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.killed_in is not None:
            self.killed_in -= 1
            if self.killed_in < 0:
                raise KilledError
        return self.harness.youtube(request)

    def start(self) -> Scheduler:
        self.daemons += 1
        return self.harness.daemon(holder=f"daemon {self.daemons}")

    def live(self) -> Iterator[Scheduler]:
        """Yields the daemon after each day."""
        harness, scheduler, stops = self.harness, self.start(), [*self.year.stops]
        for day in range(1, DAYS + 1):
            noon = BEGIN + day * DAY
            while stops and stops[0][0] < noon:
                at, is_killed, length = stops.pop(0)
                scheduler = self._stopped(scheduler, at, is_killed, length)
            harness.live(scheduler, max(timedelta(), noon - harness.now))
            yield scheduler

    def _stopped(self, scheduler: Scheduler, at: datetime, is_killed: bool, length: timedelta) -> Scheduler:
        harness = self.harness
        harness.live(scheduler, max(timedelta(), at - harness.now))
        if is_killed:
            self.killed_in = self.year.lot.randrange(3)
            scheduler.request_check("playlists")
            with suppress(KilledError):  # on a day that is spent nothing is asked; then it is gone between two checks
                harness.live(scheduler, HOUR)
            self.killed_in = None
        else:
            scheduler.stop()
        harness.close()
        began, harness.now = harness.now, harness.now + length
        self.year.blocked.append((began - HOUR, harness.now + 2 * MINUTE))  # a lease runs out in a minute and a half
        return self.start()


def notification_times(harness: DaemonHarness) -> Mapping[tuple[str, str], list[datetime]]:
    """(`dead`, `suspect` or `back`, id) → when it was in a message."""
    found: dict[tuple[str, str], list[datetime]] = {}
    for at, message in harness.sent:
        for line in message.body.splitlines():
            what, _, url = line.partition(" ")
            if what in {"dead", "suspect", "back"}:
                found.setdefault((what, resource_of(url).id), []).append(at)
    return found


def answered(scheduler: Scheduler) -> dict[str, datetime]:
    """When each was last answered about."""
    query = select(resources.c.youtube_id, resources.c.last_checked_at)
    with scheduler.database.read() as connection:
        return {id_: to_time(at) for id_, at in connection.execute(query) if at is not None}


@pytest.mark.long
@pytest.mark.sqlite("on PostgreSQL it takes minutes; what a daemon does in weeks runs there, in test_watcher.py")
@pytest.mark.parametrize("seed", [0, 4])
def test_a_year_of_the_daemon(seed: int, tmp_path: Path, harness: Callable[..., DaemonHarness]) -> None:
    year = Year(random.Random(seed))  # noqa: S311  # the same year every time
    (tmp_path / "digest.txt").write_text(TEMPLATE, "utf-8")
    settings = replace(
        INSIDE,
        quota_per_day=QUOTA,
        notify=(replace(TO_TEAM, template="digest.txt"),),
        schedules=(
            schedule("playlists", "playlists.csv"),
            schedule("videos", "videos.csv", cadence=Cron("30 1 * * *", "America/Los_Angeles")),
        ),
    )
    one = harness([*playlists(30), *videos(30)], settings=settings, youtube_quota=QUOTA, now=BEGIN)
    one.write("playlists.csv", *IDS[:30])
    one.write("videos.csv", *IDS[30:])
    for id_, (died, back) in year.gone.items():
        one.world.delete(id_, died)
        one.world.bring_back(id_, back)
    one.world.add_faults(*year.faults)
    life = Life(one, year)
    one.transport = life

    for day, scheduler in enumerate(life.live(), start=1):
        for id_, at in answered(scheduler).items():
            late = one.now - at - DAY - SLACK
            assert late <= year.blocked_between(at, one.now), f"day {day}: {id_} could have been checked"
        one.log.clear()
        one.youtube._log.clear()  # the simulator's memory is not the daemon's
        if day in {100, DAYS}:
            gc.collect()
            life.things[day] = len(gc.get_objects())

    with scheduler.database.read() as connection:
        rows = connection.execute(
            select(resources.c.youtube_id, events.c.kind, events.c.at).join_from(events, resources)
        ).all()
    for id_, kind, at in rows:
        assert kind != "died" or year.is_gone(id_, to_time(at)), f"{id_} was called dead on {to_time(at)}, and lived"

    news, end = notification_times(one), one.now
    for id_, (died, back) in year.gone.items():
        deaths, returns = news.get(("dead", id_), []), news.get(("back", id_), [])
        if back - died - year.blocked_between(died, back) < DAY + CONFIRMATION:
            assert len(deaths) <= 1, "it was back before anybody could be sure"
            continue
        assert len(deaths) == 1, f"{id_}: died on {died}, notified {deaths}"
        assert died <= deaths[0] <= died + DAY + CONFIRMATION + year.blocked_between(died, deaths[0]), id_
        if back < end - 3 * DAY:
            found = [at for at in returns if at >= back]
            # What was only missed for a day, after that, is reported as missing and as back too.
            blips = [at for at in news.get(("suspect", id_), []) if at >= found[0]]
            assert 1 <= len(found) <= 1 + len(blips), f"{id_}: back on {back}, notified {returns}"
            assert found[0] <= back + DAY + SLACK + year.blocked_between(back, found[0]), id_
    assert {id_ for what, id_ in news if what == "dead"} <= set(year.gone)

    days = [pacific_day(BEGIN + day * DAY) for day in range(DAYS + 1)]
    assert max(map(one.youtube.units_used, days)) <= QUOTA
    assert life.things[DAYS] < life.things[100] * 1.1, "memory grows"
    size = sum(file.stat().st_size for file in tmp_path.glob("linkwatch.db*"))
    assert size < 8_000_000
