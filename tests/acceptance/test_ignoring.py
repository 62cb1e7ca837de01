"""Leaving things out, as a person does it: settings, comments, levels on the command line, the lists alone."""

from pathlib import Path

import pytest
from acceptance.command import UNREACHABLE, CommandResult, environment, linkwatch, write_list
from acceptance.youtube_servers import AVAILABLE, LISTED_TWICE, UNAVAILABLE, WATCH, youtube_server
from databases import rows

pytestmark = pytest.mark.long  # each test is some processes

OFFLINE = environment(UNREACHABLE)
MALFORMED = "https://www.youtube.com/watch?v=short"


def settings(folder: Path, text: str) -> None:
    (folder / "linkwatch.toml").write_text(text, "utf-8")


def checked(folder: Path, *arguments: str) -> CommandResult:
    with youtube_server() as server:
        return linkwatch("check", *arguments, cwd=folder, env=environment(server))


def test_ignored_links_are_not_asked_about_not_reported_and_counted_apart(tmp_path: Path) -> None:
    write_list(tmp_path, UNAVAILABLE, AVAILABLE)
    settings(tmp_path, '[[ignore]]\nid = "PL*GONE1"\nreason = "kept for its history"\n')
    ran = checked(tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "The 1 link is fine" in ran.out
    assert "Note: 1 link is ignored, by the settings or a comment in the list" in ran.out
    assert rows(tmp_path / "linkwatch.db", "SELECT youtube_id FROM resources") == [(AVAILABLE.partition("=")[2],)]


def test_a_rule_is_ignored_for_one_section(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text(f"# T\n\n## Old\n\n[x]({UNAVAILABLE})\n\n## New\n\n[y]({WATCH})\n", "utf-8")
    settings(tmp_path, '[[ignore]]\nsection = "Old"\nrules = ["dead"]\n')
    ran = checked(tmp_path, "list.md")
    assert ran.code == 0
    assert "2 resources: 1 available, 1 unavailable" in ran.out
    settings(tmp_path, '[[ignore]]\nsection = "New"\nrules = ["dead"]\n')
    assert linkwatch("report", "list.md", cwd=tmp_path, env=OFFLINE).code == 1


def test_a_comment_takes_one_of_two_entries_out_and_the_other_is_still_watched(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text(
        f"<!-- linkwatch: ignore -->\n- [x]({UNAVAILABLE})\n- [y]({UNAVAILABLE})\n- [z]({AVAILABLE})\n", "utf-8"
    )
    ran = checked(tmp_path, "list.md")
    assert ran.code == 1
    assert "list.md:3:7 · new" in ran.out
    assert "duplicate" not in ran.out
    assert "1 link is ignored" in ran.out


@pytest.mark.parametrize("command", ["check", "report", "plan", "extract"])
def test_a_list_whose_links_are_all_ignored_is_no_list_without_one(tmp_path: Path, command: str) -> None:
    (tmp_path / "list.csv").write_text(f"url,note\n{UNAVAILABLE},linkwatch: ignore\n", "utf-8")
    ran = linkwatch(command, "list.csv", cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.err) == (0, "")
    assert UNAVAILABLE not in ran.out


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("list.md", f"a\n\n[x]({AVAILABLE}) <!-- linkwatch: ignore dead, daed -->\n", "list.md:3"),
        ("list.csv", f"url,note\n{AVAILABLE},linkwatch: ignore daed\n", "list.csv:2"),
    ],
)
def test_a_comment_that_names_an_unknown_rule_is_wrong_use(tmp_path: Path, name: str, content: str, place: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    ran = linkwatch("report", name, "--lists-only", cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.out) == (2, "")
    assert f"{place}: the comment that ignores rules for this link names an unknown rule 'daed'" in ran.err
    assert "Rules: dead, malformed" in ran.err


def test_a_fault_in_the_settings_is_wrong_use(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    settings(tmp_path, '[[ignore]]\nid = "x"\n\n[[ignore]]\nuri = "y"\n')
    ran = linkwatch("report", cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.out) == (2, "")
    assert "linkwatch.toml:5: unknown key 'uri' in [[ignore]]" in ran.err


def test_the_level_of_a_rule_on_the_command_line_wins_over_the_settings(tmp_path: Path) -> None:
    write_list(tmp_path, *LISTED_TWICE)
    settings(tmp_path, '[rules]\nduplicate = "notice"\n')
    assert checked(tmp_path).code == 0
    assert checked(tmp_path, "--rule", "duplicate=error").code == 1
    ran = linkwatch("report", "--rule", "dead=off", "--rule", "duplicate=off", cwd=tmp_path, env=OFFLINE)
    assert "All 2 links are fine" in ran.out
    assert linkwatch("report", "--rule", "daed=off", cwd=tmp_path, env=OFFLINE).code == 2


def test_lists_only_ignores_the_database(tmp_path: Path) -> None:
    write_list(tmp_path, UNAVAILABLE, MALFORMED, AVAILABLE, AVAILABLE)
    ran = linkwatch("report", "--lists-only", cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.err) == (1, "")
    verdict = "1 error, 1 warning in 4 links · 1 fixable with “linkwatch fix”"
    assert ran.out.endswith(f"\n{verdict} · from the lists alone, without asking YouTube\n")
    assert not (tmp_path / "linkwatch.db").exists()
    assert checked(tmp_path).code == 1
    assert linkwatch("report", "--lists-only", cwd=tmp_path, env=OFFLINE) == ran
    broken = linkwatch("report", "--lists-only", "--database", "nosuch://x", cwd=tmp_path, env=OFFLINE)
    assert broken == ran, "not even looked at"


def test_a_hook_can_fail_on_what_it_wants(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text(f"[x]({WATCH}&feature=share)\n", "utf-8")
    (tmp_path / "none.md").write_text("# Nothing\n", "utf-8")
    hook = ("report", "--lists-only", "--rule", "uncanonical=warning", "--fail-on", "warning", "--allow-empty")
    assert linkwatch(*hook, "list.md", "none.md", cwd=tmp_path, env=OFFLINE).code == 1
    assert linkwatch(*hook, "none.md", cwd=tmp_path, env=OFFLINE).code == 0
    assert linkwatch("report", "--lists-only", "--fail-on", "warning", "list.md", cwd=tmp_path, env=OFFLINE).code == 0


def test_what_is_new_is_not_asked_of_the_lists_alone(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    ran = linkwatch("report", "--lists-only", "--new-only", cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.out) == (2, "")
    assert "only the database records what is new" in ran.err
