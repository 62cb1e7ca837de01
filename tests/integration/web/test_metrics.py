"""The metrics: Prometheus can read them, and the numbers are those of the reports."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from integration.check.harness import listing, playlist_id
from integration.deploy.files import DEPLOY, read_yaml
from integration.web.conftest import Serve
from integration.web.fake_daemon import FakeDaemon
from integration.web.test_actions import accept
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families
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


def test_openmetrics_is_for_who_asks_for_it(serve: Serve, month: FakeDaemon) -> None:
    answer = serve(month).get(
        "/metrics", headers={"accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}
    )
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    families = openmetrics_families(answer.text)  # type: ignore[no-untyped-call]
    assert {family.name for family in families} == {
        family.name.removesuffix("_info")
        for family in text_string_to_metric_families(serve(month).get("/metrics").text)
    }


RULES = [
    rule for group in read_yaml(DEPLOY / "prometheus" / "linkwatch.rules.yml")["groups"] for rule in group["rules"]
]
GRAFANA = json.loads((DEPLOY / "grafana" / "linkwatch.json").read_text("utf-8"))
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in GRAFANA["panels"] for target in panel["targets"]
]
OF_THE_SCRAPE = {"instance", "job"}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_alerts_and_panels_read_metrics_and_labels_that_there_are(
    expression: str, serve: Serve, month: FakeDaemon
) -> None:
    labels = {
        sample.name: set(sample.labels) | OF_THE_SCRAPE
        for family in text_string_to_metric_families(serve(month).get("/metrics").text)
        for sample in family.samples
    }
    named = re.findall(r"(linkwatch_\w+)(?:\{([^}]*)\})?", expression)
    assert named
    for metric, selector in named:
        assert set(re.findall(r"(\w+)(?:=~?|!=|!~)", selector)) <= labels[metric]
        for grouping in re.findall(r"\bby \(([^)]*)\)", expression):
            assert set(grouping.split(", ")) <= labels[metric]


def test_every_alert_says_what_to_do_and_the_panels_are_told_apart() -> None:
    for rule in RULES:
        assert rule["alert"].startswith("Linkwatch")
        assert set(rule["annotations"]) == {"summary", "description"}
        by = re.findall(r"\bby \(([^)]*)\)", rule["expr"])
        if by:  # the others keep all labels of their metric
            assert set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])) <= set(by[0].split(", "))
    numbers = [panel["id"] for panel in GRAFANA["panels"]]
    assert len(set(numbers)) == len(numbers)
    assert {target["datasource"]["uid"] for panel in GRAFANA["panels"] for target in panel["targets"]} == {
        "${datasource}"
    }
