import pytest
from unit.simulator.api_calls import (
    CHANNEL,
    DELETED_PLAYLIST,
    DELETED_VIDEO,
    PLAYLIST,
    PRIVATE_PLAYLIST,
    PRIVATE_VIDEO,
    UNLISTED_VIDEO,
    VIDEO,
    embed,
    youtube,
)

from linkwatch.simulator.entities import SimVideo

NO_EMBEDDING = SimVideo("eeeeeeeeeeA", "Not to be embedded", embeddable=False)
ADULT = SimVideo("ffffffffffA", "Adult", age_restricted=True)
WATCH, LIST = "https://www.youtube.com/watch?v=", "https://www.youtube.com/playlist?list="


@pytest.mark.parametrize(
    ("url", "title"),
    [
        (WATCH + VIDEO.id, VIDEO.title),
        (WATCH + UNLISTED_VIDEO.id, UNLISTED_VIDEO.title),
        (f"https://youtu.be/{VIDEO.id}", VIDEO.title),
        (f"https://m.youtube.com/shorts/{VIDEO.id}", VIDEO.title),
        (f"{WATCH}{VIDEO.id}&list={PLAYLIST.id}", VIDEO.title),
        (LIST + PLAYLIST.id, PLAYLIST.title),
    ],
)
def test_available_resources_are_described(url: str, title: str) -> None:
    response = embed(youtube(), url)
    body = response.json()
    assert response.status_code == 200
    assert (body["title"], body["type"], body["version"], body["provider_name"]) == (title, "video", "1.0", "YouTube")
    assert (body["author_name"], body["author_url"]) == (CHANNEL.title, f"https://www.youtube.com/{CHANNEL.handle}")
    assert {"html", "thumbnail_url"} <= body.keys()


@pytest.mark.parametrize(
    ("url", "status", "text"),
    [
        (WATCH + DELETED_VIDEO.id, 404, "Not Found"),
        (WATCH + "zzzzzzzzzzA", 404, "Not Found"),
        (LIST + DELETED_PLAYLIST.id, 404, "Not Found"),
        (WATCH + NO_EMBEDDING.id, 401, "Unauthorized"),
        (WATCH + "short", 400, "Bad Request"),
        (LIST, 400, "Bad Request"),
        (f"https://www.youtube.com/channel/{CHANNEL.id}", 404, "Not Found"),
        ("https://www.youtube.com/@AChannel/playlists", 404, "Not Found"),
        ("https://www.youtube.com/user/achannel", 404, "Not Found"),
        ("https://example.org/watch?v=aaaaaaaaaaA", 404, "Not Found"),
        ("", 404, "Not Found"),
    ],
)
def test_other_resources_get_plain_text(url: str, status: int, text: str) -> None:
    response = embed(youtube(NO_EMBEDDING), url)
    assert (response.status_code, response.text) == (status, text)
    assert response.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("url", [WATCH + PRIVATE_VIDEO.id, LIST + PRIVATE_PLAYLIST.id])
@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_private_resource_gets_one_of_three_statuses(url: str, status: int) -> None:
    assert embed(youtube(private_oembed_status=status), url).status_code == status


@pytest.mark.parametrize("status", [200, 401])
def test_an_age_restriction_may_or_may_not_show(status: int) -> None:
    simulated = youtube(ADULT, age_restricted_oembed_status=status)
    assert embed(simulated, WATCH + ADULT.id).status_code == status


def test_xml_is_not_simulated() -> None:
    assert embed(youtube(), WATCH + VIDEO.id, format="xml").status_code == 501
