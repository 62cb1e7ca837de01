"""The list that the project began with, checked as on the first day of its month."""

from importlib.resources import files
from pathlib import Path

import pytest
from integration.check.harness import DAY, LIST, Harness, finding_of, rules, run_of

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.models.observation import State
from linkwatch.simulator.demo_list import PLAYLISTS
from linkwatch.simulator.scenario import demo_scenario
from linkwatch.sources import read_lists

SHIPPED = Path(str(files("linkwatch.simulator") / LIST))


@pytest.fixture
def seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Harness:
    monkeypatch.chdir(tmp_path)
    Path(LIST).write_bytes(SHIPPED.read_bytes())
    harness = Harness(tmp_path)
    harness.settle(demo_scenario(harness.now).world)
    with SHIPPED.open("rb") as stdin:
        harness.catalogue = catalogue_links(read_lists([LIST], stdin=stdin))
    return harness


def test_34_links_name_34_resources_that_live(seed: Harness) -> None:
    """33 entries name something else each, one is listed twice, and one names a video and its playlist."""
    report = seed.check()
    assert (report.counts.links, report.counts.resources) == (34, 34)
    assert report.counts.states[State.AVAILABLE] == 34
    assert run_of(report).complete


def test_the_first_check_resolves_two_names_and_costs_four_units_the_second_three(seed: Harness) -> None:
    first = run_of(seed.check())
    assert (first.quota_units, seed.units) == (4, 4)
    second = run_of(seed.check(after=DAY))
    assert (second.quota_units, seed.units) == (3, 3)
    assert set(seed.asked("channels.list")[:2]) == {"user/jbstatistics", "user/BCFoltz"}
    assert all(id_.startswith("UC") for id_ in seed.asked("channels.list")[2:])


def test_the_one_duplicate_is_explained_by_the_label_that_does_not_fit(seed: Harness) -> None:
    report = seed.check()
    assert rules(report) == ["duplicate", "mislabelled"]
    duplicate, mislabelled = finding_of(report, "duplicate"), finding_of(report, "mislabelled")
    assert [(link.line, link.label) for link in duplicate.links] == [(14, "Linear Algebra"), (18, "Calculus 3")]
    assert "resources.csv:14" in duplicate.message
    assert "resources.csv:18" in duplicate.message
    assert "label “Linear Algebra” doesn't match the title" in duplicate.message
    assert duplicate.evidence["mislabelled"] == ["resources.csv:14"]
    assert [(link.line, link.label) for link in mislabelled.links] == [(14, "Linear Algebra")]
    assert "“Calculus 3” (resources.csv:18)" in mislabelled.message


def test_quiet_days_change_nothing(seed: Harness) -> None:
    first = seed.check()
    second = seed.check(after=DAY)
    assert [finding.new for finding in first.findings] == [True, True]
    assert [finding.new for finding in second.findings] == [False, False]
    assert seed.events() == []


@pytest.mark.long  # a simulated month
def test_a_month_of_checks_tells_each_thing_once_and_calls_nothing_dead_that_lives(seed: Harness) -> None:
    """Three things die or hide, one of them returns; a blip, an outage and a spent quota kill nothing."""
    seed.run()
    for _ in range(29):
        seed.run(after=DAY)
    blip = {playlist.id for playlist in PLAYLISTS[:9]}
    statistics, foundations, college = (
        "PLwJRxp3blEvZ8AKMXOy0fc0cqT61GsKCG",
        "PLRDl2inPrWQW1QSWhBU0ki-jq_uElkh2a",
        "JnTa9XtvmfI",
    )
    assert [event for event in seed.events() if event[0] not in blip] == [
        ("PL7wAPgl1JVvUEb0dIygHzO4698tmcwLk9", "retitled"),
        ("PLO1y6V1SXjjMTg1tzxMo_9BjZfed9SyLb", "shrunk"),
        (statistics, "died"),
        (foundations, "died"),
        ("ErfnhcEV1O8", "restricted"),
        ("PLAqhIrjkxbuWI23v9cThsA9GvCAUhRvKZ", "grown"),
        ("PLQVvvaa0QuDcjD5BAw2DxE6OF2tius3V3", "owner-changed"),
        (foundations, "recovered"),
        (college, "died"),
    ]
    assert {kind for id_, kind in seed.events() if id_ in blip} <= {"suspected", "recovered"}
    assert {r.id for r, known in seed.all_known().items() if known.state is not State.AVAILABLE} == {
        statistics,
        college,
    }
