"""The lists that the tools are given hold what they say they hold, and the proxy leads nowhere else."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bench.peers.cases import FIRST_LINE, Case, Fate, as_html, as_markdown, cases, long_list
from bench.peers.front import destination
from linkwatch.models.resource import Kind, Resource
from linkwatch.simulator.entities import VISIBLE, Entity
from linkwatch.simulator.world import View, World
from linkwatch.urls.paths import parse_any_url

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def there(view: View, resource: Resource) -> bool:
    """Whether everyone can see it."""
    if resource.kind is Kind.CHANNEL:
        named = resource.id.startswith("@")
        return (view.channel_by_name(resource.id) if named else view.channel(resource.id)) is not None
    thing = view.video(resource.id) if resource.kind is Kind.VIDEO else view.playlist(resource.id)
    return thing is not None and thing.visibility in VISIBLE


@pytest.mark.parametrize("made", [cases(), long_list(200)], ids=["cases", "long list"])
def test_what_a_case_says_is_true_in_its_world(made: tuple[list[Case], Sequence[Entity]]) -> None:
    listed, entities = made
    view = World(entities).at(NOW)
    for case in listed:
        parsed = parse_any_url(case.url)
        assert parsed is not None
        assert parsed.resources, case
        assert all(there(view, resource) for resource in parsed.resources) is case.alive, case
    assert len({case.url for case in listed}) == len(listed)


def test_every_fate_is_among_the_cases() -> None:
    assert {case.fate for case in cases()[0]} == set(Fate)


def test_a_long_list_is_the_same_every_time_and_mostly_available() -> None:
    listed, _ = long_list(1000)
    assert listed == long_list(1000)[0]
    shapes = Counter(case.shape for case in listed)
    assert [shape for shape, _ in shapes.most_common()] == ["www watch?v=", "playlist?list=", "youtu.be", "@handle"]
    assert 30 < sum(not case.alive for case in listed) < 70


def test_both_forms_of_the_list_hold_the_same_links() -> None:
    listed, _ = cases()
    urls = [case.url for case in listed]
    lines = as_markdown(listed).splitlines()
    assert lines[FIRST_LINE - 1 :] == [f"- [link]({url})" for url in urls]
    linked = re.findall(r'href="([^"]*)"', as_html(listed))
    assert [url.replace("&amp;", "&") for url in linked] == urls


@pytest.mark.parametrize(
    ("target", "port"),
    [
        ("www.youtube.com:443", 8123),
        ("youtu.be:443", 8123),
        ("img.youtube.com:443", 8123),
        ("youtube.googleapis.com:443", 8123),
        ("localhost:4000", 4000),
        ("127.0.0.1:4000", 4000),
        ("example.org:443", None),
        ("youtube.com.example.org:443", None),
        ("notyoutube.com:443", None),
        ("nonsense", None),
        ("localhost:x", None),
    ],
)
def test_the_proxy_leads_to_the_simulated_youtube_or_nowhere(target: str, port: int | None) -> None:
    assert destination(target, 8123) == port
