"""The stage of the bench: the proxy leads to the simulated YouTube alone, and linkwatch is run as its peers are."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from ssl import create_default_context
from urllib.parse import urlsplit

import httpx
import pytest

from bench.peers.cases import cases
from bench.peers.certificate import Certificate, make_certificate
from bench.peers.front import Front
from bench.peers.reading import Verdict
from bench.peers.running import Stage, run
from bench.peers.tables import mark
from bench.peers.tools import WITH_KEY
from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube

pytestmark = pytest.mark.skipif(which("openssl") is None, reason="openssl makes the certificate")


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return make_certificate(tmp_path)


@pytest.fixture
def client(certificate: Certificate) -> Iterator[httpx.Client]:
    youtube = SimulatedYouTube(World(), lambda: datetime.now(UTC))
    with (
        YouTubeServer(youtube, tls=certificate.server) as server,
        Front(urlsplit(server.url).port or 0) as front,
        httpx.Client(proxy=front.url, verify=create_default_context(cafile=str(certificate.authority))) as client,
    ):
        yield client


def test_the_hosts_of_youtube_are_the_simulated_one(client: httpx.Client) -> None:
    assert client.get("https://www.youtube.com/watch?v=x").status_code == 200
    assert client.get("https://img.youtube.com/vi/x/0.jpg").status_code == 404
    assert client.get("https://youtu.be/x").headers["location"].startswith("https://www.youtube.com/")
    assert client.get("https://youtube.googleapis.com/youtube/v3/videos?part=id&id=x").status_code == 403


def test_nobody_else_is_reached(client: httpx.Client) -> None:
    with pytest.raises(httpx.ProxyError, match="403"):
        client.get("https://example.org/")


@pytest.mark.long
def test_linkwatch_with_a_key_is_right_about_every_case(certificate: Certificate) -> None:
    told, world = cases()
    ran = run(WITH_KEY, Stage(told, world), certificate)
    assert [case for case in told if mark(case, ran.verdicts[case.url]) != "✓"] == []
    assert ran.requests > 0
    assert set(ran.verdicts.values()) == {Verdict.ALIVE, Verdict.BROKEN}
    assert list(certificate.authority.parent.glob("*/stdout")) == []
