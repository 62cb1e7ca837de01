"""Reports are made once and kept, until something changes that they tell of."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from integration.check.harness import listing, playlist_id, playlists
from integration.web.conftest import Serve
from integration.web.fake_daemon import FakeDaemon, simulated_youtube

from linkwatch.models import rules
from linkwatch.models.rules import Level
from linkwatch.report.model import Report
from linkwatch.services.acknowledge import acknowledge
from linkwatch.services.dashboard import data_revision
from linkwatch.services.lists import ReadLists
from linkwatch.services.report import report_of_lists
from linkwatch.services.summaries import store_summary, summary_version
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube
from linkwatch.web.reports import ReportCache

TWICE = (playlist_id(0), playlist_id(1), playlist_id(1))


@pytest.fixture
def youtube(daemon: FakeDaemon) -> SimulatedYouTube:
    daemon.add_schedule("list", listing(*TWICE), "resources.csv")
    youtube = simulated_youtube(daemon, World(playlists(3)))
    daemon.check("list", youtube)
    return youtube


def report_of(reports: ReportCache) -> Report:
    watched = reports.get("list")
    assert watched is not None
    assert watched.report is not None
    return watched.report


@pytest.mark.usefixtures("youtube")
def test_nothing_changes_and_the_report_is_the_same_one(daemon: FakeDaemon) -> None:
    reports = ReportCache(daemon, daemon.clock)
    first = report_of(reports)
    daemon.now += timedelta(minutes=4)
    daemon.lists["list"] = ReadLists(listing(*TWICE), ("resources.csv",))
    (watched,) = reports.all()
    assert watched.report is first


def test_a_check_an_acknowledgement_a_setting_or_a_list_makes_another(
    daemon: FakeDaemon, youtube: SimulatedYouTube, tmp_path: Path
) -> None:
    reports = ReportCache(daemon, daemon.clock)
    seen = [report_of(reports)]

    def changed(rule: str) -> int:
        now = report_of(reports)
        assert now is not seen[-1]
        seen.append(now)
        return sum(finding.rule.name == rule and finding.acknowledged is None for finding in now.findings)

    youtube.world.delete(playlist_id(0), daemon.now)
    daemon.now += timedelta(minutes=1)
    daemon.check("list", youtube)
    assert changed("dead") == 1
    acknowledge(daemon.settings, daemon.now, [playlist_id(0), "dead"], "it moves", None)
    assert changed("dead") == 0
    daemon.settings = replace(daemon.settings, levels={**daemon.settings.levels, rules.DUPLICATE: Level.OFF})
    assert changed("duplicate") == 0
    daemon.lists["list"] = ReadLists(listing(*TWICE, playlist_id(2)), ("resources.csv",))
    assert changed("dead") == 0
    Path(daemon.settings.acks_file).write_text('[[ack]]\nrule = "overlap"\nreason = "none"\n', "utf-8")
    assert changed("dead") == 1, "the file is the truth, and does not name it"


@pytest.mark.usefixtures("youtube")
def test_what_depends_on_the_time_alone_is_seen_after_some_minutes(daemon: FakeDaemon) -> None:
    reports = ReportCache(daemon, daemon.clock)
    first = report_of(reports)
    daemon.now += timedelta(minutes=5, seconds=1)
    assert report_of(reports).generated_at == daemon.now
    assert report_of(reports) is not first


@pytest.mark.usefixtures("youtube")
def test_another_day_is_seen_at_midnight(daemon: FakeDaemon) -> None:
    reports = ReportCache(daemon, daemon.clock)
    daemon.now = daemon.now.replace(hour=23, minute=59)
    first = report_of(reports)
    daemon.now += timedelta(minutes=2)
    assert report_of(reports) is not first


@pytest.mark.usefixtures("youtube")
def test_two_who_ask_at_once_get_the_same_report(daemon: FakeDaemon) -> None:
    reports, found, together = ReportCache(daemon, daemon.clock), [], Barrier(4)

    def ask() -> None:
        together.wait()
        found.append(report_of(reports))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(report) for report in found}) == 1


def test_there_is_no_report_of_what_is_not_watched(daemon: FakeDaemon) -> None:
    assert ReportCache(daemon, daemon.clock).get("nothing") is None
    assert ReportCache(daemon, daemon.clock).all() == []


def test_a_list_that_was_named_anew_is_found_by_its_key_too(week: FakeDaemon) -> None:
    """As the default schedule, whose badges were addressed as `lists`."""
    state = week.states[0]
    week.states[0] = replace(state, schedule=replace(state.schedule, stored_as="lists"))
    cache = ReportCache(week, week.clock)
    for name in ("courses", "lists"):
        schedule = cache.get(name)
        assert schedule is not None
        assert schedule.name == "courses"
    assert cache.get("others") is None


def test_the_first_page_and_the_metrics_are_those_of_a_whole_report(week: FakeDaemon, serve: Serve) -> None:
    """What a check stores is shown without making a report, until something changes that it was made from."""
    made = serve(week)
    whole = {path: made.get(path).text for path in ("/", "/metrics")}
    name = week.states[0].schedule.name
    read = week.lists[name]
    assert isinstance(read, ReadLists)
    week.lists[name] = read = replace(read, version="as read")
    settings, key = week.settings, week.states[0].schedule.key
    version = summary_version("as read", settings, data_revision(week.database), None)
    report = report_of_lists(read.catalogue, read.files, database=week.database, settings=settings, now=week.now)
    assert report.findings
    store_summary(week.database, key, version, report, 0.1)
    stored = serve(week)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("linkwatch.web.reports.report_of_lists", None)  # a report made now would fail
        for path, text in whole.items():
            assert without_tokens(stored.get(path).text) == without_tokens(text)
    finding = next(each for each in report.findings if each.id and each.acknowledged is None)
    acknowledge(settings, week.now, [str(finding.id), finding.rule.name], "known", None)
    issues = {path: stored.get(path).text for path in whole}
    assert without_tokens(issues["/"]) != without_tokens(whole["/"])
    assert issues["/metrics"] != whole["/metrics"]


def without_tokens(page: str) -> str:
    """A page without what is random in each: tokens of forms and of the content security policy."""
    return re.sub(r'(name="form" value|nonce)="[^"]*"', "", page)


@pytest.mark.usefixtures("youtube")
def test_what_a_check_stored_is_not_shown_for_longer_than_a_report(daemon: FakeDaemon) -> None:
    """Five minutes, and not over midnight; of a list whose report takes long to make, a day."""
    read = daemon.lists["list"]
    assert isinstance(read, ReadLists)
    daemon.lists["list"] = read = replace(read, version="as read")
    report = report_of_lists(
        read.catalogue, read.files, database=daemon.database, settings=daemon.settings, now=daemon.now
    )
    version = summary_version("as read", daemon.settings, data_revision(daemon.database), None)

    def shown(took: float, later: timedelta) -> datetime | None:
        store_summary(daemon.database, daemon.states[0].schedule.key, version, report, took)
        (condensed,) = ReportCache(daemon, lambda: report.generated_at + later).condensed()
        return None if condensed.report is None else condensed.report.generated_at

    made = report.generated_at
    assert shown(0.1, timedelta(minutes=4)) == made
    assert shown(0.1, timedelta(minutes=6)) == made + timedelta(minutes=6)
    assert shown(60, timedelta(hours=16)) == made
    assert shown(60, timedelta(days=1, minutes=1)) == made + timedelta(days=1, minutes=1)
