"""Handles and user names: resolved once to the id of the channel, which is stored."""

from pathlib import Path

import pytest
from integration.check.harness import DAY, HOUR, MORNING, Harness, channel_id, finding_of, rules, run_of

from linkwatch.models.observation import State
from linkwatch.report.model import Report
from linkwatch.simulator.entities import SimChannel
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.options import Options
from linkwatch.store.channels import load_handles_of_users

CHANNEL = SimChannel(channel_id(0), "A channel", handle="@AChannel", username="TheChannel")
BY_HANDLE = "https://www.youtube.com/@AChannel"
BY_USER = "https://www.youtube.com/user/TheChannel/videos"
BY_ID = f"https://www.youtube.com/channel/{CHANNEL.id}"


def test_three_addresses_of_one_channel_become_one_resource_and_a_duplicate(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_HANDLE, BY_USER, BY_ID])
    report = harness.check()
    assert (report.counts.links, report.counts.resources) == (3, 1)
    assert run_of(report).quota_units == 3
    assert [link.url for link in finding_of(report, "duplicate").links] == [BY_HANDLE, BY_USER, BY_ID]
    assert rules(report) == ["duplicate"]
    assert harness.state(CHANNEL.id) is State.AVAILABLE


def test_names_are_resolved_once(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_HANDLE, BY_USER])
    assert run_of(harness.check()).quota_units == 2
    for _ in range(3):
        assert run_of(harness.check(after=DAY)).quota_units == 1
    assert sorted(harness.asked("channels.list")) == sorted(["@achannel", "user/TheChannel", *[CHANNEL.id] * 3])
    assert harness.events() == []


def test_a_channel_known_by_its_id_meets_its_handle_later(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_ID])
    harness.run()
    both = Harness(tmp_path, [CHANNEL], [BY_ID, BY_HANDLE], now=MORNING + DAY)
    report = both.check()
    assert report.counts.resources == 1
    assert both.known(CHANNEL.id).first_seen == MORNING
    assert both.events() == []


def test_a_handle_that_does_not_exist_is_dead(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_HANDLE, "@nobody"])
    report = harness.check()
    assert finding_of(report, "dead").id == "@nobody"
    assert report.counts.states[State.UNAVAILABLE] == 1


def test_a_handle_that_somebody_takes_comes_alive_with_its_history(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_HANDLE, "@nobody"])
    harness.run()
    harness.world.add(SimChannel(channel_id(7), "Somebody new", handle="@nobody"))
    report = harness.check(after=DAY)
    assert "dead" not in rules(report)
    assert harness.known(channel_id(7)).first_seen == MORNING
    assert harness.events() == [(channel_id(7), "died"), (channel_id(7), "recovered")]
    assert "@nobody" not in {resource.id for resource in harness.all_known()}


def owner_changes(report: Report) -> list[str]:
    return [finding.message for finding in report.findings if finding.rule.name == "owner-changed"]


MOVED = "@achannel now leads to channel “A squatter” (was “A channel”)"


def test_a_handle_that_another_channel_takes_is_reported_for_its_links(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL, SimChannel(channel_id(1), "A squatter")], [BY_HANDLE, BY_ID])
    harness.run()
    harness.world.reassign_handle("@AChannel", MORNING + HOUR, channel_id(1))
    report = harness.check(after=DAY)
    finding = finding_of(report, "owner-changed")
    assert (finding.message, finding.id, finding.new) == (MOVED, channel_id(1), True)
    assert [link.url for link in finding.links] == [BY_HANDLE]
    assert finding.evidence == {
        "handle": "@achannel",
        "before": {"id": CHANNEL.id, "title": "A channel"},
        "after": {"id": channel_id(1), "title": "A squatter"},
    }
    assert {item.resource.id: item.state for item in report.resources} == {
        channel_id(1): State.AVAILABLE,
        CHANNEL.id: State.AVAILABLE,
    }
    report = harness.check(after=DAY)
    assert (owner_changes(report), finding_of(report, "owner-changed").new) == ([MOVED], False)
    assert run_of(report).quota_units == 1, "the handle is its channel's again: nothing more is asked"
    assert owner_changes(harness.check(after=7 * DAY)) == []


def test_a_handle_that_is_released_is_missing_then_dead_and_its_channel_lives(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_HANDLE, BY_ID])
    harness.run()
    harness.world.rename_handle(CHANNEL.id, MORNING + HOUR, "@elsewhere")
    report = harness.check(after=DAY)
    suspect = finding_of(report, "suspect")
    assert suspect.message == (
        "handle @achannel of channel “A channel” is missing from the Data API's answers (missed check 1 of 3)"
    )
    assert ([link.url for link in suspect.links], suspect.new) == ([BY_HANDLE], True)
    assert rules(harness.check(after=DAY)) == ["suspect"]
    report = harness.check(after=DAY)
    assert [(finding.rule.name, finding.id) for finding in report.findings] == [("dead", "@achannel")]
    assert harness.state(CHANNEL.id) is State.AVAILABLE
    assert harness.events() == [("@achannel", "suspected"), ("@achannel", "died")]


def test_a_released_handle_that_a_stranger_takes_is_back_and_reported(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL, SimChannel(channel_id(1), "A squatter")], [BY_HANDLE])
    harness.run()
    harness.world.rename_handle(CHANNEL.id, MORNING + HOUR, None)
    harness.run(after=DAY)
    harness.world.rename_handle(channel_id(1), harness.now + HOUR, "@AChannel")
    report = harness.check(after=DAY)
    assert owner_changes(report) == [MOVED]
    assert [recovery.item.resource.id for recovery in report.recoveries] == [channel_id(1)]
    assert harness.events() == [(channel_id(1), "suspected"), (channel_id(1), "recovered")]


def test_a_handle_that_its_channel_takes_back_is_its_name_again(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_HANDLE, BY_ID])
    harness.run()
    harness.world.rename_handle(CHANNEL.id, MORNING + HOUR, "@elsewhere")
    harness.run(after=DAY)
    harness.world.rename_handle(CHANNEL.id, harness.now + HOUR, "@AChannel")
    report = harness.check(after=DAY)
    assert rules(report) == ["duplicate"]
    assert [recovery.item.resource.id for recovery in report.recoveries] == [CHANNEL.id]
    assert run_of(harness.check(after=DAY)).quota_units == 1


def test_a_former_handle_that_still_leads_to_its_channel_changes_nothing(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_HANDLE], options=Options(former_handles_found=True))
    assert run_of(harness.check()).quota_units == 1
    harness.world.rename_handle(CHANNEL.id, MORNING + HOUR, "@elsewhere")
    report = harness.check(after=DAY)
    # The channel, and its former handle twice: a single answer that names another handle may be one about another.
    assert (rules(report), run_of(report).quota_units) == ([], 3)
    assert harness.events() == []


def test_a_handle_is_not_taken_for_the_channel_of_another_question(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_HANDLE])
    harness.world.add_faults(FaultPeriod(Fault.OTHER_ANSWER, MORNING - HOUR, MORNING + HOUR, attempts=1))
    first = harness.check()
    assert [item.resource.id for item in first.resources] == [CHANNEL.id]
    assert rules(harness.check(after=DAY)) == []


def test_a_renamed_handle_without_an_answer_stays_as_it_was(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_HANDLE])
    harness.run()
    harness.world.rename_handle(CHANNEL.id, MORNING + HOUR, "@elsewhere")
    times = (MORNING + HOUR, MORNING + 2 * DAY)
    harness.world.add_faults(FaultPeriod(Fault.HTML_502, *times, frozenset({"@achannel"})))
    report = harness.check(after=DAY)
    assert (rules(report), run_of(report).complete) == ([], False)
    assert harness.state(CHANNEL.id) is State.AVAILABLE
    assert rules(harness.check(after=2 * DAY)) == ["suspect"]


def test_a_closed_channel_is_missed_by_the_id_its_handle_had(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_HANDLE])
    harness.run()
    harness.world.terminate(CHANNEL.id, MORNING + HOUR)
    states = []
    for _ in range(3):
        harness.run(after=DAY)
        states.append(harness.state(CHANNEL.id).value)
    assert states == ["suspect", "suspect", "unavailable"]


@pytest.mark.parametrize("days", [1, 2, 5], ids=["at once", "while it is suspect", "when it is dead"])
def test_the_handle_of_a_terminated_channel_that_another_takes_lives_and_is_reported(tmp_path: Path, days: int) -> None:
    stranger = SimChannel(channel_id(7), "A stranger")
    harness = Harness(tmp_path, [CHANNEL, stranger], [BY_HANDLE, BY_ID])
    harness.run()
    harness.world.terminate(CHANNEL.id, MORNING + HOUR)
    harness.world.rename_handle(stranger.id, MORNING + days * DAY, "@achannel")
    for _ in range(days - 1):
        harness.run(after=DAY)
    report = harness.check(after=DAY)
    moved = finding_of(report, "owner-changed")
    assert moved.message == "@achannel now leads to channel “A stranger” (was “A channel”)"
    assert [link.url for link in moved.links] == [BY_HANDLE]
    missing = [finding for finding in report.findings if finding.rule.name in {"dead", "suspect"}]
    assert [[link.url for link in finding.links] for finding in missing] == [[BY_ID]], "its own id leads nowhere"
    assert {item.resource.id: item.state for item in report.resources}[stranger.id] is State.AVAILABLE


def test_the_handle_of_a_missing_channel_is_asked_about_once_a_day(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_HANDLE])
    harness.run()
    harness.world.terminate(CHANNEL.id, MORNING + HOUR)
    units = [run_of(harness.check(after=after)).quota_units for after in (DAY, HOUR, HOUR, DAY, DAY)]
    assert units == [2, 1, 1, 2, 2]
    assert harness.state(CHANNEL.id) is State.UNAVAILABLE


def test_the_handle_of_a_missing_channel_without_an_answer_is_asked_about_at_the_next_check(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_HANDLE])
    harness.run()
    harness.world.terminate(CHANNEL.id, MORNING + HOUR)
    times = (MORNING + HOUR, MORNING + DAY + HOUR)
    harness.world.add_faults(FaultPeriod(Fault.HTML_502, *times, frozenset({"@achannel"})))
    assert not run_of(harness.check(after=DAY)).complete
    assert run_of(harness.check(after=2 * HOUR)).quota_units == 2


def test_a_handle_in_an_outage_is_unknown_and_resolved_afterwards(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_HANDLE])
    harness.world.add_faults(FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, MORNING, MORNING + HOUR))
    assert harness.check().counts.states[State.UNKNOWN] == 1
    report = harness.check(after=DAY)
    assert (report.counts.resources, report.counts.states[State.AVAILABLE]) == (1, 1)
    assert harness.known(CHANNEL.id).first_seen == MORNING


def test_a_handle_that_fails_does_not_keep_the_others_from_being_asked(tmp_path: Path) -> None:
    others = [SimChannel(channel_id(n), f"Channel {n}", handle=f"@channel{n}") for n in range(1, 6)]
    harness = Harness(tmp_path, [CHANNEL, *others], [BY_HANDLE, *(f"@channel{n}" for n in range(1, 6))])
    harness.world.add_faults(FaultPeriod(Fault.HTML_502, MORNING, MORNING + HOUR, frozenset({"@achannel"})))
    report = harness.check()
    assert (report.counts.states[State.AVAILABLE], report.counts.states[State.UNKNOWN]) == (5, 1)
    assert not run_of(report).complete


def told_handles(harness: Harness) -> dict[str, str]:
    with harness.database.read() as connection:
        return load_handles_of_users(connection)


def test_the_handle_behind_a_user_name_is_known_and_follows_the_channel(tmp_path: Path) -> None:
    nameless = SimChannel(channel_id(1), "Without a handle", username="old")
    harness = Harness(tmp_path, [CHANNEL, nameless], [BY_USER, "user/old"])
    harness.run()
    assert told_handles(harness) == {"user/TheChannel": "@achannel"}
    harness.world.change(CHANNEL.id, MORNING + HOUR, handle="@Renamed")
    harness.run(after=DAY)
    assert told_handles(harness) == {"user/TheChannel": "@renamed"}


def test_the_handle_of_a_channel_that_is_gone_is_let_go_with_its_title(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [CHANNEL], [BY_USER])
    harness.run()
    harness.world.terminate(CHANNEL.id, MORNING + HOUR)
    for _ in range(30):
        harness.run(after=DAY)
    assert told_handles(harness) == {"user/TheChannel": "@achannel"}
    harness.run(after=DAY)
    assert told_handles(harness) == {}
