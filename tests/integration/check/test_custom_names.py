"""Custom channel URLs: watched as the channel whose handle or user name is spelt the same, if its title fits."""

from dataclasses import replace
from pathlib import Path

import pytest
from integration.check.harness import DAY, KEYLESS, LIST, Harness, channel_id, finding_of, rules, run_of

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.models.link import Link
from linkwatch.models.observation import State
from linkwatch.simulator.entities import SimChannel
from linkwatch.simulator.faults import Fault, FaultPeriod

HANDLE = SimChannel(channel_id(0), "Khan Academy", handle="@khanacademy")
USER = SimChannel(channel_id(1), "Khan Academy", username="khanacademy")
BOTH = replace(HANDLE, username="khanacademy")
ANOTHER = SimChannel(channel_id(2), "Somebody else", handle="@khanacademy")
CUSTOM, BARE = "https://www.youtube.com/c/khanacademy", "https://www.youtube.com/khanacademy"


@pytest.mark.parametrize("channel", [HANDLE, USER, BOTH], ids=["handle", "user name", "both"])
@pytest.mark.parametrize("url", [CUSTOM, BARE])
def test_a_name_is_watched_as_the_one_channel_that_has_it(tmp_path: Path, channel: SimChannel, url: str) -> None:
    harness = Harness(tmp_path, [channel], [url])
    report = harness.check()
    assert rules(report) == []
    assert [(item.resource.id, item.state) for item in report.resources] == [(channel.id, State.AVAILABLE)]
    assert "watched as the channel whose handle or user name is spelt the same: /" in str(run_of(report).note)
    assert run_of(report).quota_units == 2
    report = harness.check(after=DAY)
    assert (run_of(report).quota_units, run_of(report).note) == (1, None), "a steady check asks about the channel alone"


@pytest.mark.parametrize(
    "channels",
    [[], [HANDLE, USER], [ANOTHER]],
    ids=["nobody has it", "two channels have it", "the title is another"],
)
def test_a_name_that_may_be_anybodys_stays_what_it_is(tmp_path: Path, channels: list[SimChannel]) -> None:
    harness = Harness(tmp_path, channels, [CUSTOM])
    report = harness.check()
    assert finding_of(report, "unmonitorable").id == "c/khanacademy"
    assert run_of(report).complete
    assert run_of(report).quota_units == 2
    assert run_of(harness.check(after=DAY)).quota_units == 0, "it is not tried at each check"
    assert run_of(harness.check(after=30 * DAY)).quota_units == 2


def test_the_owner_that_the_list_names_speaks_for_a_channel_of_another_title(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [ANOTHER], [CUSTOM])
    named = Link(CUSTOM, LIST, 2, 1, None, None, "Somebody else")
    report = harness.check(catalogue=catalogue_links([named]))
    assert [item.resource.id for item in report.resources] == [ANOTHER.id]


@pytest.mark.parametrize(
    ("name", "title", "label", "fits"),
    [
        ("khanacademy", "Somebody else", "Videos", False),
        ("khanacademy", "Somebody else", "here", False),
        ("khanacademy", "Somebody else", "Watch on YouTube", False),
        ("khanacademy", "Somebody else", "Khan Academy", False),
        ("khanacademy", "Пельмени дома", None, False),
        ("khanacademy", "料理チャンネル", None, False),
        ("khanacademy", "Academy", None, False),
        ("art", "Party", None, False),
        ("art123", "Smart Art Party", None, True),
        ("ProfessorLeonard57", "Professor Leonard", None, True),
        ("khan", "Khan Academy", None, True),
        ("3blue1brown", "3Blue1Brown", None, True),
        ("teacher", "Пельмени дома", "канал «Пельмени дома»", True),
        ("teacher", "Mr. Smith", "The lectures of Mr Smith", True),
    ],
)
def test_the_title_must_say_the_name_or_the_list_the_title(
    tmp_path: Path, name: str, title: str, label: str | None, fits: bool
) -> None:
    channel, url = SimChannel(channel_id(3), title, handle=f"@{name}"), f"https://www.youtube.com/c/{name}"
    harness = Harness(tmp_path, [channel], [url])
    report = harness.check(catalogue=catalogue_links([Link(url, LIST, 2, 1, label)]))
    assert [item.resource.id for item in report.resources] == [channel.id if fits else f"c/{name}"]


def test_without_a_key_or_an_answer_it_stays_what_it_is_and_is_tried_again(tmp_path: Path) -> None:
    without = Harness(tmp_path, [HANDLE], [CUSTOM], settings=KEYLESS)
    assert finding_of(without.check(), "unmonitorable").id == "c/khanacademy"
    harness = Harness(tmp_path, [HANDLE], [CUSTOM], now=without.now + DAY)
    harness.world.add_faults(FaultPeriod(Fault.HTML_502, harness.now, harness.now + DAY))
    assert finding_of(harness.check(), "unmonitorable").id == "c/khanacademy"
    assert rules(harness.check(after=2 * DAY)) == []
