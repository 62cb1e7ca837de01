import gzip
import ssl
import threading
import traceback
from collections.abc import Iterator
from typing import Any

import certifi
import httpx
import pytest
import respx
from security.endless import CHUNKED, Endless

from linkwatch.exchange import USER_AGENT, Limits, TransientError, new_client, send
from linkwatch.youtube.http import Clients, GoogleTransport, RefusedError

KEY = "AIzaSySecretSecretSecretSecretSecret012"
URL = "https://youtube.googleapis.com/youtube/v3/videos?part=id&id=aaaaaaaaaaA"


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client() as client:
        yield client


def transport(client: httpx.Client) -> GoogleTransport:
    return GoogleTransport(Clients(lambda: client), KEY)


@respx.mock
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_key_is_in_its_header_and_nowhere_else(client: httpx.Client, method: str) -> None:
    route = respx.route(url=URL).respond(json={})
    transport(client).request(URL, method, body=b"id=x", headers={"accept": "application/json"})
    request = route.calls.last.request
    assert request.headers["X-Goog-Api-Key"] == KEY
    assert [name for name, value in request.headers.items() if KEY in value] == ["x-goog-api-key"]
    assert KEY not in str(request.url)
    assert KEY.encode() not in request.content
    assert request.headers["accept"] == "application/json"


@respx.mock
def test_the_response_is_what_googles_client_expects(client: httpx.Client) -> None:
    respx.get(URL).respond(200, json={"a": 1}, headers={"ETag": "e"})
    response, body = transport(client).request(URL)
    assert (response.status, body) == (200, b'{"a":1}')


@respx.mock
def test_gzip_is_decompressed(client: httpx.Client) -> None:
    packed = gzip.compress(b'{"a": 1}')
    respx.get(URL).respond(200, content=packed, headers={"Content-Encoding": "gzip"})
    assert transport(client).request(URL)[1] == b'{"a": 1}'


@respx.mock
@pytest.mark.parametrize("header", ["200 OK", "404 Not Found", "", "banana"])
def test_a_header_named_status_is_not_taken_for_the_status(client: httpx.Client, header: str) -> None:
    """Gateways send `Status: 200 OK`, and httplib2 reads its own status from a header of that name."""
    respx.get(URL).respond(200, json={}, headers={"Status": header})
    assert transport(client).request(URL)[0].status == 200


@respx.mock
@pytest.mark.parametrize("status", [301, 302, 304, 400, 403, 404, 429, 500, 503])
def test_an_error_response_is_raised_with_its_body(client: httpx.Client, status: int) -> None:
    """304 too: we never said what we have, so it tells us nothing; and a redirect is no witness's."""
    respx.get(URL).respond(status, content=b"body", headers={"Retry-After": "3", "Location": "https://x.example/"})
    with pytest.raises(RefusedError) as refused:
        transport(client).request(URL)
    assert refused.value.response.status_code == status
    assert refused.value.response.content == b"body"
    assert refused.value.response.headers["retry-after"] == "3"
    assert str(refused.value) == f"HTTP {status}"


def _leaves(error: type[httpx.RequestError]) -> list[type[httpx.RequestError]]:
    below = [leaf for sub in error.__subclasses__() for leaf in _leaves(sub)]
    return below or [error]


@respx.mock
@pytest.mark.parametrize(
    "error", [*_leaves(httpx.TransportError), httpx.DecodingError], ids=lambda error: error.__name__
)
def test_every_fault_of_the_network_is_transient_and_names_no_url(
    client: httpx.Client, error: type[httpx.RequestError]
) -> None:
    respx.get(URL).mock(side_effect=error(f"failed for {URL} with {KEY}"))
    with pytest.raises(TransientError) as raised:
        transport(client).request(URL)
    messages = str(raised.value) + "".join(traceback.format_exception(raised.value))
    assert "youtube.googleapis.com" not in str(raised.value)
    assert KEY not in messages
    assert raised.value.retry_after is None


@respx.mock
def test_invalid_gzip_is_transient(client: httpx.Client) -> None:
    stream = httpx.ByteStream(b"plain")
    respx.get(URL).mock(return_value=httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=stream))
    with pytest.raises(TransientError, match="decoded"):
        send(client, "GET", URL)


@respx.mock
def test_redirects_are_not_followed() -> None:
    respx.get(URL).respond(302, headers={"Location": "https://consent.youtube.com/m"})
    with new_client() as client:
        assert send(client, "GET", URL).status_code == 302


def test_the_client_has_a_user_agent_and_time_outs() -> None:
    with new_client() as client:
        assert client.headers["User-Agent"] == USER_AGENT
        assert None not in client.timeout.as_dict().values()


def test_a_thread_keeps_its_client_and_shares_it_with_none() -> None:
    clients = Clients(httpx.Client)
    seen: list[httpx.Client] = []

    def look() -> None:
        first = clients.get()
        assert clients.get() is first
        seen.append(first)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
        thread.join()
    look()
    assert len({id(client) for client in seen}) == 4
    for client in seen:
        client.close()


def test_a_thread_that_ends_closes_its_own_client_alone() -> None:
    clients = Clients(httpx.Client)
    mine = clients.get()
    others: list[httpx.Client] = []

    def come_and_go() -> None:
        others.append(clients.get())
        clients.release()
        clients.release()

    thread = threading.Thread(target=come_and_go)
    thread.start()
    thread.join()
    assert others[0].is_closed
    assert not mine.is_closed
    clients.release()
    assert mine.is_closed
    assert clients.get() is not mine
    clients.release()


def test_a_client_goes_to_the_next_thread_for_as_long_as_clients_are_kept() -> None:
    clients = Clients(httpx.Client)
    seen: list[httpx.Client] = []

    def come_and_go() -> None:
        seen.append(clients.get())
        clients.release()

    with clients.kept():
        for _ in range(2):
            thread = threading.Thread(target=come_and_go)
            thread.start()
            thread.join()
        assert seen[0] is seen[1]
        assert not seen[0].is_closed
        mine = clients.get()
    assert not mine.is_closed, "this thread still uses it"
    clients.release()
    assert mine.is_closed, "nobody keeps it any more"
    with clients.kept():
        come_and_go()
        clients.get().close()
        clients.release()
        come_and_go()
        assert not seen[-1].is_closed
    assert all(client.is_closed for client in seen)


def test_clients_share_the_trusted_authorities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading them takes longer than a request; a client for each proxy would read them, too."""
    made = []
    default = ssl.create_default_context

    def create_default(**given: Any) -> ssl.SSLContext:
        made.append(default(**given))
        return made[-1]

    monkeypatch.setattr(ssl, "create_default_context", create_default)
    monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    together = threading.Barrier(8)

    def make() -> None:
        together.wait(20)
        new_client().close()

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_a_thread_gets_a_new_client_after_a_time_out() -> None:
    server = Endless(CHUNKED, b"1\r\nx\r\n", pause=0.01)
    clients = Clients(new_client)
    try:
        with pytest.raises(TransientError):
            send(clients.get(), "GET", server.url, limits=Limits(seconds=0.2))
        assert not clients.get().is_closed
    finally:
        server.close()
        clients.release()
