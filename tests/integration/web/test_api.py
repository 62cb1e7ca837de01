"""The JSON API: it is what its OpenAPI description says, and the report and the life are those of the commands."""

import json
from typing import Any

import httpx
import pytest
from integration.web.conftest import Serve
from integration.web.fake_daemon import SEED_LIST, FakeDaemon, seed_catalogue
from integration.web.test_actions import accept
from integration.web.test_pages import CALCULUS

from linkwatch.daemon.api import Progress
from linkwatch.errors import UsageError
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.formats import json as json_report
from linkwatch.report.resource import json as json_life
from linkwatch.services.report import report_of_lists
from linkwatch.services.show import resource_history

ANSWERS = {
    "/schedules": "/schedules",
    "/reports/{schedule}": "/reports/courses",
    "/runs": "/runs?page=1",
    "/resources/{kind}/{id}": CALCULUS,
    "/progress": "/progress",
    "/quota": "/quota",
    "/acks": "/acks",
}


def described(client: httpx.Client) -> dict[str, Any]:
    document = client.get("/api/v1/openapi.json").json()
    assert isinstance(document, dict)
    return document


def faults(document: dict[str, Any], path: str, answer: httpx.Response) -> list[str]:
    """Where an answer is not as it is described."""
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415 - it loads slowly

    content = document["paths"][path]["get"]["responses"][str(answer.status_code)]["content"]
    (media_type,) = content
    assert answer.headers["content-type"] == media_type
    schema = {**content[media_type]["schema"], "components": document["components"]}
    return [
        str(error) for error in Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(answer.json())
    ]


def closed(document: Any) -> Any:
    """The description with no room for what it does not name."""
    if isinstance(document, list):
        return [closed(each) for each in document]
    if not isinstance(document, dict):
        return document
    members = {name: closed(value) for name, value in document.items()}
    return (
        {**members, "additionalProperties": False}
        if members.get("type") == "object" and "properties" in members
        else members
    )


def test_the_description_is_valid_openapi(serve: Serve, month: FakeDaemon) -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415 - it loads slowly

    OpenAPIV31SpecValidator(described(serve(month))).validate()


def test_every_operation_is_described_and_every_described_one_answers(serve: Serve, month: FakeDaemon) -> None:
    client = serve(month)
    assert set(described(client)["paths"]) == set(ANSWERS)
    assert [client.get(f"/api/v1{path}").status_code for path in ANSWERS.values()] == [200] * len(ANSWERS)


@pytest.mark.parametrize("path", ANSWERS)
def test_an_answer_is_what_is_described_no_less_and_no_more(serve: Serve, week: FakeDaemon, path: str) -> None:
    client = serve(week)
    accept(client)
    week.running = Progress("courses", week.now, 3, 40)
    answer = client.get(f"/api/v1{ANSWERS[path]}")
    document = described(client)
    assert faults(document, path, answer) == []
    assert faults({**document, "components": closed(document["components"])}, path, answer) == []


def test_a_failure_is_what_is_described(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    document = described(client)
    assert faults(document, "/reports/{schedule}", client.get("/api/v1/reports/nothing")) == []
    assert faults(document, "/resources/{kind}/{id}", client.get("/api/v1/resources/nonsense/x")) == []
    week.lists["courses"] = UsageError("resources.csv: no such file")
    answer = client.get("/api/v1/reports/courses")
    assert answer.json()["error"].startswith("resources.csv: no such file")
    assert faults(document, "/reports/{schedule}", answer) == []
    with week.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE runs RENAME TO ran")
    answer = client.get("/api/v1/runs")
    assert answer.status_code == 503
    assert faults(document, "/runs", answer) == []


def test_the_report_is_the_one_of_the_command(serve: Serve, month: FakeDaemon) -> None:
    ours = report_of_lists(
        seed_catalogue(), [SEED_LIST], database=month.database, settings=month.settings, now=month.now
    )
    answer = serve(month).get("/api/v1/reports/courses")
    assert answer.text == json_report.render(ours)


def test_the_life_is_the_one_of_the_command(serve: Serve, month: FakeDaemon) -> None:
    resource = Resource(Kind.PLAYLIST, CALCULUS.rpartition("/")[2])
    life = resource_history(resource, database=month.database, settings=month.settings, now=month.now)
    assert life is not None
    assert serve(month).get(f"/api/v1{CALCULUS}").text == json_life.render(life)


def test_runs_come_newest_first_with_what_they_were_of(serve: Serve, month: FakeDaemon) -> None:
    page = serve(month).get("/api/v1/runs").json()
    assert (page["total"], page["page"], page["pages"]) == (30, 1, 1)
    assert [run["id"] for run in page["runs"]] == list(range(30, 0, -1))
    assert page["runs"][0]["files"] == [SEED_LIST]
    assert any(run["incomplete_reason"] for run in page["runs"])


def test_progress_quota_and_schedules_tell_what_the_pages_do(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    assert client.get("/api/v1/progress").json() == {"running": None, "last_run": 6}
    week.running = Progress("courses", week.now, 3, 40)
    running = client.get("/api/v1/progress").json()["running"]
    assert running == running | {"schedule": "courses", "phase": "links", "done": 3, "total": 40}
    quota = client.get("/api/v1/quota").json()
    assert quota["units"] + quota["left"] == quota["limit"] == 10_000
    (schedule,) = client.get("/api/v1/schedules").json()["schedules"]
    assert schedule["name"] == "courses"
    assert schedule["last_run"] == 6
    assert schedule["counts"]["links"] == 34


def test_the_key_is_in_no_answer(serve: Serve, month: FakeDaemon) -> None:
    client = serve(month)
    for path in ANSWERS.values():
        assert "AIzaSimulated" not in json.dumps(client.get(f"/api/v1{path}").json())
