"""The metrics: Prometheus can read them, and the numbers are those of the reports."""

from collections.abc import Iterator

import httpx
from integration.check.harness import listing, playlist_id
from integration.web.conftest import Serve
from integration.web.fake_daemon import FakeDaemon
from integration.web.test_actions import accept
from prometheus_client.parser import text_string_to_metric_families

from linkwatch.daemon.api import Progress

Series = dict[tuple[str, ...], float]


def scraped(client: httpx.Client) -> dict[str, Series]:
    """By name, and by the values of the labels in the order of their names."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return dict(_series(answer.text))


def _series(text: str) -> Iterator[tuple[str, Series]]:
    for family in text_string_to_metric_families(text):
        assert family.documentation
        yield (
            family.name,
            {tuple(sample.labels[name] for name in sorted(sample.labels)): sample.value for sample in family.samples},
        )


def test_the_numbers_are_those_of_the_report(serve: Serve, month: FakeDaemon) -> None:
    metrics = scraped(serve(month))
    assert metrics["linkwatch_resources"]["courses", "available"] == 32
    assert metrics["linkwatch_resources"]["courses", "unavailable"] == 2
    assert metrics["linkwatch_findings"]["error", "courses", "dead"] == 2
    assert metrics["linkwatch_findings"]["error", "courses", "emptied"] == 0, "what is not there is zero, so alerts end"
    assert metrics["linkwatch_run_age_seconds"]["courses",] == 40 * 60
    assert metrics["linkwatch_run_complete"]["courses",] == 1
    assert metrics["linkwatch_run_duration_seconds"]["courses",] == 0
    assert metrics["linkwatch_quota_units"][()] == 15
    assert metrics["linkwatch_quota_limit"][()] == 10_000
    assert metrics["linkwatch_heartbeat_age_seconds"][()] == 0
    assert metrics["linkwatch_heartbeat_timestamp_seconds"][()] == month.clock().timestamp()
    assert metrics["linkwatch_run_start_timestamp_seconds"]["courses",] == month.clock().timestamp() - 40 * 60
    assert metrics["linkwatch_workers"][()] == 0
    assert metrics["linkwatch_outbox_dead"]["team",] == metrics["linkwatch_outbox_waiting"]["team",] == 0


def test_what_is_accepted_is_no_finding_and_what_runs_is_reported(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    assert scraped(client)["linkwatch_findings"]["warning", "courses", "duplicate"] == 1
    accept(client)
    week.running = Progress("courses", week.now, 1, 40)
    metrics = scraped(client)
    assert metrics["linkwatch_findings"]["warning", "courses", "duplicate"] == 0
    assert metrics["linkwatch_findings_accepted"]["courses",] == 1
    assert metrics["linkwatch_check_running"]["courses",] == 1


def test_the_names_of_lists_are_labels_whatever_is_in_them(serve: Serve, daemon: FakeDaemon) -> None:
    name = 'a "b" \\ c} 1\nlinkwatch_lie 7'
    daemon.add_schedule(name, listing(playlist_id(1)), "resources.csv")
    metrics = scraped(serve(daemon))
    assert metrics["linkwatch_resources"][name, "unknown"] == 1
    assert "linkwatch_lie" not in metrics
    assert (name,) not in metrics["linkwatch_run_complete"], "there was none"


def test_without_a_list_there_is_something_to_scrape(serve: Serve, daemon: FakeDaemon) -> None:
    metrics = scraped(serve(daemon))
    assert metrics["linkwatch_quota_units"][()] == 0
    assert metrics["linkwatch_resources"] == {}
