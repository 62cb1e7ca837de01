"""The image and the compose file; `make try-image` runs the Dockerfile's own steps."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
from acceptance.command import environment, write_list
from acceptance.youtube_servers import AVAILABLE, UNAVAILABLE, youtube_server
from integration.deploy.files import DEPLOY, ROOT, instructions, last, read_yaml

from linkwatch.settings import Settings

COMPOSE = read_yaml(DEPLOY / "docker" / "compose.yaml")
SERVICE = COMPOSE["services"]["linkwatch"]
KEEP_YOUTUBE = DEPLOY / "docker" / "keep_youtube.py"


def test_the_compose_file_is_what_its_schema_asks_for() -> None:
    file = DEPLOY / "docker" / "compose.yaml"
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_the_user_is_a_number_and_not_roots() -> None:
    user, group = map(int, last("USER").split(":"))
    assert user > 0
    assert group > 0
    assert any(word == "RUN" and f"--owner={user} --group={group}" in rest for word, rest in instructions())


def test_what_is_copied_is_let_through_and_is_there() -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    copied = [rest.split()[:-1] for word, rest in instructions() if word == "COPY" and not rest.startswith("--from")]
    sources = [source for sources in copied for source in sources]
    assert sorted(sources) == sorted(allowed)
    for source in sources:
        assert (ROOT / source).exists()


def test_what_the_wheel_is_built_from_is_let_through() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = [*wheel["packages"], *wheel["force-include"], *wheel["shared-data"]]
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    assert [source for source in needed if not any(Path(source).is_relative_to(place) for place in allowed)] == []


def test_the_image_is_made_of_what_was_tested_and_keeps_no_downloads() -> None:
    steps = [step for word, rest in instructions() if word == "RUN" for step in rest.split("&&")]
    downloading = [step for step in steps if "pip install " in step or " build " in step]
    assert len(downloading) == 4
    for step in downloading:
        assert "--require-hashes" in step or "--no-deps wheel/" in step
        assert "--no-cache" in step
    assert any(f"python {KEEP_YOUTUBE.name}" in step for step in steps)


def test_the_dashboards_port_is_one_in_the_image_in_its_health_check_and_in_compose() -> None:
    port = last("EXPOSE")
    assert port == Settings().bind.rpartition(":")[2]
    assert f"LINKWATCH_BIND=0.0.0.0:{port}" in last("ENV")
    assert f"'127.0.0.1', {port}," in last("HEALTHCHECK")
    assert SERVICE["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_the_health_check_needs_nothing_but_python() -> None:
    command = json.loads(last("HEALTHCHECK").partition("CMD ")[2])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "HEALTHCHECK", "exec")


def test_the_container_writes_its_volume_and_nothing_else() -> None:
    assert SERVICE["read_only"] is True
    assert SERVICE["cap_drop"] == ["ALL"]
    assert SERVICE["security_opt"] == ["no-new-privileges:true"]
    assert f"data:{last('VOLUME')}" in SERVICE["volumes"]
    assert [volume for volume in SERVICE["volumes"] if not volume.endswith(":ro")] == [f"data:{last('VOLUME')}"]
    assert f"sqlite:///{last('VOLUME')}/" in last("ENV")


def test_the_key_comes_from_a_file_that_is_never_committed() -> None:
    assert SERVICE["env_file"] == "linkwatch.env"
    assert "environment" not in SERVICE
    assert {"linkwatch.env", "deploy/docker/lists/"} <= set((ROOT / ".gitignore").read_text("utf-8").splitlines())


@pytest.fixture
def own_client(tmp_path: Path) -> dict[str, str]:
    """The Google client in a folder of its own, to be made smaller; the environment that finds it there first."""
    found = find_spec("googleapiclient")
    assert found is not None
    assert found.origin is not None
    shutil.copytree(Path(found.origin).parent, tmp_path / "own" / "googleapiclient")
    return {"PYTHONPATH": os.pathsep.join([str(tmp_path / "own"), os.environ.get("PYTHONPATH", "")])}


def keep_youtube(env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(KEEP_YOUTUBE)]
    return subprocess.run(command, env=environment() | env, capture_output=True, text=True, check=False)


@pytest.mark.long  # it copies a hundred megabytes
def test_a_check_needs_no_discovery_document_but_youtubes(own_client: dict[str, str], tmp_path: Path) -> None:
    documents = tmp_path / "own" / "googleapiclient" / "discovery_cache" / "documents"
    assert len(list(documents.iterdir())) > 100
    ran = keep_youtube(own_client)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [file.name for file in documents.glob("*.json")] == ["youtube.v3.json"]
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    with youtube_server() as server:
        command = [sys.executable, "-m", "linkwatch", "check", "--format", "json"]
        env = environment(server) | own_client
        checked = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    report = json.loads(checked.stdout)
    assert checked.returncode == 1
    assert report["run"]["source"] == "data-api"
    assert (report["counts"]["available"], report["counts"]["unavailable"]) == (1, 1)


@pytest.mark.long  # it copies a hundred megabytes
def test_where_youtubes_document_is_missing_nothing_is_deleted(own_client: dict[str, str], tmp_path: Path) -> None:
    """A Google client that keeps them elsewhere must not end as one without any."""
    documents = tmp_path / "own" / "googleapiclient" / "discovery_cache" / "documents"
    (documents / "youtube.v3.json").rename(documents / "youtube.v4.json")
    before = sorted(documents.iterdir())
    ran = keep_youtube(own_client)
    assert ran.returncode == 1
    assert "nothing was deleted" in ran.stderr
    assert sorted(documents.iterdir()) == before
