"""What strangers write is text on every page, wherever it stands."""

import re
from dataclasses import replace
from urllib.parse import quote

import msgspec
import pytest
from integration.check.harness import playlist_id
from integration.web.conftest import Serve
from integration.web.fake_daemon import FakeDaemon, simulated_youtube
from tinyhtml5.parser import HTMLParser

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.models.link import Link
from linkwatch.services.acknowledge import acknowledge
from linkwatch.services.public import public_secrets
from linkwatch.settings.schedule import PublicAddress, PublicPage
from linkwatch.simulator.entities import SimPlaylist, SimVideo
from linkwatch.simulator.world import World

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></textarea><svg/onload=alert(1)>",
    "' onfocus='alert(1)' autofocus='",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe\u2066\x1b[31m\x00\ufffe",
    "W" * 5_000,
    "&lt;b&gt; ]]> <!-- -->",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_text_by_strangers_stays_a_text(serve: Serve, daemon: FakeDaemon, text: str) -> None:
    videos = [SimVideo(f"{n:010d}A", f"Lecture {text}") for n in range(4)]
    inside = tuple(video.id for video in videos)
    world = World([*videos, *(SimPlaylist(playlist_id(n), f"Course {text}", video_ids=inside) for n in range(2))])
    file = f"list {text[:200]}.md".replace("\x00", "").replace("\n", " ")
    written = text.replace("\x00", "")  # a list with a NUL is refused
    links = [
        Link(
            f"https://www.youtube.com/playlist?list={playlist_id(n)}",
            file,
            n + 1,
            1,
            f"Label {written}",
            written,
            written,
        )
        for n in (0, 1, 1)
    ]
    name = f"name {text[:200]}".replace("\x00", "")
    daemon.add_schedule(
        name, catalogue_links([*links, msgspec.structs.replace(links[0], url=f"https://youtu.be/{written}")]), file
    )
    youtube = simulated_youtube(daemon, world)
    daemon.check(name, youtube)
    world.delete(playlist_id(0), daemon.now)
    world.remove_videos(playlist_id(1), daemon.now, inside[0])
    daemon.now = daemon.now.replace(hour=18)
    daemon.check(name, youtube)
    acknowledge(daemon.settings, daemon.now, [playlist_id(1), "duplicate"], f"because {text}", None)
    daemon.settings_problem = text
    schedule = replace(daemon.states[0].schedule, public=tuple(PublicPage), public_address=PublicAddress.SECRET)
    daemon.states[0] = replace(daemon.states[0], schedule=schedule)
    client = serve(daemon)
    encoded = quote(name, safe="", errors="replace")
    for path in (
        "/", f"/lists/{encoded}", f"/lists/{encoded}?q={quote(text[:500])}", "/incidents", "/incidents?show=accepted",
        "/duplicates", "/runs", "/settings", *(f"/resources/playlist/{playlist_id(n)}" for n in (0, 1)),
        f"/public/{public_secrets(daemon.database, [schedule])[name]}/status", f"/nothing/{encoded[:1_000]}",
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == (404 if path.startswith("/nothing") else 200), path
        parser = HTMLParser()
        tree = parser.parse(answer.content)
        assert parser.errors == [], path
        tags = {element.tag.rpartition("}")[2] for element in tree.iter() if isinstance(element.tag, str)}
        assert tags.isdisjoint({"img", "iframe", "textarea", "template", "animate", "object"}), path
        scripts = [element.attrib.get("src") for element in tree.iter("{http://www.w3.org/1999/xhtml}script")]
        assert set(scripts) <= {"/static/dashboard.js", "/static/times.js"}, path
        named = {str(attribute) for element in tree.iter() for attribute in element.attrib}
        assert not [attribute for attribute in named if attribute.startswith("on")], path
        assert not re.search("[\x00\x1b\u202e\u2066\ufffe]", answer.text), path
        assert "49" not in re.findall(r"Course (\d+)", answer.text), path
