"""The Python API, as a program that uses it would: with its own lists, settings and a YouTube without a network."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import linkwatch
from linkwatch import api
from linkwatch.api import Level, LinkwatchError, Settings, State
from linkwatch.testing import FakeYouTube, SimPlaylist, SimVideo, fake_youtube

__all__ = ["fake_youtube"]

VIDEO, GONE = "aB3dE5gH7jI", "zY8xW6vU4tA"
PLAYLIST = "PL49CF3715CB9EF31D"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A list of a video, one that never was, and a playlist."""
    file = tmp_path / "list.md"
    lines = [f"- [Optimization](https://youtu.be/{VIDEO})", f"- [Gone](https://youtu.be/{GONE})"]
    lines.append(f"- [Calculus](https://www.youtube.com/playlist?list={PLAYLIST})")
    file.write_text("## Talks\n" + "\n".join(lines) + "\n")
    return file


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'linkwatch.db'}", api_key="a-key")


@pytest.fixture
def youtube(fake_youtube: FakeYouTube) -> FakeYouTube:
    fake_youtube.add(SimVideo(VIDEO, "Optimization"), SimPlaylist(PLAYLIST, "Calculus", video_ids=[VIDEO]))
    return fake_youtube


def test_a_check_reports_what_is_dead_and_a_later_report_says_the_same(
    listed: Path, settings: Settings, youtube: FakeYouTube
) -> None:
    report = linkwatch.check([listed], settings=settings, transport=youtube.transport)
    (finding,) = report.findings
    assert (str(finding.rule), finding.level, finding.id) == ("dead", Level.ERROR, GONE)
    assert (finding.links[0].line, finding.links[0].label) == (3, "Gone")
    assert {item.resource.id: item.state for item in report.resources} == {
        VIDEO: State.AVAILABLE,
        GONE: State.UNAVAILABLE,
        PLAYLIST: State.AVAILABLE,
    }
    later = linkwatch.load_report([listed], settings=settings)
    assert [each.message for each in later.findings] == [finding.message]


def test_what_is_deleted_or_made_private_is_dead_in_the_next_check(
    listed: Path, settings: Settings, youtube: FakeYouTube
) -> None:
    linkwatch.check([listed], settings=settings, transport=youtube.transport)
    youtube.delete(PLAYLIST)
    youtube.make_private(VIDEO)
    report = linkwatch.check([listed], settings=settings, transport=youtube.transport)
    assert {finding.id for finding in report.findings if finding.new} == {PLAYLIST, VIDEO}
    with pytest.raises(KeyError):
        youtube.delete(GONE)


def test_a_report_can_be_rendered_in_every_format(listed: Path, settings: Settings, youtube: FakeYouTube) -> None:
    report = linkwatch.check([listed], settings=settings, transport=youtube.transport)
    assert json.loads(linkwatch.render(report, "json"))["schema"] == "linkwatch.report/1"
    assert "is no longer available" in linkwatch.render(report)
    with pytest.raises(KeyError):
        linkwatch.render(report, "nonsense")


def test_links_are_extracted_with_their_places_and_without_a_database(listed: Path, tmp_path: Path) -> None:
    links = linkwatch.extract([listed], settings=Settings())
    assert [(link.line, link.label, link.section) for link in links] == [
        (2, "Optimization", "Talks"),
        (3, "Gone", "Talks"),
        (4, "Calculus", "Talks"),
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["list.md"]


def test_the_lists_alone_need_no_database(listed: Path, settings: Settings, tmp_path: Path) -> None:
    listed.write_text(listed.read_text() * 2)
    report = linkwatch.load_report([listed], settings=settings, lists_only=True)
    assert {str(finding.rule) for finding in report.findings} >= {"duplicate"}
    assert not (tmp_path / "linkwatch.db").exists()


def test_without_a_network_a_check_is_incomplete_and_calls_nothing_dead(
    listed: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx  # noqa: PLC0415 - of this test alone

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no network", request=request)

    waits: list[float] = []
    monkeypatch.setattr("linkwatch.clock.sleep", waits.append)
    report = linkwatch.check([listed], settings=settings, transport=httpx.MockTransport(refuse))
    assert waits, "it was tried again"
    assert report.run is not None
    assert not report.run.complete
    assert [str(finding.rule) for finding in report.findings] == []


def test_errors_have_a_message_and_a_remedy(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(LinkwatchError) as raised:
        linkwatch.check([tmp_path / "missing.md"], settings=settings)
    assert "missing.md" in raised.value.message
    assert raised.value.remedy
    with pytest.raises(TypeError, match="must be a list"):
        linkwatch.extract("README.md", settings=settings)


def test_what_is_named_is_there_and_nothing_is_loaded_before_it_is_used() -> None:
    assert all(hasattr(linkwatch, name) for name in linkwatch.__all__)
    assert all(hasattr(api, name) for name in api.__all__)
    unwanted = {"sqlalchemy", "httpx", "googleapiclient", "linkwatch.api", "linkwatch.simulator.world"}
    program = f"import linkwatch, linkwatch.testing, sys; print(sorted({unwanted} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
    with pytest.raises(AttributeError, match="nonsense"):
        linkwatch.nonsense  # noqa: B018


def test_pytest_finds_the_fixture_where_linkwatch_is_installed() -> None:
    text = (Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.pytest11]\nlinkwatch = "linkwatch.testing"\n' in text


EXAMPLE = (Path(__file__).parents[3] / "docs/reference/python.md").read_text("utf-8").split("```python\n")[-1]


def test_the_example_of_the_documentation_works(tmp_path: Path, fake_youtube: FakeYouTube) -> None:
    names: dict[str, object] = {}
    exec(EXAMPLE.partition("```")[0], names)  # noqa: S102 - our own page
    test = names["test_a_deleted_video_is_found"]
    assert callable(test)
    test(fake_youtube, tmp_path)
