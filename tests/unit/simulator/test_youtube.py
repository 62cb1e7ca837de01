import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import product
from urllib.parse import urlencode

import httpx
import pytest
from unit.simulator.api_calls import (
    API,
    CHANNEL,
    KEY,
    NOW,
    PLAYLIST,
    PRIVATE_PLAYLIST,
    VIDEO,
    ask,
    embed,
    ids,
    reason,
    youtube,
)

from linkwatch.simulator.faults import TRANSPORT_ERRORS, Fault, FaultPeriod, Surface
from linkwatch.simulator.youtube import LoggedRequest, SimulatedYouTube

TODAY = date(2026, 11, 22)
HOUR = timedelta(hours=1)
WATCH = f"https://www.youtube.com/watch?v={VIDEO.id}"


def bad(fault: Fault, *, only: frozenset[str] = frozenset(), attempts: int | None = None) -> FaultPeriod:
    return FaultPeriod(fault, NOW, NOW + HOUR, ids=only, attempts=attempts)


def outcome(simulated: SimulatedYouTube, url: str, **headers: str) -> str:
    """The status and body, or the name of the exception."""
    try:
        response = simulated(httpx.Request("GET", url, headers=headers))
    except httpx.TransportError as error:
        return type(error).__name__
    return f"{response.status_code} {response.text}"


# The key


@pytest.mark.parametrize(
    ("url", "headers", "status", "message"),
    [
        pytest.param("", KEY, 200, "", id="header"),
        pytest.param("&key=key", {}, 200, "", id="parameter"),
        pytest.param("", {}, 403, "Method doesn't allow unregistered callers", id="none"),
        pytest.param("", {"x-goog-api-key": "wrong"}, 400, "API key not valid", id="wrong"),
    ],
)
def test_the_key_comes_in_the_header_or_the_url(url: str, headers: dict[str, str], status: int, message: str) -> None:
    simulated = youtube(keys=("key",))
    response = simulated(httpx.Request("GET", f"{API}/videos?part=id&id={VIDEO.id}{url}", headers=headers))
    assert response.status_code == status
    assert message in response.json().get("error", {"message": ""})["message"]
    assert simulated.units_used(TODAY) == (1 if status == 200 else 0)


# The units


@pytest.mark.parametrize(
    ("method", "asked"),
    [
        ("videos", {"id": VIDEO.id}),
        ("videos", {"id": VIDEO.id, "part": "snippet,status,contentDetails"}),
        ("videos", {"id": "zzzzzzzzzzA"}),
        ("channels", {"forHandle": "@nobody"}),
        ("videos", {}),
        ("videos", {"id": ",".join(51 * ["x"])}),
        ("playlistItems", {"playlistId": PRIVATE_PLAYLIST.id}),
    ],
)
def test_every_call_costs_one_unit_malformed_ones_too(method: str, asked: dict[str, str]) -> None:
    simulated = youtube()
    ask(simulated, method, **asked)
    assert simulated.units_used(TODAY) == 1


@pytest.mark.parametrize("midnight", [datetime(2026, 1, 15, 8, tzinfo=UTC), datetime(2026, 7, 15, 7, tzinfo=UTC)])
@pytest.mark.parametrize(
    ("answered", "status", "why"),
    [(Fault.QUOTA_EXCEEDED, 403, "quotaExceeded"), (Fault.DAY_SPENT_429, 429, "rateLimitExceeded")],
)
def test_a_spent_day_ends_at_midnight_pacific(midnight: datetime, answered: Fault, status: int, why: str) -> None:
    now = [midnight - 2 * HOUR]
    simulated = youtube(clock=lambda: now[0], quota=1, day_spent=answered)
    assert ask(simulated, "videos", id=VIDEO.id).status_code == 200
    now[0] = midnight - timedelta(microseconds=1)
    refused = ask(simulated, "videos", id=VIDEO.id)
    assert (refused.status_code, reason(refused)) == (status, why)
    now[0] = midnight
    assert ask(simulated, "videos", id=VIDEO.id).status_code == 200
    assert simulated.units_used(midnight.date() - timedelta(days=1)) == simulated.units_used(midnight.date()) == 1


@pytest.mark.parametrize("charged", [True, False])
def test_an_unchanged_response_is_304_and_may_cost_a_unit(charged: bool) -> None:
    simulated = youtube(charge_304=charged)
    url = f"{API}/videos?part=id&id={VIDEO.id}"
    tag = simulated(httpx.Request("GET", url, headers=KEY)).json()["etag"]
    again = simulated(httpx.Request("GET", url, headers=KEY | {"if-none-match": f'"{tag}"'}))
    assert (again.status_code, again.content) == (304, b"")
    assert simulated.units_used(TODAY) == (2 if charged else 1)


def test_etags_may_change_every_time() -> None:
    simulated = youtube(etags_stable=False)
    tags = {ask(simulated, "videos", id=VIDEO.id).json()["etag"] for _ in range(3)}
    assert len(tags) == 3


@pytest.mark.parametrize("charged", [True, False])
@pytest.mark.parametrize(
    ("fault", "cost"),
    [
        (Fault.BACKEND_ERROR, "perhaps"),
        (Fault.RATE_LIMIT_429, "perhaps"),
        (Fault.READ_TIMEOUT, "perhaps"),
        (Fault.CONNECT_TIMEOUT, "nothing"),
        (Fault.QUOTA_EXCEEDED, "nothing"),
        (Fault.ACCESS_NOT_CONFIGURED, "nothing"),
        (Fault.CUT_BODY, "a unit"),
    ],
)
def test_a_failed_call_may_cost_a_unit(fault: Fault, cost: str, charged: bool) -> None:
    simulated = youtube(faults=(bad(fault),), charge_failures=charged)
    outcome(simulated, f"{API}/videos?part=id&id={VIDEO.id}", **KEY)
    assert simulated.units_used(TODAY) == {"perhaps": int(charged), "nothing": 0, "a unit": 1}[cost]


def test_threads_count_every_unit_and_every_request() -> None:
    simulated = youtube(quota=900)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(simulated, "videos", id=VIDEO.id).status_code, range(1000)))
    assert Counter(answers) == {200: 900, 403: 100}
    assert simulated.units_used(TODAY) == 900
    assert simulated.requests == {"videos.list": 1000}


# What is noted


def test_requests_are_logged_with_their_ids() -> None:
    simulated = youtube()
    ask(simulated, "videos", id=f"{VIDEO.id},zzzzzzzzzzA")
    ask(simulated, "channels", forHandle="AChannel")
    ask(simulated, "channels", forUsername="achannel")
    ask(simulated, "playlistItems", playlistId=PLAYLIST.id)
    embed(simulated, WATCH)
    simulated(httpx.Request("GET", "https://www.youtube.com/watch?v=x"))
    ask(simulated, "search", q="calculus")
    assert simulated.log == [
        LoggedRequest("videos.list", (VIDEO.id, "zzzzzzzzzzA")),
        LoggedRequest("channels.list", ("@AChannel",)),
        LoggedRequest("channels.list", ("user/achannel",)),
        LoggedRequest("playlistItems.list", (PLAYLIST.id,)),
        LoggedRequest("oembed", (VIDEO.id,)),
        LoggedRequest("page", ("/watch",)),
        LoggedRequest("search.list", ()),
    ]
    assert simulated.requests["channels.list"] == 2
    assert simulated.requests["playlists.list"] == 0


# The faults


@pytest.mark.parametrize(("fault", "error"), TRANSPORT_ERRORS.items(), ids=TRANSPORT_ERRORS)
@pytest.mark.parametrize("url", [f"{API}/videos?part=id&id={VIDEO.id}", f"https://www.youtube.com/oembed?url={WATCH}"])
def test_a_dropped_request_raises_what_httpx_would(fault: Fault, error: type[Exception], url: str) -> None:
    with pytest.raises(error) as raised:
        youtube(faults=(bad(fault),))(httpx.Request("GET", url, headers=KEY))
    assert isinstance(raised.value, httpx.RequestError)
    assert raised.value.request.url == url


@pytest.mark.parametrize(
    ("fault", "status"),
    [(Fault.HTML_502, 502), (Fault.HTML_200, 200), (Fault.CUT_BODY, 200), (Fault.EMPTY_BODY, 200)],
)
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_broken_response_is_not_json(fault: Fault, status: int, encoding: str) -> None:
    simulated = youtube(faults=(bad(fault),))
    response = simulated(
        httpx.Request("GET", f"{API}/videos?part=id&id={VIDEO.id}", headers=KEY | {"accept-encoding": encoding})
    )
    assert response.status_code == status
    for mangled in (response, embed(simulated, WATCH)):
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            mangled.json()


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.OEMBED_404, 404),
        (Fault.OEMBED_429, 429),
        (Fault.OEMBED_500, 500),
        (Fault.SERVICE_UNAVAILABLE_503, 503),
        (Fault.INTERNAL_ERROR, 500),
    ],
)
def test_oembed_shows_faults_in_plain_text(fault: Fault, status: int) -> None:
    response = embed(youtube(faults=(bad(fault),)), WATCH)
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("surface", Surface)
def test_one_surface_may_fail_alone(surface: Surface) -> None:
    simulated = youtube(faults=(FaultPeriod(Fault.HTML_502, NOW, NOW + HOUR, surface=surface),))
    statuses = {
        Surface.DATA_API: ask(simulated, "videos", id=VIDEO.id).status_code,
        Surface.OEMBED: embed(simulated, WATCH).status_code,
        Surface.PAGES: simulated(httpx.Request("GET", WATCH)).status_code,
    }
    assert statuses == {each: 502 if each is surface else 200 for each in Surface}


def test_an_omission_affects_only_the_data_api() -> None:
    simulated = youtube(faults=(bad(Fault.LEFT_OUT, only=frozenset({VIDEO.id, "@AChannel"})),))
    assert ids(ask(simulated, "videos", id=VIDEO.id)) == []
    assert ids(ask(simulated, "channels", forHandle="achannel")) == [CHANNEL.id]
    assert ids(ask(simulated, "channels", forHandle="AChannel")) == []
    assert ids(ask(simulated, "playlists", id=PLAYLIST.id)) == [PLAYLIST.id]
    assert embed(simulated, WATCH).status_code == 200
    by_id = youtube(faults=(bad(Fault.LEFT_OUT, only=frozenset({CHANNEL.id})),))
    assert ids(ask(by_id, "channels", forHandle="achannel")) == ids(ask(by_id, "channels", id=CHANNEL.id)) == []
    everything = youtube(faults=(bad(Fault.LEFT_OUT),))
    assert ids(ask(everything, "playlists", id=PLAYLIST.id)) == []


def test_a_fault_for_one_id_does_not_affect_calls_without_it() -> None:
    simulated = youtube(faults=(bad(Fault.BACKEND_ERROR, only=frozenset({VIDEO.id})),))
    statuses = [ask(simulated, "videos", id=asked).status_code for asked in (VIDEO.id, f"x,{VIDEO.id}", "x")]
    assert statuses == [500, 500, 200]
    assert embed(simulated, WATCH).status_code == 500


def test_a_fault_may_last_for_the_first_attempts_of_each_call() -> None:
    simulated = youtube(faults=(bad(Fault.BACKEND_ERROR, attempts=2),))
    asked = [VIDEO.id, VIDEO.id, "x", VIDEO.id, "x", "x"]
    assert [ask(simulated, "videos", id=each).status_code for each in asked] == [500, 500, 500, 200, 500, 200]


def test_attempts_are_counted_since_the_fault_began() -> None:
    now = [NOW - HOUR]
    simulated = youtube(faults=(bad(Fault.BACKEND_ERROR, attempts=1),), clock=lambda: now[0])
    statuses = [ask(simulated, "videos", id=VIDEO.id).status_code for _ in range(3)]
    now[0] = NOW
    statuses += [ask(simulated, "videos", id=VIDEO.id).status_code for _ in range(2)]
    assert statuses == [200, 200, 200, 500, 200]


def test_an_invalid_page_token_affects_only_calls_with_a_token() -> None:
    simulated = youtube(faults=(bad(Fault.INVALID_PAGE_TOKEN),))
    assert ask(simulated, "playlistItems", playlistId=PLAYLIST.id).status_code == 200
    assert reason(ask(simulated, "playlistItems", playlistId=PLAYLIST.id, pageToken="x")) == "invalidPageToken"


def test_the_same_requests_get_the_same_responses_in_any_order() -> None:
    """A share of the attempts fails by a hash, so that neither threads nor their order change which ones."""
    faults = (
        FaultPeriod(Fault.BACKEND_ERROR, NOW, NOW + HOUR, share=0.3),
        FaultPeriod(Fault.READ_TIMEOUT, NOW, NOW + HOUR, share=0.3),
        FaultPeriod(Fault.LEFT_OUT, NOW, NOW + HOUR, share=0.5),
    )
    urls = [
        f"{API}/{method}?part=snippet&id={id_}&maxResults={size}"
        for (method, id_), size in product([("videos", VIDEO.id), ("playlists", PLAYLIST.id)], range(40))
    ]
    one, other = youtube(faults=faults), youtube(faults=faults)
    in_order = {url: outcome(one, url, **KEY) for url in urls}
    with ThreadPoolExecutor(8) as pool:
        backwards = dict(zip(urls[::-1], pool.map(lambda url: outcome(other, url, **KEY), urls[::-1]), strict=True))
    assert in_order == backwards
    assert len({each[:3] for each in in_order.values()}) == 3


# The wire


def test_a_long_url_may_come_as_a_post_with_a_form() -> None:
    simulated = youtube(keys=("key",))
    form = urlencode({"part": ["snippet", "status"], "id": [VIDEO.id, "x" * 2100]}, doseq=True)
    headers = {"x-http-method-override": "GET", "content-type": "application/x-www-form-urlencoded"}
    posted = simulated(httpx.Request("POST", f"{API}/videos?key=key", content=form, headers=headers))
    assert posted.json() == ask(simulated, "videos", part="snippet,status", id=VIDEO.id).json()
    refused = simulated(httpx.Request("POST", f"{API}/videos", content=form, headers=KEY))
    assert reason(refused) == "notModelled"


def test_responses_are_compressed_on_request() -> None:
    url = f"{API}/videos?part=snippet&id={VIDEO.id}"
    plain, packed = (
        youtube()(httpx.Request("GET", url, headers=KEY | {"accept-encoding": encoding}))
        for encoding in ("identity", "gzip, deflate")
    )
    assert (plain.headers.get("content-encoding"), packed.headers["content-encoding"]) == (None, "gzip")
    assert plain.json() == packed.json()


@pytest.mark.parametrize("sent", [False, True])
def test_the_etag_is_in_the_body_and_in_a_header_only_when_asked_for(sent: bool) -> None:
    response = youtube(etag_header=sent)(httpx.Request("GET", f"{API}/videos?part=id&id={VIDEO.id}", headers=KEY))
    assert response.headers.get("etag") == (response.json()["etag"] if sent else None)


async def _asked_asynchronously() -> int:
    async with httpx.AsyncClient(transport=httpx.MockTransport(youtube())) as client:
        return (await client.get(f"{API}/videos", params={"part": "id", "id": VIDEO.id}, headers=KEY)).status_code


def test_it_is_a_transport_for_both_clients() -> None:
    assert asyncio.run(_asked_asynchronously()) == 200
    with httpx.Client(transport=httpx.MockTransport(youtube())) as client:
        assert client.get(f"{API}/videos", params={"part": "id", "id": VIDEO.id}, headers=KEY).status_code == 200
