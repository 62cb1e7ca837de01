"""`linkwatch help`: the pages of the documentation in the terminal, without a network, a database or settings."""

import re
from pathlib import Path

import pytest
from acceptance.command import linkwatch

from linkwatch.report.console import Console, columns
from linkwatch.report.plain_markdown import markdown_lines
from linkwatch.services.help_pages import HelpPage, help_pages

PAGES = list(help_pages())
SOURCES = (Path(__file__).parents[2] / "src").rglob("*.py")


def test_without_a_topic_every_page_is_listed_with_its_title(tmp_path: Path) -> None:
    ran = linkwatch("help", cwd=tmp_path)
    assert ran.code == 0
    assert [
        page.topic for page in PAGES if not re.search(rf"^  {page.topic} .*{page.title}$", ran.out, re.MULTILINE)
    ] == []


def test_no_two_pages_share_a_topic() -> None:
    topics = [page.topic for page in PAGES]
    assert len(topics) == len(set(topics))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.topic)
def test_a_page_is_shown_with_all_its_words_and_fits_into_80_columns(page: HelpPage, tmp_path: Path) -> None:
    ran = linkwatch("help", page.topic, cwd=tmp_path)
    assert ran.code == 0
    assert ran.out.startswith(page.title)
    wrapped = list(markdown_lines(page.text, Console(width=80)))
    assert [
        line for line in wrapped if columns(line) > 80 and " " in line.strip() and not line.startswith("    ")
    ] == []
    words = re.findall(r"\w+", re.sub(r"\]\(\S+\)|https?://\S+|```\w+", " ", page.text))
    assert [word for word in words if word not in ran.out] == []


def test_links_to_other_pages_name_their_topics_and_each_topic_exists() -> None:
    shown = "\n".join(line for page in PAGES for line in markdown_lines(page.text, Console()))
    named = set(re.findall(r"linkwatch help ([a-z-]+)", shown))
    elsewhere = {"dashboard", "scale", "architecture", "glossary", "comparison"}
    assert named - elsewhere <= {page.topic for page in PAGES}


def test_a_topic_that_the_code_names_exists() -> None:
    named = {topic for file in SOURCES for topic in re.findall(r"“linkwatch help ([a-z-]+)”", file.read_text("utf-8"))}
    assert "key" in named
    assert named <= {page.topic for page in PAGES}


@pytest.mark.parametrize(
    ("topic", "said"),
    [("check", "Usage: linkwatch check [OPTIONS] [LIST]..."), ("db", "Usage: linkwatch db"), ("dead", "dead: ")],
)
def test_a_command_and_a_rule_are_topics_too(topic: str, said: str, tmp_path: Path) -> None:
    ran = linkwatch("help", topic, cwd=tmp_path)
    assert ran.code == 0
    assert ran.out.startswith(said)


def test_of_an_unknown_topic_the_nearest_is_named(tmp_path: Path) -> None:
    ran = linkwatch("help", "verdikt", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "there is no page about 'verdikt'" in ran.err
    assert "Did you mean “verdict”?" in ran.err
    assert "“linkwatch help” lists the pages." in linkwatch("help", "zzzz", cwd=tmp_path).err
