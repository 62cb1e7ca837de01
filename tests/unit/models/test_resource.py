"""A resource knows its canonical URL, and why nobody can ask about it."""

import pytest

from linkwatch.models.resource import Kind, Resource

CHANNEL = "UCYO_jab_esuFRV4b17AJtAw"


@pytest.mark.parametrize(
    ("resource", "url"),
    [
        (
            Resource(Kind.PLAYLIST, "PL63F0C78739B09958"),
            "playlist?list=PL63F0C78739B09958",
        ),
        (Resource(Kind.VIDEO, "haHLRD0QZ08"), "watch?v=haHLRD0QZ08"),
        (Resource(Kind.VIDEO, "clip/UgkxAbCdEf"), "clip/UgkxAbCdEf"),
        (Resource(Kind.CHANNEL, CHANNEL), f"channel/{CHANNEL}"),
        (Resource(Kind.CHANNEL, "@3blue1brown"), "@3blue1brown"),
        (Resource(Kind.CHANNEL, "@हिन्दी"), "@हिन्दी"),
        (Resource(Kind.CHANNEL, "@a·b"), "@a·b"),
        (Resource(Kind.CHANNEL, "user/khanacademy"), "user/khanacademy"),
        (Resource(Kind.CHANNEL, "c/Größe"), "c/Größe"),
        (Resource(Kind.CHANNEL, "PatrickJMT"), "PatrickJMT"),
        (Resource(Kind.CHANNEL, "c/a b?<é>\u202e"), "c/a%20b%3F%3Cé%3E%E2%80%AE"),
        (Resource(Kind.CHANNEL, "c/\ud800"), "c/%ED%A0%80"),
    ],
    ids=lambda value: ascii(value.id) if isinstance(value, Resource) else "",
)
def test_the_canonical_url_keeps_what_people_read_and_encodes_what_a_url_cannot_hold(
    resource: Resource, url: str
) -> None:
    assert resource.url == f"https://www.youtube.com/{url}"


def test_an_album_page_is_at_home_on_youtube_music() -> None:
    album = Resource(Kind.PLAYLIST, "MPREb_AbCdEfGhIjK")
    assert album.url == "https://music.youtube.com/browse/MPREb_AbCdEfGhIjK"


@pytest.mark.parametrize(
    ("kind", "id_", "why"),
    [
        (Kind.PLAYLIST, "WL", "Watch Later"),
        (Kind.PLAYLIST, "LL", "liked videos"),
        (Kind.PLAYLIST, "LM", "liked music"),
        (Kind.PLAYLIST, "HL", "history"),
        (Kind.PLAYLIST, "RDMM", "mix"),
        (Kind.PLAYLIST, "RDhaHLRD0QZ08", "mix"),
        (Kind.PLAYLIST, "ULhaHLRD0QZ08", "mix"),
        (Kind.PLAYLIST, "TLPQMjMxMTIwMjX1nB9G", "temporary"),
        (Kind.PLAYLIST, "MPREb_AbCdEfGhIjK", "album"),
        (Kind.PLAYLIST, "SE", "different for every viewer"),
        (Kind.VIDEO, "clip/UgkxAbCdEf", "clip"),
        (Kind.VIDEO, "post/UgkxAbCdEf", "post"),
        (Kind.CHANNEL, "c/NAME", "custom"),
        (Kind.CHANNEL, "NAME", "custom"),
    ],
)
def test_what_no_key_can_ask_about_says_why(kind: Kind, id_: str, why: str) -> None:
    reason = Resource(kind, id_).unmonitorable
    assert reason is not None
    assert why in reason


@pytest.mark.parametrize(
    ("kind", "id_"),
    [
        (Kind.PLAYLIST, "PL0-GT3co4r2wlh6UHTUeQsrf3mlS2lk6x"),
        (Kind.PLAYLIST, "UUYO_jab_esuFRV4b17AJtAw"),
        (Kind.PLAYLIST, "LLYO_jab_esuFRV4b17AJtAw"),
        (Kind.PLAYLIST, "OLAK5uy_kmPRjHDECIcuVwnKsx2Ng7fyNgFKWNJFs"),
        (Kind.VIDEO, "RDhaHLRD0QZ"),
        (Kind.CHANNEL, CHANNEL),
        (Kind.CHANNEL, "@3blue1brown"),
        (Kind.CHANNEL, "user/khanacademy"),
    ],
)
def test_what_a_key_can_ask_about_has_no_reason(kind: Kind, id_: str) -> None:
    assert Resource(kind, id_).unmonitorable is None
