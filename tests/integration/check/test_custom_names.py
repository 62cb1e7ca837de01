"""Custom channel URLs: watched as the channel whose handle or user name is spelt the same, if its title fits."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from integration.check.harness import DAY, KEYED, KEYLESS, LIST, Harness, channel_id, finding_of, rules, run_of

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.models.link import Link
from linkwatch.models.observation import State
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.formats import html, json, terminal
from linkwatch.report.resource.html import facts_of
from linkwatch.report.resource.json import render as history_as_json
from linkwatch.report.resource.terminal import render as history_as_text
from linkwatch.report.summary import notes
from linkwatch.services.show import resource_history
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
    means = "handle" if channel.handle else "user name or former handle"
    name = url.removeprefix("https://www.youtube.com/")
    assert notes(report)[0] == f"/{name} is watched as channel “Khan Academy” by the {means} of the same spelling"
    assert run_of(report).quota_units == 2
    report = harness.check(after=DAY)
    assert run_of(report).quota_units == 1, "a steady check asks about the channel alone"
    assert f"/{name} is watched as" in notes(report)[0]


@pytest.mark.parametrize(
    "channels",
    [[], [HANDLE, USER], [ANOTHER]],
    ids=["nobody has it", "two channels have it", "the title is another"],
)
def test_a_name_that_may_be_anybodys_stays_what_it_is(tmp_path: Path, channels: list[SimChannel]) -> None:
    harness = Harness(tmp_path, channels, [CUSTOM])
    report = harness.check()
    finding = finding_of(report, "unmonitorable")
    assert finding.id == "c/khanacademy"
    assert finding.message.endswith(
        "or `UC…` id (tried 2026-11-22: the handle @khanacademy and the user name khanacademy lead to no channel, to "
        "two, or to one of another title)"
    )
    assert finding.evidence == {"tried_at": harness.now}
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


def test_every_format_says_which_channel_a_name_is_watched_as(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [HANDLE], [CUSTOM])
    report = harness.check()
    says = "/c/khanacademy is watched as channel “Khan Academy” by the handle of the same spelling"
    assert says in " ".join(terminal.render(report).split())
    assert says in html.render(report)
    (resource,) = msgspec.json.decode(json.render(report))["resources"]
    assert resource["custom_names"] == [{"name": "c/khanacademy", "by": "handle"}]


def test_the_history_says_which_channel_a_name_is_watched_as_or_what_was_tried(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [USER], [CUSTOM, "https://www.youtube.com/c/nobody"])
    harness.run()
    watched, unresolved = (
        resource_history(
            Resource(Kind.CHANNEL, id_), database=harness.database, settings=harness.settings, now=harness.now
        )
        for id_ in ("c/khanacademy", "c/nobody")
    )
    assert watched is not None
    assert unresolved is not None
    says = "/c/khanacademy is watched as channel “Khan Academy” by the user name or former handle of the same spelling"
    assert says in " ".join(history_as_text(watched).split())
    assert dict(facts_of(watched))["watched as"] == says
    (named,) = msgspec.json.decode(history_as_json(watched))["resource"]["custom_names"]
    assert named == {"name": "c/khanacademy", "by": "user_name"}
    tried = "(tried 2026-11-22: the handle @nobody and the user name nobody lead to no channel, to two, or"
    assert tried in " ".join(history_as_text(unresolved).split())
    assert tried in str(dict(facts_of(unresolved))["why"])
    assert "custom_names" not in msgspec.json.decode(history_as_json(unresolved))["resource"]


def test_names_wait_for_units_that_are_not_reserved_for_checks(tmp_path: Path) -> None:
    urls = [f"https://www.youtube.com/c/nobody{n}" for n in range(4)]
    harness = Harness(tmp_path, [], urls, settings=replace(KEYED, quota_per_day=10))
    report = harness.check()
    assert run_of(report).quota_units == 4, "five of ten units are reserved, and the fifth makes no pair"
    assert (
        run_of(report).note == "2 custom channel URLs not tried yet: half of the day's quota units are kept for checks"
    )
    assert run_of(report).complete
    report = harness.check(after=DAY)
    assert (run_of(report).quota_units, run_of(report).note) == (4, None), "those that were never tried come first"
    assert sorted(harness.asked("channels.list")) == sorted(
        name for n in range(4) for name in (f"@nobody{n}", f"user/nobody{n}")
    )
