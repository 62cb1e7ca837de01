"""Google's own client works with the simulator: its requests are understood, and it parses the bodies."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httplib2
import httpx
import pytest
from google.api_core.client_options import ClientOptions
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from loopback import PLAIN_HTTP
from unit.simulator.api_calls import KEY, NOW, PLAYLIST, VIDEO, youtube

from linkwatch.models.resource import Kind
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.generated import generate_world
from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.youtube import SimulatedYouTube

ALBUMS = [f"OLAK5uy_{number:033d}" for number in range(50)]


class Facade:
    """As much of httplib2's interface as the client uses, over httpx."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.methods: list[str] = []

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **_: Any
    ) -> tuple[httplib2.Response, bytes]:
        self.methods.append(method)
        answer = self.client.request(method, uri, content=body, headers={**headers, **KEY})
        head = {name: value for name, value in answer.headers.items() if name != "content-encoding"}
        return httplib2.Response({**head, "status": str(answer.status_code)}), answer.content

    def close(self) -> None:
        self.client.close()


@contextmanager
def in_memory(simulated: SimulatedYouTube) -> Iterator[tuple[Any, Facade]]:
    facade = Facade(httpx.Client(transport=httpx.MockTransport(simulated)))
    with build("youtube", "v3", http=facade, static_discovery=True) as service:
        yield service, facade


@contextmanager
def served(simulated: SimulatedYouTube) -> Iterator[tuple[Any, Facade]]:
    facade = Facade(httpx.Client(verify=PLAIN_HTTP, timeout=30))
    with YouTubeServer(simulated) as server:
        options = ClientOptions(api_endpoint=server.url)
        with build("youtube", "v3", http=facade, static_discovery=True, client_options=options) as service:
            yield service, facade


WAYS = pytest.mark.parametrize("way", [in_memory, served], ids=["in memory", "served"])


@WAYS
def test_it_reads_lists_and_pages(way: Any) -> None:
    with way(youtube()) as (service, _):
        playlists = service.playlists().list(part=["snippet", "contentDetails"], id=[PLAYLIST.id, "PLz"]).execute()
        assert [each["id"] for each in playlists["items"]] == [PLAYLIST.id]
        request = service.playlistItems().list(part="contentDetails", playlistId=PLAYLIST.id, maxResults=2)
        found = []
        while request is not None:
            page = request.execute()
            found += [each["contentDetails"]["videoId"] for each in page["items"]]
            request = service.playlistItems().list_next(request, page)
        assert found == list(PLAYLIST.video_ids)
        channel = service.channels().list(part="id", forHandle="@AChannel").execute()
        assert len(channel["items"]) == 1
        assert "items" not in service.channels().list(part="id", id="UCz").execute()


@WAYS
def test_fifty_long_ids_come_as_a_post(way: Any) -> None:
    simulated = SimulatedYouTube(generate_world((Kind.PLAYLIST, id_) for id_ in ALBUMS), lambda: NOW)
    with way(simulated) as (service, facade):
        parts = ["snippet", "contentDetails", "status"]
        found = service.playlists().list(part=parts, id=ALBUMS, maxResults=50).execute()
    assert facade.methods == ["POST"]
    assert [each["id"] for each in found["items"]] == ALBUMS
    assert simulated.log[0].ids == tuple(ALBUMS)


@WAYS
@pytest.mark.parametrize(
    ("fault", "status", "content"),
    [(Fault.QUOTA_EXCEEDED, 403, b"quotaExceeded"), (Fault.API_KEY_INVALID, 400, b"API_KEY_INVALID")],
)
def test_refusals_are_its_http_errors(way: Any, fault: Fault, status: int, content: bytes) -> None:
    simulated = youtube(faults=(FaultPeriod(fault, NOW, NOW + timedelta(hours=1)),))
    with way(simulated) as (service, _), pytest.raises(HttpError) as refused:
        service.videos().list(part="id", id=VIDEO.id).execute(num_retries=0)
    assert refused.value.resp.status == status
    assert content in refused.value.content
