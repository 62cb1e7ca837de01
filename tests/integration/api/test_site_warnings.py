"""What builds of sites warn of, from a database that a check left behind."""

from pathlib import Path

import pytest

import linkwatch
from linkwatch.api import Settings
from linkwatch.site_warnings import SiteWarning, site_warnings
from linkwatch.testing import FakeYouTube, SimVideo, fake_youtube

__all__ = ["fake_youtube"]

VIDEO, GONE = "aB3dE5gH7jI", "zY8xW6vU4tA"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a site, in which the build runs."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.md").write_text(f"# Talks\n\n[A talk](https://youtu.be/{VIDEO})\n")
    (tmp_path / "pages" / "more.rst").write_text(f"More\n====\n\n.. youtube:: {GONE}\n\nhttps://youtu.be/{GONE}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(site: Path, youtube: FakeYouTube) -> None:
    youtube.add(SimVideo(VIDEO, "A talk"))
    settings = Settings(database_url=f"sqlite:///{site / 'linkwatch.db'}", api_key="a-key")
    linkwatch.check([site / "pages"], settings=settings, transport=youtube.transport)


def warnings(
    site: Path, *, config: str | None = None, database: str | None = None, level: str = "error"
) -> list[SiteWarning]:
    pages = sorted((site / "pages").iterdir())
    return list(site_warnings(pages, folder=site, config=config, database=database, level=level))


def test_each_place_of_a_dead_link_is_warned_of(site: Path, fake_youtube: FakeYouTube) -> None:
    check(site, fake_youtube)
    page = site / "pages" / "more.rst"
    found = warnings(site)
    assert [(each.kind, each.path, each.line) for each in found] == [("dead", page, 4), ("dead", page, 6)]
    assert {each.message for each in found} == {f"video {GONE} is no longer available (never seen available)"}


def test_the_level_says_what_counts(site: Path, fake_youtube: FakeYouTube) -> None:
    check(site, fake_youtube)
    found = warnings(site, level="warning")
    assert [(each.kind, each.line) for each in found] == [("dead", 4), ("dead", 6), ("duplicate", 4)]


def test_what_is_acknowledged_is_not_warned_of(site: Path, fake_youtube: FakeYouTube) -> None:
    check(site, fake_youtube)
    ack = f'[[ack]]\nid = "{GONE}"\nrule = "dead"\nreason = "kept"\naccepted = 2026-01-01T00:00:00Z\n'
    (site / "linkwatch-acks.toml").write_text(ack)
    assert warnings(site) == []


def test_a_site_that_nobody_checked_is_said_to_be_so(site: Path) -> None:
    (each,) = warnings(site)
    assert (each.kind, each.path) == ("not-checked", None)
    assert each.message.endswith("run “linkwatch check”, or name its database")


def test_a_site_without_links_needs_no_check(site: Path) -> None:
    for page in (site / "pages").iterdir():
        page.write_text("Nothing.\n")
    assert warnings(site) == []


def test_the_database_and_the_settings_are_found_beside_the_configuration(
    site: Path, fake_youtube: FakeYouTube, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    check(site, fake_youtube)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    (site / "own.toml").write_text('[rules]\ndead = "warning"\n')
    assert [each.kind for each in warnings(site)] == ["not-checked"]
    assert [each.kind for each in warnings(site, database="linkwatch.db")] == ["dead", "dead"]
    assert warnings(site, database="linkwatch.db", config="own.toml") == []


@pytest.mark.parametrize(
    ("settings", "message"),
    [("lists = 1\n", "linkwatch.toml:1: lists must be an array of paths, not 1."), ("nonsense = 1\n", "nonsense")],
)
def test_settings_that_make_no_sense_are_a_warning(settings: str, message: str, site: Path) -> None:
    (site / "linkwatch.toml").write_text(settings)
    (each,) = warnings(site)
    assert each.kind == "settings"
    assert message in each.message
