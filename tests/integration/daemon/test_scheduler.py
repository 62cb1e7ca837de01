"""The daemon's work in simulated time: what is checked when, and who is notified of what."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from integration.check.harness import DAY, HOUR, KEYED, KEYLESS, MINUTE, MORNING, playlist_id, playlists, videos
from integration.daemon.simulated_daemon import TO_TEAM, DaemonHarness, schedule
from sqlalchemy import select

from linkwatch.daemon.scheduler import Scheduler
from linkwatch.errors import LinkwatchError, SettingsError, UsageError
from linkwatch.models.observation import State
from linkwatch.models.records import Coverage
from linkwatch.models.resource import Kind, Resource
from linkwatch.settings import Auto, Cadence, Cron
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface
from linkwatch.store.tables import resources
from linkwatch.web.reports import ReportCache

Keepers = Callable[..., DaemonHarness]
SECOND = timedelta(seconds=1)


def listed(harness: DaemonHarness, *names: str) -> list[str]:
    """Write all entities into these lists, each into the first, and return the ids."""
    ids = [each.id for each in harness.entities]
    for name in names or ("resources.csv",):
        harness.write(name, *ids)
    return ids


def times(harness: DaemonHarness) -> list[datetime]:
    return [run.started_at for run in harness.runs()]


def test_a_list_is_checked_at_once_and_then_once_a_day(harness: Keepers) -> None:
    one = harness(playlists(3))
    listed(one)
    one.live(one.daemon(), 5 * DAY)
    first, *rest = times(one)
    assert first == MORNING
    assert len(rest) == 5
    assert {later - earlier for earlier, later in pairwise(rest)} == {DAY}


def test_a_restart_forgets_nothing_and_starts_no_interval_over(harness: Keepers) -> None:
    one = harness(playlists(3))
    listed(one)
    scheduler = one.daemon()
    for _ in range(40):
        one.live(scheduler, 3 * HOUR)
        scheduler.stop()
        scheduler = one.daemon()
    first, *rest = times(one)
    assert first == MORNING
    assert len(rest) == 5
    assert {later - earlier for earlier, later in pairwise(rest)} == {DAY}


def test_what_was_missed_while_it_was_down_is_caught_up_once(harness: Keepers) -> None:
    one = harness(playlists(3))
    listed(one)
    scheduler = one.daemon()
    one.live(scheduler, DAY)
    scheduler.stop()
    before = len(one.runs())
    one.now += 10 * DAY
    back = one.now
    one.live(one.daemon(), HOUR)
    assert times(one)[before:] == [back]


@pytest.mark.parametrize("begin", [datetime(2026, 3, 26, 12, tzinfo=UTC), datetime(2026, 10, 22, 12, tzinfo=UTC)])
def test_cron_is_kept_through_both_odd_days_of_the_year(harness: Keepers, begin: datetime) -> None:
    one = harness(playlists(1), settings=replace(KEYED, cadence=Cron("30 2 * * *", "Europe/Berlin")), now=begin)
    listed(one)
    one.live(one.daemon(), 6 * DAY)
    days = [time.date() for time in times(one)]
    assert len(days) == len(set(days)) == 7, "the first sight, and one check on each of six days"


def test_each_schedule_has_a_cadence_and_a_time_of_its_own(harness: Keepers) -> None:
    schedules = (schedule("a", "a.csv", cadence=6 * HOUR), schedule("b", "b.csv", cadence=DAY))
    one = harness(playlists(2), settings=replace(KEYED, schedules=schedules))
    one.write("a.csv", playlist_id(0))
    one.write("b.csv", playlist_id(1))
    one.live(one.daemon(), 4 * DAY)
    asked = [call.ids[0] for call in one.youtube.log if call.method == "playlists.list"]
    assert asked.count(playlist_id(0)) == 1 + 16
    assert asked.count(playlist_id(1)) == 1 + 4
    assert len(set(times(one)[2:])) == len(times(one)[2:]), "no two of them at one moment"


@pytest.mark.long
def test_at_auto_what_never_changes_is_asked_about_less_and_less(harness: Keepers) -> None:
    one = harness(playlists(1), settings=replace(KEYED, cadence=Auto()))
    listed(one)
    scheduler = one.daemon()
    counts = []
    for _ in range(4):
        before = len(one.runs())
        one.live(scheduler, 14 * DAY)
        counts.append(len(one.runs()) - before)
    assert counts[0] > 2 * counts[-1] > 0
    gaps = [later - earlier for earlier, later in pairwise(times(one))]
    assert min(gaps) >= timedelta(hours=4.5)
    assert max(gaps) <= 7 * DAY + HOUR


@pytest.mark.long
def test_at_auto_what_has_changed_is_asked_about_sooner_again(harness: Keepers) -> None:
    one = harness(playlists(1), settings=replace(KEYED, cadence=Auto()))
    (id_,) = listed(one)
    scheduler = one.daemon()
    one.live(scheduler, 56 * DAY)
    before = len(one.runs())
    one.live(scheduler, 4 * DAY)
    quiet = len(one.runs()) - before
    one.world.delete(id_, one.now)
    one.live(scheduler, 7 * DAY)
    before = len(one.runs())
    one.live(scheduler, 4 * DAY)
    assert quiet <= 1
    assert len(one.runs()) - before >= 4


def test_a_suspect_is_looked_at_again_after_the_spacing_and_dies_the_same_day(harness: Keepers) -> None:
    one = harness(videos(20), settings=replace(KEYLESS, notify=(TO_TEAM,)))
    ids = listed(one)
    scheduler = one.daemon()
    one.live(scheduler, DAY)
    one.world.delete(ids[4], one.now)
    one.live(scheduler, 3 * DAY)
    asked = [(run.coverage, run.started_at) for run in one.runs() if run.started_at >= MORNING + DAY]
    doubtful = [at for how, at in asked if how is Coverage.DOUBTFUL]
    (suspected,) = [at for how, at in asked if how is Coverage.ALL][:1]
    assert doubtful == [suspected + 6 * HOUR, suspected + 12 * HOUR]
    bodies = [message.body for _, message in one.sent]
    assert sum("is no longer available" in body for body in bodies) == 1


def test_only_the_suspect_is_asked_about_between_two_checks(harness: Keepers) -> None:
    one = harness(videos(20), settings=KEYLESS)
    ids = listed(one)
    scheduler = one.daemon()
    one.live(scheduler, DAY)
    one.world.delete(ids[4], one.now)
    one.live(scheduler, DAY)
    begin = len(one.youtube.log)
    one.live(scheduler, 4 * HOUR)
    assert {id_ for call in one.youtube.log[begin:] for id_ in call.ids} <= {ids[4]}


def test_what_got_no_answer_is_tried_again_alone_and_the_outage_is_reported_once(harness: Keepers) -> None:
    one = harness(playlists(120), settings=replace(KEYED, notify=(TO_TEAM,)))
    ids = listed(one)
    scheduler = one.daemon()
    one.live(scheduler, DAY)
    began, sent = one.now, len(one.sent)

    def one_call_fails(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503) if ids[110] in str(request.url) else one.youtube(request)

    one.transport = one_call_fails
    one.live(scheduler, DAY)
    again = [run for run in one.runs() if run.started_at > began and run.coverage is Coverage.DUE]
    assert again
    assert {run.quota_units for run in again} == {4}, "the one call, with its retries"
    assert len(one.sent) - sent == 1
    one.transport = one.youtube
    one.live(scheduler, 2 * HOUR)
    assert len(one.sent) - sent == 2
    assert one.runs()[-1].complete


@pytest.mark.long
def test_a_week_of_outage_is_one_message_and_another_when_it_is_over(harness: Keepers) -> None:
    one = harness(playlists(5), settings=replace(KEYED, notify=(TO_TEAM,)))
    listed(one)
    scheduler = one.daemon()
    one.live(scheduler, DAY)
    sent, began = len(one.sent), one.now
    one.world.add_faults(FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, began, began + 7 * DAY))
    one.live(scheduler, 10 * DAY)
    messages = [(at, message.title) for at, message in one.sent[sent:]]
    assert len(messages) == 2, messages
    assert messages[1][0] - (began + 7 * DAY) <= HOUR, "it was found out within an hour that it is over"


def test_a_spent_day_waits_for_the_next_without_asking(harness: Keepers) -> None:
    settings = replace(KEYED, quota_per_day=2)
    one = harness(playlists(150), settings=settings)
    ids = listed(one)
    scheduler = one.daemon()
    one.live(scheduler, 2 * DAY)
    asked = [call for call in one.youtube.log if call.method == "playlists.list"]
    assert {id_ for call in asked for id_ in call.ids} == set(ids)
    assert all(run.quota_units <= 2 for run in one.runs())
    assert len(one.runs()) <= 8


def test_a_new_entry_is_asked_about_at_once_and_alone(harness: Keepers) -> None:
    one = harness(playlists(3))
    one.write("resources.csv", playlist_id(0), playlist_id(1))
    scheduler = one.daemon()
    one.live(scheduler, 2 * HOUR)
    one.write("resources.csv", playlist_id(0), playlist_id(1), playlist_id(2))
    one.live(scheduler, MINUTE)
    assert one.runs()[-1].coverage is Coverage.DUE
    assert [call.ids for call in one.youtube.log][-1] == (playlist_id(2),)


def test_a_broken_edit_keeps_the_last_good_list_even_over_a_restart(harness: Keepers) -> None:
    one = harness(playlists(3))
    ids = listed(one)
    scheduler = one.daemon()
    one.live(scheduler, HOUR)
    (one.folder / "resources.csv").write_text("link\nhttps://example.org\n", "utf-8")
    one.live(scheduler, 2 * DAY)
    assert one.youtube.log[-1].ids == tuple(ids)
    problem = "resources.csv: no YouTube link found in resources.csv; the version read before stays in use"
    assert [line for line in one.log if "stays in use" in line] == [problem]
    scheduler.stop()
    again = one.daemon()
    one.live(again, 2 * DAY)
    assert one.youtube.log[-1].ids == tuple(ids)
    (watch,) = again.schedules()
    assert watch.problem is not None
    listed(one)
    one.live(again, MINUTE)
    assert again.schedules()[0].problem is None


def test_a_list_that_never_could_be_read_is_an_error_at_the_start(harness: Keepers) -> None:
    one = harness()
    (one.folder / "resources.csv").write_text("link\n", "utf-8")
    with pytest.raises(UsageError, match=r"^no YouTube link found in resources\.csv$"):
        one.daemon()


def test_a_check_can_be_had_now(harness: Keepers) -> None:
    one = harness(playlists(3))
    listed(one)
    scheduler = one.daemon()
    one.live(scheduler, HOUR)
    before = len(one.runs())
    scheduler.request_check("resources.csv")
    one.live(scheduler, MINUTE)
    assert [run.coverage for run in one.runs()[before:]] == [Coverage.ALL]
    with pytest.raises(KeyError):
        scheduler.request_check("others")


def test_a_paused_schedule_is_checked_on_request_alone_until_it_is_resumed(harness: Keepers) -> None:
    one = harness(playlists(3))
    listed(one)
    scheduler = one.daemon()
    one.live(scheduler, HOUR)
    scheduler.set_paused("resources.csv", paused=True)
    paused_at = one.now
    scheduler.set_paused("resources.csv", paused=True)
    (state,) = scheduler.schedules()
    assert (state.paused_at, state.next_check_at) == (paused_at, None)
    before = len(one.runs())
    one.live(scheduler, 3 * DAY)
    one.write("resources.csv", playlist_id(0))
    one.live(scheduler, DAY)
    assert len(one.runs()) == before
    scheduler.stop()
    scheduler = one.daemon()
    one.live(scheduler, 3 * DAY)
    assert len(one.runs()) == before, "it stays paused over a restart"
    scheduler.reload()
    assert scheduler.schedules()[0].paused_at == paused_at
    scheduler.request_check("resources.csv")
    one.live(scheduler, MINUTE)
    assert len(one.runs()) == before + 1
    one.live(scheduler, 2 * DAY)
    scheduler.set_paused("resources.csv", paused=False)
    one.live(scheduler, HOUR)
    assert len(one.runs()) == before + 2, "what it missed is made up for once"
    one.live(scheduler, 3 * DAY)
    assert len(one.runs()) == before + 5
    with pytest.raises(KeyError):
        scheduler.set_paused("others", paused=True)


def test_other_schedules_go_on_beside_a_paused_one(harness: Keepers) -> None:
    one = harness(playlists(2))
    one.write("a.csv", playlist_id(0))
    one.write("b.csv", playlist_id(1))
    one.settings = replace(one.settings, lists=(), schedules=(schedule("a", "a.csv"), schedule("b", "b.csv")))
    scheduler = one.daemon()
    one.live(scheduler, HOUR)
    scheduler.set_paused("a", paused=True)
    before = len(one.runs())
    one.live(scheduler, 4 * DAY)
    assert len(one.runs()) == before + 4


def test_one_resource_can_be_checked_now(harness: Keepers) -> None:
    one = harness(playlists(3))
    ids = listed(one)
    scheduler = one.daemon()
    one.live(scheduler, HOUR)
    before, calls = len(one.runs()), len(one.youtube.log)
    scheduler.request_check("resources.csv", Resource(Kind.PLAYLIST, ids[1]))
    scheduler.request_check("resources.csv", Resource(Kind.VIDEO, "elsewhere00"))
    one.live(scheduler, MINUTE)
    assert [run.coverage for run in one.runs()[before:]] == [Coverage.DUE]
    assert {id_ for call in one.youtube.log[calls:] for id_ in call.ids} == {ids[1]}
    one.live(scheduler, MINUTE)
    assert len(one.runs()) == before + 1, "it is checked once"


def test_settings_are_read_again_and_broken_ones_are_refused(harness: Keepers) -> None:
    one = harness(playlists(2))
    listed(one)
    scheduler = one.daemon()
    one.live(scheduler, HOUR)
    one.settings = replace(one.settings, cadence=2 * HOUR)
    scheduler.reload()
    before = len(one.runs())
    one.live(scheduler, 10 * HOUR)
    assert len(one.runs()) - before in {5, 6}

    def broken() -> None:
        raise SettingsError("linkwatch.toml:3: unknown setting 'x'", remedy="Mend it")

    scheduler._load = broken  # type: ignore[assignment]
    scheduler.reload()
    assert scheduler.settings.cadence == 2 * HOUR
    assert scheduler.settings_problem is not None
    assert "linkwatch.toml:3" in scheduler.settings_problem


def test_a_setting_that_needs_a_restart_says_so(harness: Keepers) -> None:
    one = harness(playlists(2))
    listed(one)
    scheduler = one.daemon()
    one.live(scheduler, MINUTE)
    one.settings = replace(one.settings, bind="127.0.0.1:1")
    scheduler.reload()
    assert scheduler.settings_problem == "bind: restart the daemon to apply the change"


def test_a_broken_file_of_acknowledgements_keeps_its_last_good_form(harness: Keepers) -> None:
    one = harness(playlists(2), settings=replace(KEYED, notify=(replace(TO_TEAM, remind=DAY),)))
    ids = listed(one)
    one.world.delete(ids[0], one.now)
    acks = one.folder / "linkwatch-acks.toml"
    acks.write_text(f'[[ack]]\nid = "{ids[0]}"\nreason = "known"\naccepted = 2026-11-20\n', "utf-8")
    scheduler = one.daemon()
    one.live(scheduler, HOUR)
    acks.write_text("[[ack]]\nidd = 1\n", "utf-8")
    one.live(scheduler, 3 * DAY)
    assert sum("the version read before still applies" in line for line in one.log) == 1
    assert len(one.runs()) == 4
    assert not any("is no longer available" in message.body for _, message in one.sent), "it is accepted still"


def test_a_second_daemon_waits_and_takes_over_when_the_first_ends(harness: Keepers) -> None:
    one = harness(playlists(2))
    listed(one)
    first, second = one.daemon(holder="first"), one.daemon(holder="second")
    one.live(first, MINUTE)
    assert not second.become_leader()
    first.stop()
    assert second.become_leader()
    assert not first.become_leader()


def test_a_second_daemon_takes_over_when_the_first_gives_no_sign_of_life(harness: Keepers) -> None:
    one = harness(playlists(2))
    listed(one)
    first, second = one.daemon(holder="first"), one.daemon(holder="second")
    assert first.become_leader()
    one.now += 80 * SECOND
    first.renew()
    one.now += 80 * SECOND
    assert not second.become_leader()
    one.now += 11 * SECOND
    assert second.become_leader()


def test_a_daemon_that_lost_its_lease_in_the_middle_of_a_check_writes_no_more(harness: Keepers) -> None:
    one = harness(playlists(200))
    ids = listed(one)
    first, second = one.daemon(holder="first"), one.daemon(holder="second")

    def slow(request: httpx.Request) -> httpx.Response:
        one.now += 2 * HOUR
        assert second.become_leader() or True
        return one.youtube(request)

    one.transport = slow
    assert first.become_leader()
    first.run_due()
    assert any("taken over" in line for line in one.log)
    one.transport = one.youtube
    one.live(second, HOUR)
    assert {id_ for call in one.youtube.log for id_ in call.ids} == set(ids)
    finished = [run for run in one.runs() if run.finished_at is not None]
    assert [run.complete for run in finished] == [True], "the first one's check was never finished"


def test_messages_that_were_not_taken_are_sent_later_without_a_check(harness: Keepers) -> None:
    one = harness(playlists(2), settings=replace(KEYED, notify=(TO_TEAM,)), deaf=True)
    listed(one)
    scheduler = one.daemon()
    one.live(scheduler, HOUR)
    assert not one.sent
    one.deaf = False
    runs = len(one.runs())
    one.live(scheduler, 3 * HOUR)
    assert len(one.sent) == 1
    assert len(one.runs()) == runs


def test_an_interrupted_check_is_gone_on_with_at_the_next_start(harness: Keepers) -> None:
    # One call at a time: of several, the interrupted one may be the first whose answer is read.
    one = harness(playlists(300), settings=replace(KEYED, notify=(TO_TEAM,), calls_in_flight=1))
    ids = listed(one)
    scheduler, calls = one.daemon(), []

    def interrupted(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        if len(calls) > 3:
            raise KeyboardInterrupt
        return one.youtube(request)

    one.transport = interrupted
    with pytest.raises(KeyboardInterrupt):
        scheduler.run_due()
    scheduler.stop()
    one.transport = one.youtube
    answered = {id_ for call in one.youtube.log for id_ in call.ids}
    begin = len(one.youtube.log)
    one.live(one.daemon(), MINUTE)
    rest = {id_ for call in one.youtube.log[begin:] for id_ in call.ids}
    assert answered | rest == set(ids)
    assert len(rest) < len(ids)
    assert len(one.sent) == 1


def test_a_database_that_cant_be_written_is_said_and_tried_again(harness: Keepers, tmp_path: Path) -> None:
    one = harness(playlists(2))
    listed(one)
    scheduler = one.daemon()
    one.live(scheduler, HOUR)

    class FullError(LinkwatchError):
        """As a full disk is reported."""

    def full(_connection: object) -> None:
        raise FullError("the disk is full", remedy="Free some space")

    guard, scheduler.database.guard = scheduler.database.guard, full
    scheduler.request_check("resources.csv")
    one.live(scheduler, MINUTE)
    assert any("the disk is full. Free some space" in line for line in one.log)
    scheduler.database.guard = guard
    before = len(one.runs())
    one.live(scheduler, 2 * DAY)
    assert len(one.runs()) > before


def test_without_a_key_channels_are_no_reason_to_check_again_and_again(harness: Keepers) -> None:
    one = harness(videos(1), settings=KEYLESS)
    one.write("resources.csv", one.entities[0].id, "https://www.youtube.com/@handle")
    one.live(one.daemon(), DAY)
    assert len(one.runs()) <= 2


def test_a_death_by_two_witnesses_is_not_delayed_and_is_reported_at_the_next_check(harness: Keepers) -> None:
    one = harness(playlists(40), settings=replace(KEYED, notify=(TO_TEAM,)))
    ids = listed(one)
    scheduler = one.daemon()
    one.live(scheduler, DAY)
    for id_ in ids[:20]:
        one.world.delete(id_, one.now)
    sent = len(one.sent)
    one.live(scheduler, DAY)
    (message,) = [message for _, message in one.sent[sent:]]
    assert message.title.startswith("Gone: “")
    assert " and 19 more (" in message.title


def test_the_brake_is_one_message_and_lets_go_after_a_confirmation(harness: Keepers) -> None:
    one = harness(playlists(40), settings=replace(KEYED, notify=(TO_TEAM,)))
    ids = listed(one)
    scheduler = one.daemon()
    one.live(scheduler, DAY)
    sent, began = len(one.sent), one.now
    left_out = FaultPeriod(Fault.LEFT_OUT, began, began + 5 * HOUR + DAY, ids=frozenset(ids[:30]))
    silent = FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, began, began + 40 * DAY, surface=Surface.OEMBED)
    one.world.add_faults(left_out, silent)
    one.live(scheduler, 3 * DAY)
    messages = [message.title for _, message in one.sent[sent:]]
    assert len(messages) == 2, messages
    assert not any(state == "unavailable" for state in _states(scheduler))


def _states(scheduler: Scheduler) -> list[str]:
    with scheduler.database.read() as connection:
        return list(connection.execute(select(resources.c.state)).scalars())


@pytest.mark.parametrize("restart", [False, True], ids=["running", "started again"])
@pytest.mark.parametrize("cadence", [DAY, Auto(), Cron("0 6 * * *", "UTC")], ids=["interval", "auto", "cron"])
def test_one_check_at_a_wrong_clock_stops_nothing(harness: Keepers, cadence: Cadence, *, restart: bool) -> None:
    one = harness(playlists(3), settings=replace(KEYED, cadence=cadence))
    listed(one)
    scheduler = one.daemon()
    one.live(scheduler, HOUR)
    right, wrong = one.now, datetime(2031, 6, 1, tzinfo=UTC)
    one.now = wrong
    one.live(scheduler, MINUTE)
    before = len(one.runs())
    assert one.runs()[-1].started_at >= wrong
    one.now = right + MINUTE
    if restart:
        scheduler.stop()
        scheduler = one.daemon(holder="two")
    one.live(scheduler, 3 * DAY)
    began = times(one)[before:]
    assert began[0] == right + MINUTE, "what was checked in 2031 counts as never checked"
    assert len(began) >= 3
    assert began[-1] < right + 4 * DAY
    (state,) = scheduler.schedules()
    assert state.next_check_at is not None
    assert state.next_check_at <= one.now + 2 * DAY


def test_a_check_stores_what_the_first_page_shows(harness: Keepers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also a daemon that was started anew makes no report for it, as long as the list is as it was."""
    one = harness(playlists(3))
    ids = listed(one)
    one.live(one.daemon(), HOUR)
    with monkeypatch.context() as patch:
        patch.setattr("linkwatch.web.reports.report_of_lists", None)  # a report made now would fail
        scheduler = one.daemon()
        checked = scheduler.read(scheduler.schedules()[0])
        assert checked.version is not None
        (shown,) = ReportCache(scheduler, lambda: MORNING + MINUTE).condensed()
        assert shown.report is not None
        assert shown.report.counts.states[State.AVAILABLE] == len(ids)
    one.write("resources.csv", *ids[:2])
    scheduler = one.daemon()
    (shown,) = ReportCache(scheduler, lambda: MORNING + MINUTE).condensed()
    assert shown.report is not None
    assert shown.report.counts.resources == 2
