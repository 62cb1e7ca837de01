"""One way out: httpx, under the Google client as under oEmbed."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

import httplib2
import httpx

from linkwatch import __version__
from linkwatch.youtube.retry import TransientError

USER_AGENT = f"linkwatch/{__version__}"

ClientFactory = Callable[[], httpx.Client]


def new_client() -> httpx.Client:
    """An httpx client with the time-outs of a patient batch job. Redirects are not followed: no witness redirects."""
    return httpx.Client(timeout=httpx.Timeout(20.0, connect=10.0), headers={"User-Agent": USER_AGENT})


def recording_dates(factory: ClientFactory, dates: list[str]) -> ClientFactory:
    """The same clients, which add the `Date` header of each response to a list."""

    def record(response: httpx.Response) -> None:
        if date := response.headers.get("date"):
            dates.append(date)

    def recording_client() -> httpx.Client:
        client = factory()
        client.event_hooks = {"response": [record]}
        return client

    return recording_client


class RefusedError(Exception):
    """An answer that is none: its status is 300 or more.

    Args:
        response: The whole answer.
    """

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"HTTP {response.status_code}")
        self.response = response


class Clients:
    """One client per thread: measured as fast as asyncio and simpler; one client shared by many slows down per call."""

    def __init__(self, factory: ClientFactory) -> None:
        self._factory = factory
        self._local = threading.local()

    def get(self) -> httpx.Client:
        """The calling thread's client."""
        client: httpx.Client | None = getattr(self._local, "client", None)
        if client is None:
            client = self._local.client = self._factory()
        return client

    def close(self) -> None:
        """Close the calling thread's client, and with it the connections that it kept."""
        client: httpx.Client | None = getattr(self._local, "client", None)
        if client is not None:
            del self._local.client
            client.close()


class GoogleTransport:
    """What `googleapiclient` takes for an `httplib2.Http`: carries its requests over httpx, with the key in a header.

    A key in the header stays out of URLs, and so out of logs, proxies and error texts.
    """

    def __init__(self, clients: Clients, key: str) -> None:
        self._clients = clients
        self._key = key

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> tuple[httplib2.Response, bytes]:
        """Send one request; the signature is httplib2's.

        Raises:
            TransientError: No answer, or a broken one.
            RefusedError: An error answer. Google's own `HttpError` holds the whole URL, and its constructor fails on
                bodies that are not as it expects (a message that is a number).
        """
        sent = {**(headers or {}), "X-Goog-Api-Key": self._key}
        response = send(self._clients.get(), method, uri, content=body, headers=sent)
        if response.status_code >= 300:
            raise RefusedError(response)
        # The status is all that Google's client reads; a header of that name (`Status: 200 OK`) would be no number.
        return httplib2.Response({"status": str(response.status_code)}), response.content


def send(
    client: httpx.Client,
    method: str,
    url: str,
    *,
    content: str | bytes | None = None,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Send one request and read the answer.

    Raises:
        TransientError: No answer, or one that broke off. The message names the fault and never the URL.
    """
    try:
        return client.request(method, url, content=content, headers=headers, params=params)
    except httpx.TimeoutException:
        raise TransientError("no answer in time") from None
    except httpx.DecodingError:
        raise TransientError("an answer that can't be decoded") from None
    except httpx.TransportError:
        raise TransientError("no connection") from None
