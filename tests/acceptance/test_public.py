"""`linkwatch public`: the addresses of the public pages, and new ones."""

import re
from pathlib import Path

import pytest
from acceptance.command import CommandResult, linkwatch

SETTINGS = """
base_url = "https://links.example/"
lists = ["a.md"]
public = ["status"]
public_address = "plain"

[[schedule]]
name = "talks"
lists = ["b.md"]
public = ["badge", "feed"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "linkwatch.toml").write_text(SETTINGS, "utf-8")
    return tmp_path


def public(folder: Path, *arguments: str) -> CommandResult:
    return linkwatch("public", *arguments, cwd=folder)


def test_the_addresses_are_printed_and_a_secret_one_stays_until_it_is_renewed(folder: Path) -> None:
    first = public(folder)
    assert (first.code, first.err) == (0, "")
    secret = re.search("public/([A-Za-z0-9_-]{32})/badge.svg", first.out)
    assert secret is not None
    assert first.out == (
        "talks (secret)\n"
        f"  badge   https://links.example/public/{secret[1]}/badge.svg\n"
        f"  badge   https://links.example/public/{secret[1]}/badge.json\n"
        f"  feed    https://links.example/public/{secret[1]}/feed.atom\n"
        "a.md (plain)\n"
        "  status  https://links.example/public/a.md/status\n"
    )
    assert public(folder).out == first.out
    renewed = public(folder, "--renew", "talks")
    assert secret[1] not in renewed.out
    assert public(folder).out == renewed.out


@pytest.mark.parametrize("name", ["a.md", "b.md", "nothing"])
def test_only_a_secret_address_can_be_renewed(folder: Path, name: str) -> None:
    refused = public(folder, "--renew", "talks", "--renew", name)
    assert (refused.code, refused.out) == (2, "")
    assert f"no list named '{name}' has a secret address" in refused.err
    assert "Those with one: talks." in refused.err
    assert not (folder / "linkwatch.db").exists()


def test_without_public_pages_it_says_how_to_have_some(folder: Path) -> None:
    (folder / "linkwatch.toml").write_text('lists = ["a.md"]', "utf-8")
    result = public(folder)
    assert result.code == 0
    assert 'public = ["badge", "status"]' in result.out
    assert not (folder / "linkwatch.db").exists()
