"""Small sites in the layouts of fifteen generators: exactly the links of `links.csv`, written by hand, are found.

`site/` is what an author has in a checkout, with what the generator and its packages put there, one file that is broken
and one that is not UTF-8. A name that begins with a dot begins with `dot-` here, lest git heeds it. `links.csv` has a
row for each link, in the order of its file: `url` is the URL without the escapes of its format, or the id where there
is none.
"""

import csv
import shutil
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from acceptance.command import linkwatch

from linkwatch.catalogue.catalogue import CataloguedLink
from linkwatch.fix.escaping import find_escaped_url
from linkwatch.fix.plan import lines_of
from linkwatch.services.lists import read_named_lists
from linkwatch.settings import Settings
from linkwatch.sources.content import examine_content
from linkwatch.sources.embeds import url_of
from linkwatch.sources.formats import Format, format_by_extension

SITES = sorted(folder.parent for folder in Path(__file__).parent.glob("*/links.csv"))
BY_REFERENCE = {"mkdocs/docs/tutorials.md:15"}
"""Links whose URL is on another line."""


class Row(NamedTuple):
    """A link of a site, as `links.csv` has it."""

    file: str
    line: int
    url: str
    label: str
    section: str
    syntax: str


@pytest.fixture(params=SITES, ids=[site.name for site in SITES])
def site(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site; its checkout is the working directory."""
    checkout = tmp_path / request.param.name
    for file in (request.param / "site").rglob("*"):
        if file.is_file():
            names = file.relative_to(request.param / "site").parts
            copy = checkout.joinpath(*(f".{name[4:]}" if name.startswith("dot-") else name for name in names))
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
    (checkout / ".git").mkdir()
    monkeypatch.chdir(checkout)
    return Path(request.param)


def written_links(site: Path) -> list[Row]:
    """The links that the site has."""
    with (site / "links.csv").open(encoding="utf-8", newline="") as file:
        return [Row(file, int(line), *rest) for file, line, *rest in list(csv.reader(file))[1:]]


def read_links(settings: Settings | None = None) -> list[CataloguedLink]:
    """The links that are found in the working directory."""
    return list(read_named_lists(["."], settings or Settings(), allow_empty=True).catalogue.links)


def row(item: CataloguedLink) -> Row:
    link = item.link
    url = link.url
    if link.syntax != "url":
        url = url.replace("/", "=").rpartition("=")[2]
        assert link.url in {url_of(url, kind) for kind in ("video", "playlist", "channel")}
    return Row(link.file, link.line, url, link.label or "", link.section or "", link.syntax)


def test_exactly_the_links_of_a_site_are_found(site: Path) -> None:
    found, written = [row(item) for item in read_links()], written_links(site)
    missed, invented = Counter(written) - Counter(found), Counter(found) - Counter(written)
    assert (list(missed), list(invented)) == ([], [])
    assert sorted(found, key=lambda link: link.file) == sorted(written, key=lambda link: link.file)


def test_each_link_of_a_site_stands_at_its_place(site: Path) -> None:
    for item in read_links():
        link = item.link
        with Path(link.file).open("rb") as file:
            encoding = examine_content(file, link.file).encoding
            text = file.read().decode(encoding).removeprefix("\ufeff")
        line = lines_of(text)[link.line - 1]
        if link.syntax != "url":
            assert line.startswith(row(item).url, link.column - 1), link
        elif f"{site.name}/{link.file}:{link.line}" not in BY_REFERENCE:
            kind = format_by_extension(link.file) or Format.TEXT
            assert isinstance(kind, Format)
            assert find_escaped_url(line, link.column - 1, link.url, kind), link


def test_what_a_generator_made_is_read_with_no_ignore(site: Path) -> None:
    found, written = len(read_links(Settings(use_ignore_files=False))), len(written_links(site))
    assert found > written


def test_fixing_a_site_keeps_what_it_links_to(site: Path) -> None:
    before = [(item.link.file, item.resources) for item in read_links()]
    assert linkwatch("fix", ".", "--write", cwd=Path.cwd()).code in {0, 1}
    assert [(item.link.file, item.resources) for item in read_links()] == before
    assert linkwatch("fix", ".", cwd=Path.cwd()).out == ""
