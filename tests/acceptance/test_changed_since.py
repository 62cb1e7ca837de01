"""`--changed-since`: a pull request is judged by the lines that it adds, without a database of what was before."""

import json
import re
from pathlib import Path

import pytest
from acceptance.command import environment, linkwatch
from acceptance.youtube_servers import AVAILABLE, COURSE, HANDLE, LECTURE, NOON, UNAVAILABLE, WATCH, youtube_server
from integration.sources.repository import Repository

from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube

DEAD_BEFORE = UNAVAILABLE.replace("GONE1", "GONE2")
OFFLINE = environment(key=None)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A list of a living and a dead playlist, committed."""
    repository = Repository(tmp_path / "repository")
    repository.write("list.md", f"[A]({AVAILABLE})", f"[Dead before]({DEAD_BEFORE})")
    repository.write(".gitignore", "linkwatch.db*")
    repository.commit()
    return repository


def add(repository: Repository, *urls: str) -> None:
    with (repository.folder / "list.md").open("a") as file:
        file.writelines(f"[New]({url})\n" for url in urls)


@pytest.mark.parametrize(
    ("added", "code", "said"),
    [
        ((), 0, "No YouTube link on changed lines"),
        (("https://example.org",), 0, "No YouTube link on changed lines"),
        ((WATCH,), 0, "The 1 link on changed lines is fine"),
        ((WATCH, HANDLE), 0, "All 2 links on changed lines are fine"),
        ((UNAVAILABLE,), 1, "1 error in 1 link on changed lines"),
        ((AVAILABLE,), 0, "1 warning in 1 link on changed lines"),
        (("https://www.youtube.com/watch?v=short",), 1, "1 error in 1 link on changed lines"),
        ((DEAD_BEFORE,), 1, "1 error, 1 warning in 1 link on changed lines"),
    ],
    ids=["nothing", "no YouTube link", "living", "and a handle", "dead", "listed already", "malformed", "dead already"],
)
def test_a_check_judges_the_new_lines_alone(
    repository: Repository, added: tuple[str, ...], code: int, said: str
) -> None:
    add(repository, *added)
    with youtube_server() as server:
        for command in ("check", "report"):
            ran = linkwatch(
                command, "list.md", "--changed-since", "HEAD", cwd=repository.folder, env=environment(server)
            )
            assert (ran.code, ran.err) == (code, "")
            assert ran.out.rstrip().split("\n")[-1].startswith(said)
            assert "Note: only links on lines changed since HEAD are reported" in ran.out
            assert not re.search(r"^    list\.md:[12]:", ran.out, re.MULTILINE)


def test_only_what_is_on_new_lines_is_asked_about(repository: Repository) -> None:
    add(repository, UNAVAILABLE, WATCH)
    youtube = SimulatedYouTube(World([COURSE, LECTURE]), lambda: NOON)
    with YouTubeServer(youtube) as server:
        linkwatch("check", "list.md", "--changed-since", "main", cwd=repository.folder, env=environment(server))
    asked = {id_ for call in youtube.log for id_ in call.ids}
    assert LECTURE.id in asked
    assert {id_ for id_ in asked if id_.startswith("PL")} == {UNAVAILABLE.partition("=")[2]}


def test_a_new_line_with_a_duplicate_is_found_and_named_first(repository: Repository) -> None:
    add(repository, AVAILABLE)
    ran = linkwatch(
        *("report", "list.md", "--lists-only", "--changed-since", "HEAD", "--format", "json"),
        cwd=repository.folder,
        env=OFFLINE,
    )
    report = json.loads(ran.out)
    (finding,) = report["findings"]
    assert (finding["rule"], [link["line"] for link in finding["links"]]) == ("duplicate", [3, 1])
    assert (report["counts"]["links"], report["counts"]["resources"], len(report["resources"])) == (1, 1, 1)


def test_the_next_whole_check_is_as_if_there_had_been_none(repository: Repository) -> None:
    """It says what is new since the whole check before, and that it is the first where there was none."""
    add(repository, UNAVAILABLE)
    with youtube_server() as server:
        env = environment(server)
        linkwatch("check", "list.md", "--changed-since", "HEAD", cwd=repository.folder, env=env)
        ran = linkwatch("check", "list.md", "--new-only", cwd=repository.folder, env=env)
    assert "\n2 errors in 3 links · " in ran.out
    assert "this is the first check of these lists" in ran.out


def test_nobody_is_notified_of_a_check_of_changed_lines(repository: Repository) -> None:
    repository.write("linkwatch.toml", "[[notify]]", 'name = "team"', 'url = "json://127.0.0.1:9/"')
    add(repository, UNAVAILABLE)
    with youtube_server() as server:
        env = environment(server)
        ran = linkwatch("check", "list.md", "--changed-since", "HEAD", cwd=repository.folder, env=env)
        assert (ran.code, ran.err) == (1, "")
        assert "notify: team" in linkwatch("check", "list.md", cwd=repository.folder, env=env).err


@pytest.mark.parametrize("command", ["check", "report"])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list.md", "--changed-since", "nothing"), "has no such commit"),
        (("list.md", "--changed-since", "--help"), "not a git revision"),
        (("list.md", "--changed-since="), "not a git revision"),
        (("-", "--changed-since", "HEAD"), "standard input"),
        (("../outside.md", "--changed-since", "HEAD"), "is in no git repository"),
    ],
)
def test_what_git_does_not_know_is_wrong_use(
    repository: Repository, command: str, arguments: tuple[str, ...], said: str
) -> None:
    (repository.folder.parent / "outside.md").write_text(f"<{AVAILABLE}>\n")
    ran = linkwatch(command, *arguments, cwd=repository.folder, env=OFFLINE)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert not (repository.folder / "linkwatch.db").exists()


def test_an_acknowledgement_of_a_rule_does_not_end_for_what_was_not_checked(repository: Repository) -> None:
    repository.write("linkwatch-acks.toml", "[[ack]]", 'rule = "dead"', 'reason = "known"')
    with youtube_server() as server:
        env = environment(server)
        for arguments in (("--changed-since", "HEAD"), ()):
            assert linkwatch("check", "list.md", *arguments, cwd=repository.folder, env=env).code == 0
