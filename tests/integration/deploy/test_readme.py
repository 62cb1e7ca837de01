"""What `deploy/` tells people to type is there to be typed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from acceptance.typed import assert_commands_exist
from integration.deploy.files import DEPLOY, ROOT

from linkwatch.settings import ENVIRONMENT

README = (DEPLOY / "README.md").read_text("utf-8")
OTHERS = {"ci", "lists", "__pycache__", "linkwatch.env"}
"""What has tests of its own, and what people put there."""

FILES = [
    file for file in sorted(DEPLOY.rglob("*")) if file.is_file() and OTHERS.isdisjoint(file.relative_to(DEPLOY).parts)
]


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))))
def test_every_file_that_is_linked_is_there(link: str) -> None:
    assert (DEPLOY / link).exists()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"(?<![\w/])deploy/[\w./*-]+", README))))
def test_every_file_that_a_command_names_is_there(path: str) -> None:
    assert list(ROOT.glob(path))


def test_the_list_that_the_docker_block_copies_has_links(tmp_path: Path) -> None:
    """Typed as it stands, as far as no Docker is needed."""
    (block,) = re.findall(r"^## Docker\n\n```sh\n(.*?)```", README, re.MULTILINE | re.DOTALL)
    (tmp_path / "deploy" / "docker").mkdir(parents=True)
    for name in ("README.md", "resources.csv"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    typed = "".join(line for line in block.splitlines(keepends=True) if not line.startswith("docker "))
    subprocess.run(["sh", "-euc", typed], cwd=tmp_path, env={**os.environ, "YOUTUBE_API_KEY": "key"}, check=True)
    command = [sys.executable, "-m", "linkwatch", "plan"]
    ran = subprocess.run(command, cwd=tmp_path / "deploy/docker/lists", capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert re.match(r"\d+ links", ran.stdout)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(DEPLOY)))
def test_every_command_and_option_that_is_named_exists(file: Path) -> None:
    assert_commands_exist(file.read_text("utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(DEPLOY)))
def test_every_variable_that_is_named_is_one(file: Path) -> None:
    known = {*ENVIRONMENT, "YOUTUBE_API_KEY", "LINKWATCH_CONFIG", "LINKWATCH_BIND", "LINKWATCH_DASHBOARD_TOKEN"}
    named = set(re.findall(r"\b(?:LINKWATCH|YOUTUBE)_[A-Z_]+", file.read_text("utf-8")))
    assert named - {"LINKWATCH_PORT"} <= known, "LINKWATCH_PORT is Kubernetes', and switched off"
