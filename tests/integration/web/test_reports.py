"""Reports are made once and kept, until something changes that they tell of."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from integration.check.harness import listing, playlist_id, playlists
from integration.web.fake_daemon import StandIn, living_in

from linkwatch.models import rules
from linkwatch.models.rules import Level
from linkwatch.report.model import Report
from linkwatch.services.acknowledge import accept
from linkwatch.services.lists import ReadLists
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube
from linkwatch.web.reports import Reports

TWICE = (playlist_id(0), playlist_id(1), playlist_id(1))


@pytest.fixture
def youtube(standin: StandIn) -> SimulatedYouTube:
    standin.watch("list", listing(*TWICE), "resources.csv")
    youtube = living_in(standin, World(playlists(3)))
    standin.check("list", youtube)
    return youtube


def report_of(reports: Reports) -> Report:
    watched = reports.of("list")
    assert watched is not None
    assert watched.report is not None
    return watched.report


@pytest.mark.usefixtures("youtube")
def test_nothing_changes_and_the_report_is_the_same_one(standin: StandIn) -> None:
    reports = Reports(standin, standin.clock)
    first = report_of(reports)
    standin.now += timedelta(minutes=4)
    standin.lists["list"] = ReadLists(listing(*TWICE), ("resources.csv",))
    (watched,) = reports.of_all()
    assert watched.report is first


def test_a_check_an_acknowledgement_a_setting_or_a_list_makes_another(
    standin: StandIn, youtube: SimulatedYouTube, tmp_path: Path
) -> None:
    reports = Reports(standin, standin.clock)
    seen = [report_of(reports)]

    def changed(rule: str) -> int:
        now = report_of(reports)
        assert now is not seen[-1]
        seen.append(now)
        return sum(finding.rule.name == rule and finding.acknowledged is None for finding in now.findings)

    youtube.world.delete(playlist_id(0), standin.now)
    standin.now += timedelta(minutes=1)
    standin.check("list", youtube)
    assert changed("dead") == 1
    accept(standin.settings, standin.now, [playlist_id(0), "dead"], "it moves", None)
    assert changed("dead") == 0
    standin.settings = replace(standin.settings, levels={**standin.settings.levels, rules.DUPLICATE: Level.OFF})
    assert changed("duplicate") == 0
    standin.lists["list"] = ReadLists(listing(*TWICE, playlist_id(2)), ("resources.csv",))
    assert changed("dead") == 0
    Path(standin.settings.acks_file).write_text('[[ack]]\nrule = "overlap"\nreason = "none"\n', "utf-8")
    assert changed("dead") == 1, "the file is the truth, and does not name it"


@pytest.mark.usefixtures("youtube")
def test_what_depends_on_the_time_alone_is_seen_after_some_minutes(standin: StandIn) -> None:
    reports = Reports(standin, standin.clock)
    first = report_of(reports)
    standin.now += timedelta(minutes=5, seconds=1)
    assert report_of(reports).generated_at == standin.now
    assert report_of(reports) is not first


@pytest.mark.usefixtures("youtube")
def test_another_day_is_seen_at_midnight(standin: StandIn) -> None:
    reports = Reports(standin, standin.clock)
    standin.now = standin.now.replace(hour=23, minute=59)
    first = report_of(reports)
    standin.now += timedelta(minutes=2)
    assert report_of(reports) is not first


@pytest.mark.usefixtures("youtube")
def test_two_who_ask_at_once_get_the_same_report(standin: StandIn) -> None:
    reports, found, together = Reports(standin, standin.clock), [], Barrier(4)

    def ask() -> None:
        together.wait()
        found.append(report_of(reports))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(report) for report in found}) == 1


def test_there_is_no_report_of_what_is_not_watched(standin: StandIn) -> None:
    assert Reports(standin, standin.clock).of("nothing") is None
    assert Reports(standin, standin.clock).of_all() == []
