"""Addresses: whatever a name holds it comes back, and a form leads to no other site."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.models.resource import Kind
from linkwatch.web.paths import own_path, paged, to_badge, to_feed, to_list, to_resource, with_query

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(NAMES)
def test_a_name_comes_back_from_the_address_of_its_page(name: str) -> None:
    for address, before, after in (
        (to_list(name), "/lists/", ""),
        (to_badge(name), "/badge/", ".svg"),
        (to_feed(name), "/feed/", ".atom"),
        (to_resource(Kind.CHANNEL, name), "/resources/channel/", ""),
    ):
        assert address.isascii()
        assert address.isprintable()
        assert not set(address) & set("\"'<>&?# ")
        part = address.removeprefix(before).removesuffix(after)
        assert "/" not in part
        assert unquote(part) == name


def test_half_of_a_surrogate_pair_makes_an_address_too() -> None:
    assert to_list("\ud800") == "/lists/%3F"


@given(st.text())
def test_where_a_form_leads_back_to_is_always_ours(text: str) -> None:
    path = own_path(text)
    assert path in {text, "/"}
    assert path.startswith("/")
    assert path[1:2] not in {"/", "\\"}
    assert path.isprintable()


@pytest.mark.parametrize("path", ["/", "/incidents?list=a%20b&page=2", "/resources/channel/@x"])
def test_a_path_of_ours_stays(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize("path", ["", "//evil.example", "/\\evil", "https://evil.example", "/a b", "/\n", "evil", "/ü"])
def test_any_other_leads_to_the_first_page(path: str) -> None:
    assert own_path(path) == "/"


def test_a_query_leaves_out_what_says_nothing() -> None:
    assert with_query("/incidents", list="a & b", level=None, rule="") == "/incidents?list=a+%26+b"
    assert with_query("/incidents", list=None) == "/incidents"


def test_another_page_of_one_table_keeps_the_rest() -> None:
    assert paged("/lists/x?q=a%26b&page=2", "page", 3) == "/lists/x?q=a%26b&page=3"
    assert paged("/resources/playlist/PL?page=2", "members", 1) == "/resources/playlist/PL?page=2&members=1"
