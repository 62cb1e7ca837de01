"""The client of the Data API against a simulated YouTube and against broken servers."""

import json
import traceback
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Literal

import httpx
import pytest
from integration.youtube.clients import (
    KEY,
    NOW,
    UNTIL,
    Answering,
    Units,
    calls_for,
    data_api,
    ids_asked,
    recorded,
    single_calls,
    video_ids,
    videos,
    youtube,
    youtube_with_videos,
)

from linkwatch.errors import IncompleteError, KeyRejectedError, QuotaSpentError, UnreachableError
from linkwatch.exchange import new_client
from linkwatch.models.observation import ChannelNames, Facts
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.calls import Call, Method
from linkwatch.simulator.entities import SimChannel, SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.faults import BROKEN_BODIES, TRANSPORT_ERRORS, Fault, FaultPeriod
from linkwatch.simulator.generated import generate_world
from linkwatch.simulator.refusals import REFUSALS
from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.youtube import SimulatedYouTube
from linkwatch.youtube.circuit_breaker import MAX_CONSECUTIVE_FAILURES
from linkwatch.youtube.data_api import CallAnswer, DataApi
from linkwatch.youtube.http import Clients
from linkwatch.youtube.retry import RetryPolicy

TODAY = date(2026, 11, 22)
ATTEMPTS = 4


def found(answers: Iterable[CallAnswer]) -> dict[Resource, Facts]:
    return {resource: facts for answer in answers for resource, facts in answer.found.items()}


def saying(status: int, body: Any, **headers: str) -> Answering:
    """A server that says the same to everything."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda _: httpx.Response(status, content=content, headers=headers)


def during_test(fault: Fault, **more: Any) -> FaultPeriod:
    return FaultPeriod(fault, NOW, UNTIL, **more)


def error_text(error: BaseException) -> str:
    """All that an error could show to anybody, its causes and contexts included."""
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in chain:
        chain.append(following)
        following = following.__cause__ or following.__context__
    words = [f"{each!s} {each!r} {vars(each)}" for each in chain]
    return "".join((*traceback.format_exception(error), *words))


# What is asked


@pytest.mark.parametrize(
    ("count", "sizes"), [(1, [1]), (49, [49]), (50, [50]), (51, [50, 1]), (120, [50, 50, 20])], ids=str
)
def test_a_call_has_at_most_fifty_ids_and_omits_none(count: int, sizes: list[int]) -> None:
    requests: list[httpx.Request] = []
    resources = videos(video_ids(count))
    answers = list(data_api(recorded(youtube_with_videos(count), requests)).ask(calls_for(resources)))
    assert [len(ids_asked(request)) for request in requests] == sizes
    assert all("" not in ids_asked(request) for request in requests)
    assert set(found(answers)) == set(resources)
    assert [answer.failure for answer in answers] == [None] * len(sizes)


def test_the_key_is_in_its_header_and_never_in_a_url_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    requests: list[httpx.Request] = []
    list(data_api(recorded(youtube_with_videos(60), requests)).ask(calls_for(videos(video_ids(60)))))
    for request in requests:
        assert request.headers["X-Goog-Api-Key"] == KEY
        assert KEY not in str(request.url)
        assert KEY.encode() not in request.content
    assert KEY not in caplog.text


def test_fifty_long_ids_are_sent_as_a_post() -> None:
    albums = [f"OLAK5uy_{number:033d}" for number in range(50)]
    simulated = SimulatedYouTube(generate_world((Kind.PLAYLIST, id_) for id_ in albums), lambda: NOW, keys=[KEY])
    requests: list[httpx.Request] = []
    resources = [Resource(Kind.PLAYLIST, id_) for id_ in albums]
    (answer,) = data_api(recorded(simulated, requests)).ask(calls_for(resources))
    assert [request.method for request in requests] == ["POST"]
    assert requests[0].headers["X-HTTP-Method-Override"] == "GET"
    assert KEY.encode() not in requests[0].content
    assert set(answer.found) == set(resources)


def test_no_language_is_requested() -> None:
    requests: list[httpx.Request] = []
    list(data_api(recorded(youtube_with_videos(1), requests)).ask(calls_for(videos(video_ids(1)))))
    assert "hl" not in requests[0].url.params


# What is found

HANDLE = Resource(Kind.CHANNEL, "@AChannel")
CHANNEL = SimChannel("UC1234567890123456789012", "A channel", handle="@AChannel", username="achannel")


def test_the_facts_of_each_kind() -> None:
    video = SimVideo("aaaaaaaaaaA", "A video", CHANNEL.id, embeddable=False, age_restricted=True, blocked=("DE",))
    playlist = SimPlaylist("PLaaaaaaaaaaaaaaaa", "A playlist", CHANNEL.id, (video.id, "gonegonegoA"))
    ids = [(Kind.VIDEO, video.id), (Kind.PLAYLIST, playlist.id), (Kind.CHANNEL, CHANNEL.id)]
    names = [(Kind.CHANNEL, "@achannel"), (Kind.CHANNEL, "user/achannel")]
    resources = [Resource(kind, id_) for kind, id_ in [*ids, *names]]
    channel = Facts(title="A channel", channel=ChannelNames(CHANNEL.id, "@achannel"))
    facts = [
        Facts("A video", CHANNEL.id, CHANNEL.title, restrictions=("age", "blocked:DE", "embedding")),
        Facts("A playlist", CHANNEL.id, CHANNEL.title, item_count=2),
        channel,
        channel,
        channel,
    ]
    answers = data_api(youtube(CHANNEL, video, playlist)).ask(calls_for(resources))
    assert found(answers) == dict(zip(resources, facts, strict=True))


@pytest.mark.parametrize(
    "resource",
    [
        Resource(Kind.VIDEO, "gonegonegoA"),
        Resource(Kind.PLAYLIST, "PLcccccccccccccccc"),
        Resource(Kind.CHANNEL, "UCaaaaaaaaaaaaaaaaaaaaaA"),
        Resource(Kind.CHANNEL, "@nobody"),
        Resource(Kind.CHANNEL, "user/nobody"),
    ],
    ids=lambda resource: resource.id,
)
def test_an_omitted_resource_is_not_a_failure(resource: Resource) -> None:
    (answer,) = data_api(youtube()).ask(calls_for([resource]))
    assert (answer.found, answer.failure) == ({}, None)


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.DELETED])
def test_a_private_resource_is_absent(visibility: Visibility) -> None:
    hidden, shown = SimVideo("aaaaaaaaaaA", "H", visibility=visibility), SimVideo("bbbbbbbbbbA", "S")
    (answer,) = data_api(youtube(hidden, shown)).ask(calls_for(videos([hidden.id, shown.id])))
    assert [resource.id for resource in answer.found] == [shown.id]


@pytest.mark.parametrize("status", ["deleted", "failed", "rejected"])
def test_a_failed_upload_is_absent(status: Literal["deleted", "failed", "rejected"]) -> None:
    broken, shown = SimVideo("aaaaaaaaaaA", "B", upload_status=status), SimVideo("bbbbbbbbbbA", "S")
    (answer,) = data_api(youtube(broken, shown)).ask(calls_for(videos([broken.id, shown.id])))
    assert [resource.id for resource in answer.found] == [shown.id]


@pytest.mark.parametrize(
    "switch", ["duplicates_repeated", "order_shuffled", "keys_shuffled", "thumbnails_lacking", "new_keys"]
)
def test_undocumented_behaviour_makes_no_difference(switch: str) -> None:
    resources = videos(video_ids(30))
    usual = found(data_api(youtube_with_videos(30)).ask(calls_for(resources)))
    assert found(data_api(youtube_with_videos(30, **{switch: True})).ask(calls_for(resources))) == usual
    assert len(usual) == 30


OTHER_QUESTIONS = [
    pytest.param({"kind": "youtube#videoListResponse", "items": [{"id": "zzzzzzzzzzA"}]}, id="another id"),
    pytest.param(
        {"kind": "youtube#videoListResponse", "items": [{"id": "bbbbbbbbbbA"}, {"id": "zzzzzzzzzzA"}]}, id="one more id"
    ),
    pytest.param(
        {"kind": "youtube#videoListResponse", "items": [{"id": "zzzzzzzzzzA", "status": 5}]}, id="another, unreadable"
    ),
    pytest.param({"kind": "youtube#playlistListResponse", "items": []}, id="of another method"),
    pytest.param({"items": []}, id="without its kind"),
    pytest.param({"error": {"code": 500, "message": "Backend Error"}}, id="an error"),
    pytest.param(
        {"kind": "youtube#videoListResponse", "items": [], "pageInfo": {"totalResults": "all"}}, id="no number"
    ),
]


@pytest.mark.parametrize("body", OTHER_QUESTIONS)
def test_the_response_to_another_call_is_no_answer(body: Any) -> None:
    (answer,) = data_api(saying(200, body)).ask(calls_for(videos(["aaaaaaaaaaA", "bbbbbbbbbbA"])))
    assert isinstance(answer.failure, UnreachableError)
    assert (dict(answer.found), answer.unanswered) == ({}, answer.call.resources)


@pytest.mark.parametrize("fault", [Fault.OTHER_ANSWER, Fault.OTHER_METHOD, Fault.ERROR_IN_200])
def test_a_misleading_response_makes_nothing_absent_and_is_retried(fault: Fault) -> None:
    resources = videos(video_ids(50))
    (never,) = data_api(youtube_with_videos(50, during_test(fault))).ask(calls_for(resources))
    assert (dict(never.found), never.unanswered, never.undecided) == ({}, resources, ())
    (answer,) = data_api(youtube_with_videos(50, during_test(fault, attempts=2))).ask(calls_for(resources))
    assert (len(answer.found), answer.unanswered, answer.failure) == (50, (), None)


# Answers in parts


@pytest.mark.parametrize("count", [2, 3, 40, 50])
def test_a_cut_list_is_no_answer_and_the_call_is_split(count: int) -> None:
    resources = videos(video_ids(count))
    (answer,) = data_api(youtube_with_videos(count, during_test(Fault.CUT_LIST))).ask(calls_for(resources))
    assert set(answer.found) == set(resources)
    assert (answer.unanswered, answer.undecided, answer.failure) == ((), (), None)


def test_a_list_that_is_cut_once_is_requested_again_as_a_whole() -> None:
    units = Units()
    simulated = youtube_with_videos(50, during_test(Fault.CUT_LIST, attempts=1))
    (answer,) = data_api(simulated, units=units).ask(calls_for(videos(video_ids(50))))
    assert (len(answer.found), units.units) == (50, 2)


def test_what_is_counted_but_not_returned_is_left_to_oembed() -> None:
    """Should YouTube count what it leaves out, no death may stay hidden for good."""
    resources = videos([*video_ids(9), "goneVideooA"])
    (answer,) = data_api(youtube_with_videos(9, totals_count_absent=True)).ask(calls_for(resources))
    assert set(answer.found) == set(resources[:9])
    assert (answer.unanswered, answer.undecided, answer.failure) == ((), resources[9:], None)


def test_an_unreadable_item_affects_only_its_resource() -> None:
    resources = videos([*video_ids(49), "goneVideooA"])
    odd = during_test(Fault.ODD_FIELDS, ids=frozenset({resources[7].id}))
    units = Units()
    (answer,) = data_api(youtube_with_videos(49, odd), units=units).ask(calls_for(resources))
    assert set(answer.found) == {*resources[:49]} - {resources[7]}
    assert (answer.unanswered, answer.undecided, units.units) == ((resources[7],), (), 1)
    assert isinstance(answer.failure, UnreachableError)


def test_an_unreadable_item_without_an_id_is_found_by_splitting() -> None:
    resources = videos(video_ids(8))
    simulated = youtube_with_videos(8)

    def answer(request: httpx.Request) -> httpx.Response:
        body = simulated(request).json()
        for item in body["items"]:
            if item["id"] == resources[3].id:
                item["id"] = None
        return httpx.Response(200, json=body)

    (answered,) = data_api(answer).ask(calls_for(resources))
    assert set(answered.found) == {*resources} - {resources[3]}
    assert answered.unanswered == (resources[3],)


ABOUT_ONE = [
    Fault.FORBIDDEN,
    Fault.PLAYLIST_FORBIDDEN,
    Fault.CHANNEL_FORBIDDEN,
    Fault.CHANNEL_CLOSED,
    Fault.CHANNEL_SUSPENDED,
    Fault.WATCH_HISTORY_NOT_ACCESSIBLE,
    Fault.PERMISSION_DENIED_403,
]


@pytest.mark.parametrize("fault", ABOUT_ONE)
def test_a_refusal_of_one_resource_affects_only_that(fault: Fault) -> None:
    resources = videos(video_ids(120))
    refused = frozenset({resources[7].id, resources[60].id, resources[61].id})
    answers = list(data_api(youtube_with_videos(120, during_test(fault, ids=refused))).ask(calls_for(resources)))
    assert set(found(answers)) == {resource for resource in resources if resource.id not in refused}
    assert {resource.id for answer in answers for resource in answer.undecided} == refused
    assert [answer.failure for answer in answers] == [None] * 3


def test_when_everything_is_refused_few_calls_are_split() -> None:
    units = Units()
    answers = list(
        data_api(youtube_with_videos(1000, during_test(Fault.FORBIDDEN)), units=units).ask(
            calls_for(videos(video_ids(1000)))
        )
    )
    assert len(answers) == 20
    assert found(answers) == {}
    assert all(len(answer.unanswered) + len(answer.undecided) == 50 for answer in answers)
    assert units.units <= 120


@pytest.mark.parametrize(
    ("fault", "resource"),
    [
        (Fault.CHANNEL_NOT_FOUND, Resource(Kind.CHANNEL, "UC1234567890123456789012")),
        (Fault.CHANNEL_NOT_FOUND, Resource(Kind.CHANNEL, "@AChannel")),
        (Fault.PLAYLIST_NOT_FOUND, Resource(Kind.PLAYLIST, "PL" + "a" * 32)),
        (Fault.VIDEO_NOT_FOUND, Resource(Kind.VIDEO, "aaaaaaaaaaA")),
    ],
)
def test_a_404_for_the_only_resource_of_a_call_is_an_answer(fault: Fault, resource: Resource) -> None:
    units = Units()
    (answer,) = data_api(youtube(faults=[during_test(fault)]), units=units).ask(calls_for([resource]))
    assert (dict(answer.found), answer.unanswered, answer.undecided, answer.failure) == ({}, (), (), None)
    assert units.units == 1


def test_404s_for_single_resources_do_not_end_the_run() -> None:
    missing = [Resource(Kind.CHANNEL, f"@missing{number}") for number in range(5)]
    gone = during_test(Fault.CHANNEL_NOT_FOUND, ids=frozenset(resource.id for resource in missing))
    units = Units()
    answers = list(data_api(youtube(CHANNEL, faults=[gone]), units=units).ask(calls_for([*missing, HANDLE])))
    assert [answer.failure for answer in answers] == [None] * 6
    assert set(found(answers)) == {HANDLE}
    assert units.units == 6


def test_the_404_of_another_method_is_no_answer() -> None:
    (answer,) = data_api(youtube_with_videos(1, during_test(Fault.PLAYLIST_NOT_FOUND))).ask(
        calls_for(videos(video_ids(1)))
    )
    assert (answer.undecided, dict(answer.found)) == (answer.call.resources, {})


def test_an_omitted_available_video_is_absent_and_left_to_the_verdict() -> None:
    resources = videos(video_ids(10))
    hidden = during_test(Fault.LEFT_OUT, ids=frozenset({resources[3].id}))
    (answer,) = data_api(youtube_with_videos(10, hidden)).ask(calls_for(resources))
    assert answer.failure is None
    assert set(resources) - set(answer.found) == {resources[3]}


# Pages


def paged(simulated: SimulatedYouTube, size: int) -> Answering:
    """A YouTube that gives so many at once, whatever it was asked."""

    def answer(request: httpx.Request) -> httpx.Response:
        url = request.url.copy_set_param("maxResults", size)
        return simulated(httpx.Request(request.method, url, headers=request.headers))

    return answer


def test_fifty_results_per_page_are_requested() -> None:
    simulated = youtube_with_videos(50, max_results_pages_ids=True)
    (answer,) = data_api(simulated).ask(calls_for(videos(video_ids(50))))
    assert len(answer.found) == 50
    assert simulated.requests["videos.list"] == 1


@pytest.mark.parametrize(("size", "pages"), [(5, 10), (49, 2), (1, 50)])
def test_every_page_is_read(size: int, pages: int) -> None:
    units = Units()
    simulated = youtube_with_videos(50, max_results_pages_ids=True)
    (answer,) = data_api(paged(simulated, size), units=units).ask(calls_for(videos(video_ids(50))))
    assert (answer.failure, len(answer.found)) == (None, 50)
    assert units.units == simulated.units_used(TODAY) == pages


def test_pages_that_moved_are_read_again() -> None:
    moved = during_test(Fault.INVALID_PAGE_TOKEN, attempts=1)
    simulated = youtube_with_videos(50, moved, max_results_pages_ids=True)
    units = Units()
    (answer,) = data_api(paged(simulated, 25), units=units).ask(calls_for(videos(video_ids(50))))
    assert (answer.failure, len(answer.found)) == (None, 50)
    assert units.units == 4


def test_pages_that_keep_moving_are_no_answer() -> None:
    simulated = youtube_with_videos(50, during_test(Fault.INVALID_PAGE_TOKEN), max_results_pages_ids=True)
    units = Units()
    (answer,) = data_api(paged(simulated, 25), units=units).ask(calls_for(videos(video_ids(50))))
    assert isinstance(answer.failure, UnreachableError)
    assert answer.found == {}
    assert units.units == 4


def test_a_repeated_page_token_is_no_answer_and_costs_few_units() -> None:
    body = {"kind": "youtube#videoListResponse", "items": [{"id": video_ids(1)[0]}], "nextPageToken": "again"}
    units = Units()
    (answer,) = data_api(saying(200, body), units=units).ask(calls_for(videos(video_ids(50))))
    assert isinstance(answer.failure, UnreachableError)
    assert answer.found == {}
    assert units.units == 4


def test_a_failed_page_makes_the_whole_call_fail() -> None:
    """Half a listing would make its other half dead."""
    simulated = youtube_with_videos(50, max_results_pages_ids=True)
    pages = paged(simulated, 25)

    def second_is_down(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503) if "pageToken" in request.url.params else pages(request)

    (answer,) = data_api(second_is_down).ask(calls_for(videos(video_ids(50))))
    assert isinstance(answer.failure, UnreachableError)
    assert answer.found == {}


# Quota

SPENT = [Fault.QUOTA_EXCEEDED, Fault.DAILY_LIMIT_EXCEEDED, Fault.DAY_SPENT_429]


@pytest.mark.parametrize("fault", SPENT)
def test_a_spent_day_is_not_retried_and_ends_the_run(fault: Fault) -> None:
    simulated, units = youtube_with_videos(20, during_test(fault)), Units()
    answers = list(data_api(simulated, units=units).ask(single_calls(videos(video_ids(20)))))
    assert len(answers) == 20
    assert all(isinstance(answer.failure, QuotaSpentError) and not answer.found for answer in answers)
    assert (simulated.requests["videos.list"], units.units, units.exhausted) == (1, 1, 1)


@pytest.mark.parametrize("fault", SPENT)
def test_a_spent_day_ends_the_calls_in_flight(fault: Fault) -> None:
    simulated, units = youtube_with_videos(200, during_test(fault)), Units()
    answers = list(data_api(simulated, units=units, in_flight=8).ask(single_calls(videos(video_ids(200)))))
    assert len(answers) == 200
    assert all(isinstance(answer.failure, QuotaSpentError) for answer in answers)
    assert simulated.requests["videos.list"] <= 8


@pytest.mark.parametrize("fault", [Fault.QUOTA_EXCEEDED, Fault.DAY_SPENT_429])
def test_what_was_answered_before_the_day_was_spent_is_kept(fault: Fault) -> None:
    simulated, units = youtube_with_videos(20, quota=7, day_spent=fault), Units()
    answers = list(data_api(simulated, units=units).ask(single_calls(videos(video_ids(20)))))
    assert len(found(answers)) == 7 == simulated.units_used(TODAY)
    assert sum(answer.failure is not None for answer in answers) == 13
    assert units.units == 8


def test_without_a_unit_in_the_account_nothing_is_sent() -> None:
    simulated, units = youtube_with_videos(20), Units(limit=7)
    answers = list(data_api(simulated, units=units, in_flight=4).ask(single_calls(videos(video_ids(20)))))
    assert simulated.requests["videos.list"] == units.units == len(found(answers)) == 7
    assert sum(isinstance(answer.failure, QuotaSpentError) for answer in answers) == 13


@pytest.mark.parametrize(
    "fault", [Fault.RATE_LIMIT_429, Fault.RATE_LIMIT_403, Fault.BACKEND_ERROR, Fault.CUT_BODY, Fault.HTML_502]
)
def test_every_attempt_is_booked_as_youtube_charges_it(fault: Fault) -> None:
    simulated, units = youtube_with_videos(30, during_test(fault, attempts=2)), Units()
    answers = list(data_api(simulated, units=units, in_flight=4).ask(single_calls(videos(video_ids(30)))))
    assert len(found(answers)) == 30
    assert units.units == simulated.units_used(TODAY) == 90


def test_a_unit_is_booked_before_the_request_goes_out() -> None:
    units = Units()

    def dropped(request: httpx.Request) -> httpx.Response:
        assert units.units == 1
        raise httpx.ConnectError("down", request=request)

    list(data_api(dropped, units=units, attempts=1).ask(single_calls(videos(video_ids(1)))))
    assert units.units == 1


# Bursts and outages


@pytest.mark.parametrize(
    ("fault", "limit"), [(Fault.RATE_LIMIT_429, 1), (Fault.USER_RATE_LIMIT_403, 1), (Fault.BACKEND_ERROR, 16)]
)
def test_a_refusal_as_too_many_halves_the_calls_in_flight(fault: Fault, limit: int) -> None:
    simulated = youtube_with_videos(1, FaultPeriod(fault, NOW, UNTIL))
    api = data_api(simulated, in_flight=16)
    (answer,) = api.ask(single_calls(videos(video_ids(1))))
    assert answer.failure is not None
    assert api.in_flight.limit == limit, "after four attempts"


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT_429, Fault.RATE_LIMIT_403, Fault.USER_RATE_LIMIT_403])
def test_a_rate_limit_is_waited_out(fault: Fault) -> None:
    slept: list[float] = []
    (answer,) = data_api(youtube_with_videos(5, during_test(fault, attempts=3)), slept=slept).ask(
        calls_for(videos(video_ids(5)))
    )
    assert (answer.failure, len(answer.found)) == (None, 5)
    assert len(slept) == 3


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_respected(status: int) -> None:
    slept: list[float] = []
    list(data_api(saying(status, {"error": {}}, **{"Retry-After": "20"}), slept=slept).ask(calls_for(videos(["a"]))))
    assert slept == [20.0] * (ATTEMPTS - 1)


OUTAGES = [
    *TRANSPORT_ERRORS,
    *sorted(BROKEN_BODIES),
    Fault.BACKEND_ERROR,
    Fault.INTERNAL_ERROR,
    Fault.SERVICE_UNAVAILABLE_503,
    Fault.SERVICE_UNAVAILABLE_403,
    Fault.SERVICE_UNAVAILABLE_409,
    Fault.RATE_LIMIT_429,
    Fault.RATE_LIMIT_WITHOUT_DETAILS,
    Fault.OTHER_METHOD,
    Fault.ERROR_IN_200,
]


@pytest.mark.parametrize("fault", OUTAGES)
def test_in_an_outage_every_call_gets_an_answer_and_few_are_made(fault: Fault) -> None:
    simulated = youtube_with_videos(40, during_test(fault))
    answers = list(data_api(simulated).ask(single_calls(videos(video_ids(40)))))
    assert {answer.call.resources[0].id for answer in answers} == set(video_ids(40))
    assert all(isinstance(answer.failure, UnreachableError) and not answer.found for answer in answers)
    assert simulated.requests["videos.list"] == MAX_CONSECUTIVE_FAILURES * ATTEMPTS


def test_in_an_outage_those_in_flight_give_up_too() -> None:
    simulated = youtube_with_videos(400, during_test(Fault.READ_TIMEOUT))
    answers = list(data_api(simulated, in_flight=8).ask(single_calls(videos(video_ids(400)))))
    assert len(answers) == 400
    assert found(answers) == {}
    assert simulated.requests["videos.list"] <= (8 + MAX_CONSECUTIVE_FAILURES) * ATTEMPTS


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"foo": 1}',
        b"[]",
        b"null",
        b"<html>",
        b"\xff\xfe",
        b'{"error": {"code": 403}}',
        b'{"kind": "youtube#videoListResponse", "items": [{"id": "v000000000A", "snippet": {"title": "\xff"}}]}',
        b'{"kind": "youtube#videoListResponse", "x": ' + b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:50]),
)
def test_a_200_that_is_not_the_data_apis_makes_nothing_absent(body: bytes) -> None:
    (answer,) = data_api(saying(200, body)).ask(calls_for(videos(video_ids(50))))
    assert isinstance(answer.failure, UnreachableError)
    assert answer.found == {}


@pytest.mark.parametrize("status", [204, 302, 304, 400, 403, 404, 410, 429, 500, 503])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"error": {"message": 5}}',
        b'{"error": "x"}',
        b'[{"error": 1}]',
        b"[" * 100_000,
        b'{"error": {"message": "\xff"}}',
    ],
    ids=lambda body: repr(body[:30]),
)
def test_an_error_of_unknown_shape_is_no_answer_whatever_its_status(status: int, body: bytes) -> None:
    (answer,) = data_api(saying(status, body)).ask(calls_for(videos(video_ids(3))))
    assert isinstance(answer.failure, UnreachableError)
    assert answer.found == {}


@pytest.mark.parametrize("in_flight", [1, 4])
@pytest.mark.parametrize("fault", [Fault.READ_TIMEOUT, Fault.BACKEND_ERROR, Fault.CUT_BODY, Fault.HTML_200])
def test_a_failed_call_affects_only_itself(fault: Fault, in_flight: int) -> None:
    resources = videos(video_ids(30))
    failing = resources[11]
    simulated = youtube_with_videos(30, during_test(fault, ids=frozenset({failing.id})))
    answers = list(data_api(simulated, in_flight=in_flight).ask(single_calls(resources)))
    assert [answer.call.resources for answer in answers if answer.failure] == [(failing,)]
    assert set(found(answers)) == {*resources} - {failing}


def test_failures_between_answers_do_not_end_the_run() -> None:
    resources = videos(video_ids(20))
    failing = resources[::2]
    simulated = youtube_with_videos(20, during_test(Fault.READ_TIMEOUT, ids=frozenset(each.id for each in failing)))
    answers = list(data_api(simulated).ask(single_calls(resources)))
    assert set(found(answers)) == {*resources} - {*failing}


def test_occasional_faults_cost_retries_but_no_answer() -> None:
    simulated = youtube_with_videos(
        60, during_test(Fault.BACKEND_ERROR, share=0.2), during_test(Fault.CONNECTION_RESET, share=0.2)
    )
    answers = list(data_api(simulated, in_flight=8, attempts=20).ask(single_calls(videos(video_ids(60)))))
    assert len(found(answers)) == 60


# The key

REJECTED = {
    Fault.API_KEY_INVALID: "YOUTUBE_API_KEY",
    Fault.KEY_INVALID: "YOUTUBE_API_KEY",
    Fault.ACCESS_NOT_CONFIGURED: "Enable",
    Fault.SERVICE_DISABLED: "Enable",
    Fault.IP_ADDRESS_BLOCKED: "restrictions",
    Fault.HTTP_REFERRER_BLOCKED: "restrictions",
    Fault.SERVICE_BLOCKED: "restrictions",
    Fault.IP_REFERER_BLOCKED: "restrictions",
    Fault.UNREGISTERED_CALLER: "proxy",
    Fault.DAILY_LIMIT_UNREGISTERED: "proxy",
    Fault.AUTH_ERROR: "YOUTUBE_API_KEY",
    Fault.NO_QUOTA: "quota",
}


@pytest.mark.parametrize(("fault", "remedy"), REJECTED.items())
def test_a_refused_key_stops_everything_and_says_what_to_do(fault: Fault, remedy: str) -> None:
    simulated = youtube_with_videos(20, during_test(fault))
    answers = list(data_api(simulated).ask(single_calls(videos(video_ids(20)))))
    assert simulated.requests["videos.list"] == 1
    assert len(answers) == 20
    for answer in answers:
        assert isinstance(answer.failure, KeyRejectedError)
        assert remedy in answer.failure.remedy
        assert answer.found == {}


def test_a_wrong_key_is_never_shown() -> None:
    wrong = "AIzaSyWrongWrongWrongWrongWrongWrong012"
    (answer,) = data_api(youtube_with_videos(1), key=wrong).ask(calls_for(videos(video_ids(1))))
    assert isinstance(answer.failure, KeyRejectedError)
    assert wrong not in error_text(answer.failure)


ECHOES: list[Callable[[str], str]] = [
    lambda key: f"The key {key} is not good, {key}!",
    lambda key: f"{key[:9]}<b></b>{key[9:]}",
    lambda key: f"<a href='?key={key}'>{key}</a>",
    lambda key: "".join(f"&#{ord(letter)};" for letter in key),
]


@pytest.mark.parametrize("echo", ECHOES, ids=["plain", "torn by a tag", "in a link", "in entities"])
@pytest.mark.parametrize("fault", [*REJECTED, *SPENT, Fault.BACKEND_ERROR, Fault.RATE_LIMIT_429])
def test_a_key_that_the_server_echoes_is_never_shown(
    fault: Fault, echo: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    refusal = REFUSALS[fault]
    server = saying(refusal.code, refusal.body(f"{refusal.message} {echo(KEY)}"), **{"X-Echo": KEY})
    api = data_api(server)
    (answer,) = api.ask(calls_for(videos(video_ids(1))))
    assert isinstance(answer.failure, IncompleteError)
    assert KEY not in error_text(answer.failure) + repr(answer) + repr(api) + repr(vars(answer.failure)) + caplog.text


# Bugs of ours


OUR_BUGS = [Fault.INVALID_FILTERS, Fault.MISSING_REQUIRED_PARAMETER, Fault.UNKNOWN_PART]


@pytest.mark.parametrize("fault", OUR_BUGS)
def test_a_malformed_request_costs_itself_alone_and_is_logged_once(
    fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    resources = videos(video_ids(50))
    odd = resources[17]
    simulated = youtube_with_videos(50, during_test(fault, ids=frozenset({odd.id})))
    (answer,) = data_api(simulated).ask(calls_for(resources))
    assert set(answer.found) == {*resources} - {odd}
    assert (answer.unanswered, answer.undecided) == ((odd,), ())
    assert "HTTP 400" in str(answer.failure)
    assert [record.levelname for record in caplog.records if "bug of linkwatch" in record.message] == ["ERROR"]


def test_requests_that_are_all_malformed_are_not_split_without_end() -> None:
    simulated = youtube_with_videos(5, during_test(Fault.INVALID_FILTERS))
    answers = list(data_api(simulated, in_flight=1).ask(calls_for(videos(video_ids(1000)))))
    assert sum(len(answer.unanswered) for answer in answers) == 1000
    assert simulated.requests["videos.list"] < 150


def test_a_call_that_is_refused_for_an_unknown_reason_affects_only_itself() -> None:
    simulated = youtube_with_videos(3, during_test(Fault.INVALID_PARAMETER, ids=frozenset(video_ids(1))))
    answers = list(data_api(simulated).ask(single_calls(videos(video_ids(3)))))
    refused = [answer for answer in answers if answer.failure is not None]
    assert [answer.call.resources for answer in refused] == [tuple(videos(video_ids(1)))]
    assert isinstance(refused[0].failure, UnreachableError)
    assert simulated.requests["videos.list"] == 3


def test_an_echoed_key_is_not_in_the_bug_either(caplog: pytest.LogCaptureFixture) -> None:
    body = REFUSALS[Fault.INVALID_FILTERS].body(f"bad {KEY}")
    (answer,) = data_api(saying(400, body)).ask([Call(Method.VIDEOS, videos(["x"]))])
    assert isinstance(answer.failure, UnreachableError)
    assert KEY not in error_text(answer.failure) + caplog.text


def test_it_works_the_same_over_real_connections() -> None:
    resources, units = videos(video_ids(200)), Units()
    with YouTubeServer(youtube_with_videos(200)) as server:
        api = DataApi(
            key=KEY,
            api_url=server.url,
            clients=Clients(new_client),
            account=units,
            retry=RetryPolicy(sleep=lambda _: None),
            calls_in_flight=4,
        )
        answers = list(api.ask(single_calls(resources)))
    assert set(found(answers)) == set(resources)
    assert units.units == 200
