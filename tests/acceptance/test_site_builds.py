"""Sphinx and MkDocs build sites with linkwatch, each in a process that can open no connection."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from installed_plugins import install

import linkwatch
from linkwatch.api import Settings
from linkwatch.testing import FakeYouTube, SimVideo, fake_youtube

__all__ = ["fake_youtube"]

pytestmark = pytest.mark.long  # each test is a build

ROOT = Path(__file__).parents[2]
VIDEO, GONE = "aB3dE5gH7jI", "zY8xW6vU4tA"
MESSAGE = "video “Another” is no longer available (never seen available)"
NO_NETWORK = """
import socket
def refuse(*_):
    raise AssertionError("a build asks nobody")
socket.socket.connect = socket.getaddrinfo = refuse
"""


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A folder for PYTHONPATH: what refuses the network, and the entry points of pyproject.toml."""
    folder = tmp_path / "python"
    points = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    install(folder, "entry-points-of-linkwatch", "1", {"mkdocs.plugins": points["mkdocs.plugins"]}, {})
    (folder / "sitecustomize.py").write_text(NO_NETWORK, "utf-8")
    return folder


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "docs").mkdir(parents=True)
    return folder


def check(site: Path, youtube: FakeYouTube, *videos: str) -> None:
    for video in videos:
        youtube.add(SimVideo(video, "A talk"))
    settings = Settings(database_url=f"sqlite:///{site / 'linkwatch.db'}", api_key="a-key")
    linkwatch.check([site / "docs"], settings=settings, transport=youtube.transport)


def build(site: Path, python: Path, *command: str) -> tuple[int, str]:
    """The exit code of a build, and what it wrote to standard error."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(python), "NO_COLOR": "1", "LANG": "C.UTF-8"}
    ran = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=site,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return ran.returncode, ran.stderr


def in_guide(language: str) -> str:
    """What the guide shows for the configuration of a build."""
    guide = (ROOT / "docs" / "guide" / "sites.md").read_text("utf-8")
    (block,) = re.findall(rf"```{language}\n(.*?)```", guide, re.DOTALL)
    return str(block)


def write_sphinx(site: Path, more: str = "") -> None:
    (site / "docs" / "conf.py").write_text(in_guide("python") + more)
    (site / "docs" / "index.rst").write_text(
        f"Talks\n=====\n\n`A talk <https://youtu.be/{VIDEO}>`_\n\n.. toctree::\n\n   more\n"
    )
    (site / "docs" / "more.rst").write_text(f"More\n====\n\n`Another <https://youtu.be/{GONE}>`_\n")


SPHINX = ("sphinx", "-W", "--keep-going", "docs", "out")


def test_sphinx_fails_by_the_place_of_a_dead_link(site: Path, python: Path, fake_youtube: FakeYouTube) -> None:
    write_sphinx(site)
    check(site, fake_youtube, VIDEO)
    warning = f"{site}/docs/more.rst:4: WARNING: {MESSAGE} [linkwatch.dead]"
    code, err = build(site, python, *SPHINX)
    assert (code, err.splitlines()) == (1, [warning])
    assert (site / "out" / "more.html").exists()
    # And again when no page has changed.
    assert build(site, python, *SPHINX) == (code, err)


def test_sphinx_succeeds_without_a_dead_link_or_where_the_warning_is_suppressed(
    site: Path, python: Path, fake_youtube: FakeYouTube
) -> None:
    write_sphinx(site, 'suppress_warnings = ["linkwatch.dead"]')
    check(site, fake_youtube, VIDEO)
    assert build(site, python, *SPHINX) == (0, "")
    write_sphinx(site)
    check(site, fake_youtube, GONE)
    assert build(site, python, *SPHINX) == (0, "")


def write_mkdocs(site: Path, plugins: str | None = None) -> None:
    (site / "mkdocs.yml").write_text(f"site_name: Talks\n{in_guide('yaml') if plugins is None else plugins}")
    (site / "docs" / "index.md").write_text(f"# Talks\n\n[A talk](https://youtu.be/{VIDEO})\n")
    (site / "docs" / "more.md").write_text(f"# More\n\n- [Another](https://youtu.be/{GONE})\n")


MKDOCS = ("mkdocs", "build", "--strict")


def test_mkdocs_fails_by_the_place_of_a_dead_link(site: Path, python: Path, fake_youtube: FakeYouTube) -> None:
    write_mkdocs(site)
    check(site, fake_youtube, VIDEO)
    code, err = build(site, python, *MKDOCS)
    assert code == 1
    assert f"WARNING -  linkwatch: docs/more.md:3: {MESSAGE} [dead]" in err.splitlines()
    assert build(site, python, "mkdocs", "build")[0] == 0


def test_mkdocs_succeeds_without_a_dead_link(site: Path, python: Path, fake_youtube: FakeYouTube) -> None:
    write_mkdocs(site)
    check(site, fake_youtube, VIDEO, GONE)
    code, err = build(site, python, *MKDOCS)
    assert (code, "WARNING" in err) == (0, False)


def test_mkdocs_refuses_a_level_that_there_is_not(site: Path, python: Path) -> None:
    write_mkdocs(site, "plugins:\n  - linkwatch: {level: fatal}\n")
    code, err = build(site, python, *MKDOCS)
    assert code == 1
    assert "Expected one of" in err
