"""Addresses: whatever a name holds it comes back, and a form leads to no other site."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.models.resource import Kind
from linkwatch.web.paths import badge_path, feed_path, list_path, local_path, page_path, resource_path, with_query

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(NAMES)
def test_a_name_comes_back_from_the_address_of_its_page(name: str) -> None:
    for address, before, after in (
        (list_path(name), "/lists/", ""),
        (badge_path(name), "/badge/", ".svg"),
        (feed_path(name), "/feed/", ".atom"),
        (resource_path(Kind.CHANNEL, name), "/resources/channel/", ""),
    ):
        assert address.isascii()
        assert address.isprintable()
        assert not set(address) & set("\"'<>&?# ")
        part = address.removeprefix(before).removesuffix(after)
        assert "/" not in part
        assert unquote(part) == name


def test_half_of_a_surrogate_pair_makes_an_address_too() -> None:
    assert list_path("\ud800") == "/lists/%3F"


@given(st.text())
def test_where_a_form_leads_back_to_is_always_ours(text: str) -> None:
    path = local_path(text)
    assert path in {text, "/"}
    assert path.startswith("/")
    assert path[1:2] not in {"/", "\\"}
    assert path.isprintable()


@pytest.mark.parametrize("path", ["/", "/incidents?list=a%20b&page=2", "/resources/channel/@x"])
def test_a_path_of_ours_stays(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize("path", ["", "//evil.example", "/\\evil", "https://evil.example", "/a b", "/\n", "evil", "/ü"])
def test_any_other_leads_to_the_first_page(path: str) -> None:
    assert local_path(path) == "/"


def test_a_query_leaves_out_what_says_nothing() -> None:
    assert with_query("/incidents", list="a & b", level=None, rule="") == "/incidents?list=a+%26+b"
    assert with_query("/incidents", list=None) == "/incidents"


def test_another_page_of_one_table_keeps_the_rest() -> None:
    assert page_path("/lists/x?q=a%26b&page=2", "page", 3) == "/lists/x?q=a%26b&page=3"
    assert page_path("/resources/playlist/PL?page=2", "members", 1) == "/resources/playlist/PL?page=2&members=1"
