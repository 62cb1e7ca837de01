"""What somebody does with the OpenAPI description: generates a client, and asks with it."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from integration.web.conftest import Serve
from integration.web.fake_daemon import FakeDaemon
from integration.web.test_pages import CALCULUS

GENERATE = (sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning")


def test_no_title_is_given_twice_and_times_are_times(serve: Serve, month: FakeDaemon) -> None:
    schemas = serve(month).get("/api/v1/openapi.json").json()["components"]["schemas"]
    titles = Counter(schema["title"] for schema in schemas.values())
    assert [title for title, count in titles.items() if count > 1] == []
    assert [name for name in schemas if "." in name] == []
    times = {
        f"{name}.{property_}": json.dumps(schema)
        for name, described in schemas.items()
        for property_, schema in described.get("properties", {}).items()
        if property_.endswith("_at") or property_ in {"at", "since", "until"}
    }
    assert len(times) > 25
    assert [name for name, schema in times.items() if '"format": "date' not in schema] == []


@pytest.mark.long  # generating takes seconds
def test_a_generated_client_reads_every_answer(
    serve: Serve, month: FakeDaemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve(month)
    (tmp_path / "openapi.json").write_bytes(served.get("/api/v1/openapi.json").content)
    command = [*GENERATE, "--path", "openapi.json", "--output-path", "watch_client"]
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}  # it formats with Ruff
    ran = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Unable" not in ran.stdout
    assert "Warning" not in ran.stdout
    monkeypatch.syspath_prepend(str(tmp_path))
    with import_module("watch_client").Client(f"{served.base_url}api/v1", raise_on_unexpected_status=True) as client:
        assert_every_answer_is_read(client)


def assert_every_answer_is_read(client: object) -> None:
    def ask(operation: str, *arguments: object) -> Any:
        answer = import_module(f"watch_client.api.default.{operation}").sync(*arguments, client=client)
        assert type(answer).__name__.lower() == operation.replace("_", ""), answer
        return answer

    (newest, *_) = ask("runs").runs
    assert timedelta(0) <= newest.finished_at - newest.started_at < timedelta(days=1)
    (schedule,) = ask("schedules").schedules
    assert schedule.next_check_at.tzinfo is not None
    report = ask("json_report", schedule.name)
    assert {finding.rule for finding in report.findings} >= {"dead", "duplicate"}
    kind, id_ = CALCULUS.split("/")[-2:]
    history = ask("json_resource_history", kind, id_)
    assert history.resource.id == id_
    assert history.checks[0].at.tzinfo is not None
    for operation in ("acks", "quota", "progress_now"):
        ask(operation)
