"""The client of oEmbed against a simulated YouTube and against broken servers."""

from typing import Any

import httpx
import pytest
from integration.youtube.clients import (
    NOW,
    UNTIL,
    Answering,
    oembed,
    recorded,
    video_ids,
    videos,
    youtube,
    youtube_with_videos,
)

from linkwatch.errors import UnreachableError, UnusableAnswerError
from linkwatch.models.observation import EMBEDDING_HINT, Answer, Facts
from linkwatch.models.resource import Kind, Resource
from linkwatch.simulator.entities import SimChannel, SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.faults import BROKEN_BODIES, TRANSPORT_ERRORS, Fault, FaultPeriod, Surface
from linkwatch.youtube.circuit_breaker import MAX_CONSECUTIVE_FAILURES
from linkwatch.youtube.oembed import OEmbedAnswer

ATTEMPTS = 4
VIDEO = Resource(Kind.VIDEO, "aaaaaaaaaaA")
PLAYLIST = Resource(Kind.PLAYLIST, "PLaaaaaaaaaaaaaaaa")
PAGE = b"<!DOCTYPE html><html><title>Not found</title></html>"


def saying(status: int, content: bytes, **headers: str) -> Answering:
    return lambda _: httpx.Response(status, content=content, headers=headers)


def ask(answering: Answering, resource: Resource = VIDEO, **more: Any) -> OEmbedAnswer:
    (answer,) = oembed(answering, **more).ask([resource])
    return answer


def test_the_request_has_the_canonical_url_and_no_key() -> None:
    requests: list[httpx.Request] = []
    ask(recorded(youtube(), requests), PLAYLIST)
    assert dict(requests[0].url.params) == {
        "url": "https://www.youtube.com/playlist?list=PLaaaaaaaaaaaaaaaa",
        "format": "json",
    }
    assert "x-goog-api-key" not in requests[0].headers


@pytest.mark.parametrize("resource", [VIDEO, PLAYLIST], ids=["video", "playlist"])
@pytest.mark.parametrize(
    ("status", "answer"),
    [(401, Answer.UNAUTHORIZED), (403, Answer.FORBIDDEN), (404, Answer.ABSENT)],
)
def test_a_refusal_in_plain_text_is_an_answer(resource: Resource, status: int, answer: Answer) -> None:
    said = ask(saying(status, b"Refused"), resource)
    assert (said.answer, said.failure) == (answer, None)
    hinted = answer is Answer.UNAUTHORIZED and resource is VIDEO
    assert said.facts == (Facts(restrictions=(EMBEDDING_HINT,)) if hinted else None)


@pytest.mark.parametrize(
    ("resource", "proves_nothing"),
    [
        (VIDEO, True),
        (Resource(Kind.VIDEO, VIDEO.id[:-1] + "b"), False),
        (PLAYLIST, False),
        (Resource(Kind.PLAYLIST, "PL" + "0123456789ABCDEF"), True),
        (Resource(Kind.PLAYLIST, "PL" + 32 * "a"), True),
        (Resource(Kind.PLAYLIST, "UULF" + 22 * "a"), True),
        (Resource(Kind.PLAYLIST, "OLAK5uy_" + 33 * "a"), True),
        (Resource(Kind.PLAYLIST, "OLAK5uy_" + 32 * "a"), False),
    ],
    ids=lambda value: getattr(value, "id", None),
)
def test_a_malformed_id_is_an_answer_but_for_one_of_youtubes_shape(resource: Resource, proves_nothing: bool) -> None:
    said = ask(saying(400, b"Bad Request"), resource)
    assert said.answer is Answer.MALFORMED
    assert isinstance(said.failure, UnusableAnswerError) is proves_nothing


@pytest.mark.parametrize("other", [VIDEO, PLAYLIST], ids=["video", "playlist"])
def test_the_answer_about_another_resource_is_no_answer(other: Resource) -> None:
    """A cache that ignores the query answers everything with the first thing it saw."""
    there = youtube(SimVideo(VIDEO.id, "Lecture"), SimPlaylist(PLAYLIST.id, "Course"))
    body = there(httpx.Request("GET", "https://example.com/oembed", params={"url": other.url})).content
    same_kind = Resource(other.kind, other.id[:-1] + "Q")
    assert ask(saying(200, body), other).answer is Answer.PRESENT
    assert ask(saying(200, body), same_kind).answer is Answer.NONE


@pytest.mark.parametrize("status", [204, 301, 302, 402, 405, 407, 410, 418, 429, 451, 500, 501, 502, 503, 504, 511])
def test_any_other_status_is_no_answer(status: int) -> None:
    slept: list[float] = []
    said = ask(saying(status, b"Not Found"), slept=slept)
    assert (said.answer, said.facts, len(slept)) == (Answer.NONE, None, ATTEMPTS - 1)
    assert isinstance(said.failure, UnreachableError)


@pytest.mark.parametrize("before", [b"", b"\n  ", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n\t"], ids=repr)
@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_an_html_page_is_no_answer(status: int, before: bytes) -> None:
    said = ask(saying(status, before + PAGE))
    assert said.answer is Answer.NONE
    assert isinstance(said.failure, UnreachableError)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"OK",
        PAGE,
        b"{}",
        b"[]",
        b"null",
        b'{"title": null}',
        b'{"title": 5}',
        b'{"title": "cut',
        b'{"title": "\xff"}',
        b'{"foo": 1}',
        b'{"title": "x", "y": ' + b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:40]),
)
def test_a_200_that_is_not_oembeds_is_no_answer(body: bytes) -> None:
    said = ask(saying(200, body))
    assert (said.answer, said.facts) == (Answer.NONE, None)
    assert isinstance(said.failure, UnreachableError)


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        (
            b'{"title": "T", "author_name": "A", "author_url": "https://www.youtube.com/channel/UC1"}',
            Facts(title="T", owner_id="UC1", owner_title="A"),
        ),
        (
            b'{"title": "T", "author_name": "A", "author_url": "https://www.youtube.com/@a", "new": [1]}',
            Facts(title="T", owner_title="A"),
        ),
        (b'{"title": "T"}', Facts(title="T")),
        (b'{"title": ""}', Facts()),
    ],
    ids=["by id", "by handle", "title alone", "empty title"],
)
def test_the_facts_of_a_200(body: bytes, facts: Facts) -> None:
    said = ask(saying(200, body))
    assert (said.answer, said.facts, said.failure) == (Answer.PRESENT, facts, None)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_respected(status: int) -> None:
    slept: list[float] = []
    ask(saying(status, b"Slow down", **{"Retry-After": "21"}), slept=slept)
    assert slept == [21.0] * (ATTEMPTS - 1)


def test_a_rate_limit_is_waited_out() -> None:
    simulated = youtube_with_videos(1, FaultPeriod(Fault.OEMBED_429, NOW, UNTIL, attempts=2))
    slept: list[float] = []
    assert ask(simulated, videos(video_ids(1))[0], slept=slept).answer is Answer.PRESENT
    assert len(slept) == 2


@pytest.mark.parametrize(
    ("visibility", "status", "answer"),
    [
        (Visibility.PUBLIC, 401, Answer.PRESENT),
        (Visibility.UNLISTED, 401, Answer.PRESENT),
        (Visibility.DELETED, 401, Answer.ABSENT),
        (Visibility.PRIVATE, 401, Answer.UNAUTHORIZED),
        (Visibility.PRIVATE, 403, Answer.FORBIDDEN),
        (Visibility.PRIVATE, 404, Answer.ABSENT),
    ],
)
def test_the_answers_of_the_simulated_youtube(visibility: Visibility, status: int, answer: Answer) -> None:
    owner = SimChannel("UC1234567890123456789012", "A channel")
    simulated = youtube(
        owner,
        SimVideo(VIDEO.id, "V", owner.id, visibility),
        SimPlaylist(PLAYLIST.id, "P", owner.id, (VIDEO.id,), visibility),
        private_oembed_status=status,
    )
    said = {each.resource: each.answer for each in oembed(simulated).ask([VIDEO, PLAYLIST])}
    assert said == {VIDEO: answer, PLAYLIST: answer}


OUTAGES = [*TRANSPORT_ERRORS, *sorted(BROKEN_BODIES), Fault.BACKEND_ERROR, Fault.OEMBED_429, Fault.OEMBED_500]


@pytest.mark.parametrize("fault", OUTAGES)
def test_in_an_outage_every_resource_gets_an_answer_and_few_requests_are_made(fault: Fault) -> None:
    simulated = youtube_with_videos(40, FaultPeriod(fault, NOW, UNTIL, surface=Surface.OEMBED))
    answers = list(oembed(simulated).ask(videos(video_ids(40))))
    assert {each.resource.id for each in answers} == set(video_ids(40))
    assert all(each.answer is Answer.NONE and isinstance(each.failure, UnreachableError) for each in answers)
    assert simulated.requests["oembed"] == MAX_CONSECUTIVE_FAILURES * ATTEMPTS


@pytest.mark.parametrize("in_flight", [1, 6])
def test_a_failed_request_affects_only_itself(in_flight: int) -> None:
    resources = videos(video_ids(30))
    failing = resources[7]
    simulated = youtube_with_videos(30, FaultPeriod(Fault.READ_TIMEOUT, NOW, UNTIL, ids=frozenset({failing.id})))
    answers = {each.resource: each for each in oembed(simulated, in_flight=in_flight).ask(resources)}
    assert [resource for resource in resources if answers[resource].failure] == [failing]
    assert all(answers[each].answer is Answer.PRESENT for each in resources if each != failing)


def test_failures_between_answers_do_not_end_the_run() -> None:
    resources = videos(video_ids(20))
    failing = frozenset(each.id for each in resources[::2])
    simulated = youtube_with_videos(20, FaultPeriod(Fault.READ_TIMEOUT, NOW, UNTIL, ids=failing))
    answers = {each.resource: each.answer for each in oembed(simulated).ask(resources)}
    assert list(map(answers.get, resources)) == [Answer.NONE, Answer.PRESENT] * 10


def test_a_failure_names_no_url() -> None:
    said = ask(saying(502, PAGE))
    assert said.failure is not None
    assert "http" not in said.failure.message.replace("HTTP 502", "")


def test_a_refusal_as_too_many_halves_the_requests_in_flight() -> None:
    refusals = iter([429] * 3)
    asked = oembed(lambda _: httpx.Response(next(refusals, 404)), in_flight=64)
    assert asked.in_flight.limit == 16
    (answer,) = asked.ask([VIDEO])
    assert answer.answer is Answer.ABSENT
    assert asked.in_flight.limit == 2, "half of it each time, and one response does not raise it"
