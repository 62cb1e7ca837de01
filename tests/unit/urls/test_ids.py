"""Ids: what follows one is cut off, other forms become the canonical one, and a malformed one is explained."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.models.resource import Kind, Resource
from linkwatch.urls import ids


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("haHLRD0QZ08", "haHLRD0QZ08"),
        ("haHLRD0QZ08?t=30", "haHLRD0QZ08"),
        ("haHLRD0QZ08).", "haHLRD0QZ08"),
        (" haHLRD0QZ08", "haHLRD0QZ08"),
        ("-_-_-_-_-_-", "-_-_-_-_-_-"),
    ],
)
def test_a_video_id_is_eleven_characters_and_what_follows_is_dropped(text: str, id_: str) -> None:
    assert ids.parse_video_id(text) == ids.ParsedUrl((Resource(Kind.VIDEO, id_),))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("short", "`short` has 5 characters; a video id has 11"),
        ("x", "`x` has 1 character; a video id has 11"),
        ("haHLRD0QZ089", "`haHLRD0QZ089` has 12 characters; a video id has 11"),
        ("", "the link names no video: its id is missing"),
        ("\u202e\ud800", "`\ufffd\ufffd` is no video id or name"),
        ("a" * 60, f"`{'a' * 40}…` has 60 characters; a video id has 11"),
    ],
    ids=ascii,
)
def test_a_malformed_video_id_is_explained_in_characters_that_can_be_printed(text: str, problem: str) -> None:
    assert ids.parse_video_id(text) == ids.ParsedUrl((), problem)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("PL0-GT3co4r2wlh6UHTUeQsrf3mlS2lk6x", "PL0-GT3co4r2wlh6UHTUeQsrf3mlS2lk6x"),
        ("PL63F0C78739B09958", "PL63F0C78739B09958"),
        ("SP63F0C78739B09958", "PL63F0C78739B09958"),
        ("EC63F0C78739B09958", "PL63F0C78739B09958"),
        ("VLSP63F0C78739B09958", "PL63F0C78739B09958"),
        ("VLVLPL63F0C78739B09958", "PL63F0C78739B09958"),
        ("UUYO_jab_esuFRV4b17AJtAw", "UUYO_jab_esuFRV4b17AJtAw"),
        ("FLYO_jab_esuFRV4b17AJtAw", "FLYO_jab_esuFRV4b17AJtAw"),
        ("UULFYO_jab_esuFRV4b17AJtAw", "UULFYO_jab_esuFRV4b17AJtAw"),
        ("UUSHYO_jab_esuFRV4b17AJtAw", "UUSHYO_jab_esuFRV4b17AJtAw"),
        ("UULVYO_jab_esuFRV4b17AJtAw", "UULVYO_jab_esuFRV4b17AJtAw"),
        ("OLAK5uy_kmPRjHDECIcuVwnKsx2Ng7fyNgFKWNJFs", "OLAK5uy_kmPRjHDECIcuVwnKsx2Ng7fyNgFKWNJFs"),
        ("XX_of_2031_x", "XX_of_2031_x"),
        ("PL63F0C78739B09958)", "PL63F0C78739B09958"),
        ("WL", "WL"),
        ("VLLM", "LM"),
        ("RDMM", "RDMM"),
    ],
)
def test_a_playlist_has_one_id_and_unknown_shapes_are_for_youtube_to_refuse(text: str, id_: str) -> None:
    assert ids.parse_playlist_id(text) == ids.ParsedUrl((Resource(Kind.PLAYLIST, id_),))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("PL123", "`PL123` has 5 characters, too few for a playlist id"),
        ("VLPL123456789", "`VLPL123456789` has 13 characters, too few for a playlist id"),
        ("", "the link names no playlist: its id is missing"),
        ("UCYO_jab_esuFRV4b17AJtAw", "`UCYO_jab_esuFRV4b17AJtAw` is the id of a channel, not of a playlist"),
        ("<id>", "`<id>` is no playlist id or name"),
    ],
)
def test_a_malformed_playlist_id_is_explained(text: str, problem: str) -> None:
    assert ids.parse_playlist_id(text) == ids.ParsedUrl((), problem)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("3Blue1Brown", "@3blue1brown"),
        ("a.b-c_d·e", "@a.b-c_d·e"),
        ("Straße", "@straße"),
        ("Cafe\u0301", "@caf\u00e9"),
        ("Name).", "@name"),
        ("Name&feature=x", "@name"),
        ("名前。", "@名前"),
    ],
)
def test_a_handle_ignores_case_and_the_composition_of_accents(text: str, id_: str) -> None:
    assert ids.parse_handle(text) == ids.ParsedUrl((Resource(Kind.CHANNEL, id_),))


@pytest.mark.parametrize("text", ["", ".", "@x", "a b", "a.b c", "a\x00", "\ud800", "a/b", "a+b", "\u037e", "n" * 101])
def test_a_name_with_a_forbidden_character_is_malformed_and_not_cut_short(text: str) -> None:
    parsed = ids.parse_channel_name("c/", text)
    assert parsed.resources == ()
    assert parsed.problem


@given(st.text(min_size=1, max_size=20))
def test_the_id_of_a_handle_is_its_own_id(text: str) -> None:
    for resource in ids.parse_handle(text).resources:
        assert ids.parse_handle(resource.id.removeprefix("@")).resources == (resource,)


@pytest.mark.parametrize(
    ("kind", "id_", "implausible"),
    [
        (Kind.VIDEO, "haHLRD0QZ08", False),
        (Kind.VIDEO, "haHLRD0QZ0B", True),
        (Kind.VIDEO, "clip/UgkxAbCdEB", False),
        (Kind.CHANNEL, "UCYO_jab_esuFRV4b17AJtAw", False),
        (Kind.CHANNEL, "UCYO_jab_esuFRV4b17AJtAx", True),
        (Kind.CHANNEL, "@handle-ending-in-b", False),
        (Kind.PLAYLIST, "PL63F0C78739B09958", False),
    ],
)
def test_an_id_that_ends_as_no_real_one_does_is_implausible(kind: Kind, id_: str, *, implausible: bool) -> None:
    assert (ids.implausibility(Resource(kind, id_)) is not None) == implausible
