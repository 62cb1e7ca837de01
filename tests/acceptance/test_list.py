"""`linkwatch list`: lists in the database, and the commands that take them by their addresses."""

import os
import pty
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from acceptance.command import TIMEOUT_SECONDS, UNREACHABLE, CommandResult, environment, linkwatch, start_process
from acceptance.youtube_servers import youtube_server

OFFLINE = environment(UNREACHABLE)
VIDEO, OTHER = "https://youtu.be/jNQXAC9IVRw", "https://youtu.be/dQw4w9WgXcQ"
LIST = f'url,label,note\n{VIDEO},Zoo,first\n{OTHER},"Rick, A.",\n'


def run(folder: Path, *arguments: str, stdin: bytes = b"") -> CommandResult:
    return linkwatch(*arguments, cwd=folder, env=OFFLINE, stdin=stdin)


def test_a_list_goes_in_and_comes_out_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "talks.csv").write_text(LIST, "utf-8")
    added = run(tmp_path, "list", "add", "talks", "talks.csv")
    assert (added.code, added.out) == (0, "list:talks: added 2 links.\n")
    assert run(tmp_path, "list", "export", "talks").out == LIST
    assert run(tmp_path, "list").out == "list:talks  2 links\n"
    assert run(tmp_path, "list", "show", "list:talks").out == f"    2  {VIDEO}  Zoo\n    3  {OTHER}  Rick, A.\n"


def test_links_come_from_the_command_line_standard_input_and_any_format(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(f"## Notes\n\nSee [the zoo]({VIDEO}).\n", "utf-8")
    assert run(tmp_path, "list", "add", "a", "notes.md", f"Rick {OTHER}").code == 0
    assert run(tmp_path, "list", "add", "b", "-", stdin=f"# Songs\nRick {OTHER}\n".encode()).code == 0
    assert run(tmp_path, "list", "add", "c", "list:a", "PL49CF3715CB9EF31D").code == 0
    assert run(tmp_path, "list", "export", "a").out == (
        f"url,label,owner,section\n{VIDEO},the zoo,,Notes\n{OTHER},Rick,,\n"
    )
    assert run(tmp_path, "list", "export", "b").out == f"url,label,owner,section\n{OTHER},Rick,,Songs\n"
    assert run(tmp_path, "list").out == "list:a  2 links\nlist:b  1 link\nlist:c  3 links\n"


def test_commands_take_a_stored_list_like_a_file(tmp_path: Path) -> None:
    tracked = f"{OTHER}?si=abc"
    run(tmp_path, "list", "add", "talks", f"Zoo {VIDEO}", tracked)
    assert "2 links, 2 resources." in run(tmp_path, "plan", "list:talks").out
    assert run(tmp_path, "extract", "list:talks").out.count("\n") == 3
    fixed = run(tmp_path, "fix", "list:talks")
    assert f"-{tracked},,,\n+{OTHER},,,\n" in fixed.out
    assert "--- list:talks\n" in fixed.out
    assert run(tmp_path, "fix", "--write", "list:talks").code == 0
    assert run(tmp_path, "list", "export", "talks").out.endswith(f"\n{OTHER},,,\n")
    assert run(tmp_path, "fix", "--check", "list:talks").code == 0
    assert run(tmp_path, "report", "list:talks").code == 0
    assert run(tmp_path, "plan").code == 0, "without a list here, those of the database"
    refused = run(tmp_path, "check", "--changed-since", "HEAD", "list:talks")
    assert (refused.code, "list:talks, a list in the database" in refused.err) == (2, True)


def test_findings_are_at_lines_of_the_list_and_outlive_it(tmp_path: Path) -> None:
    with youtube_server() as server:
        online = environment(server)
        linkwatch("list", "add", "talks", f"Zoo {VIDEO}", f"Zoo {VIDEO}?si=x", cwd=tmp_path, env=online)
        checked = linkwatch("check", "list:talks", cwd=tmp_path, env=online)
        assert "list:talks:2" in checked.out
        assert "warning[duplicate]" in checked.out
    shown = run(tmp_path, "show", "list:talks:2")
    assert (shown.code, "jNQXAC9IVRw" in shown.out) == (0, True)
    assert run(tmp_path, "list", "remove", "talks", "--yes").code == 0
    assert run(tmp_path, "show", "jNQXAC9IVRw").out == shown.out, "what is known of it stays"


def test_a_paused_link_is_left_out_until_it_is_resumed(tmp_path: Path) -> None:
    run(tmp_path, "list", "add", "talks", VIDEO, OTHER)
    assert run(tmp_path, "list", "pause", "talks", "dQw4w9WgXcQ").out == "list:talks:3 is paused.\n"
    assert "1 link, 1 resource." in run(tmp_path, "plan", "list:talks").out
    assert run(tmp_path, "list").out == "list:talks  2 links, 1 of them paused\n"
    assert "(paused)" in run(tmp_path, "list", "show", "talks").out
    assert run(tmp_path, "list", "resume", "talks", "3").out == "list:talks:3 is checked again.\n"
    assert "2 links, 2 resources." in run(tmp_path, "plan", "list:talks").out


def test_lists_of_files_and_of_the_database_are_paused_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "resources.csv").write_text(LIST, "utf-8")
    run(tmp_path, "list", "add", "talks", VIDEO)
    assert run(tmp_path, "list", "pause", "talks").out == "list:talks is paused.\n"
    assert run(tmp_path, "list", "pause", "resources.csv").out == "resources.csv is paused.\n"
    assert run(tmp_path, "list").out == "resources.csv  paused\nlist:talks  1 link; paused\n"
    assert run(tmp_path, "list", "resume", "talks").out == "list:talks is checked again.\n"
    assert run(tmp_path, "list").out == "resources.csv  paused\nlist:talks  1 link\n"


def test_a_list_may_stand_for_a_file_which_stays_the_truth(tmp_path: Path) -> None:
    (tmp_path / "talks.csv").write_text(LIST, "utf-8")
    assert run(tmp_path, "list", "add", "--by-path", "talks", "talks.csv").code == 0
    assert run(tmp_path, "list").out == f"list:talks  {tmp_path / 'talks.csv'}\n"
    (tmp_path / "talks.csv").write_text(f"url\n{VIDEO}\n", "utf-8")
    assert "1 link, 1 resource." in run(tmp_path, "plan", "list:talks").out
    assert run(tmp_path, "list", "export", "talks").code == 2
    assert run(tmp_path, "list", "remove", "talks", "--yes").code == 0
    assert (tmp_path / "talks.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["add", "talks", VIDEO, "https://youtu.be/short"], "line 2: “https://youtu.be/short” is malformed"),
        (["add", "talks", "none.md"], "none.md: does not exist"),
        (["add", "talks", "empty.md"], "no YouTube link found in empty.md"),
        (["add", "a/b", VIDEO], "can't be the name of a list"),
        (["add", "--by-path", "talks", "none.md"], "--by-path takes one file"),
        (["show", "talks"], "list:talks: there is no such list in the database"),
        (["export", "talks"], "list:talks: there is no such list in the database"),
        (["remove", "talks", "--yes"], "list:talks: there is no such list in the database"),
        (["pause", "talks"], "there is no list “talks”"),
        (["pause", "talks", VIDEO], "list:talks: there is no such list in the database"),
        (["remove", "kept"], "--yes"),
        (["pause", "kept", "7"], "“7” is not in the list “kept”"),
    ],
)
def test_what_is_wrong_is_exit_2_and_changes_nothing(tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "empty.md").write_text("nothing\n", "utf-8")
    run(tmp_path, "list", "add", "kept", VIDEO)
    result = run(tmp_path, "list", *arguments)
    assert (result.code, message in " ".join(result.err.split())) == (2, True), result.err
    assert run(tmp_path, "list").out == "list:kept  1 link\n"


@pytest.mark.parametrize(
    ("answer", "said", "left"), [("y", "Removed list:talks", ""), ("n", "Kept list:talks", "1 link")]
)
def test_whoever_removes_a_list_at_a_terminal_is_asked(tmp_path: Path, answer: str, said: str, left: str) -> None:
    run(tmp_path, "list", "add", "talks", VIDEO)
    ours, theirs = pty.openpty()
    arguments = ("list", "remove", "talks")
    process = start_process(*arguments, cwd=tmp_path, env=OFFLINE, stdin=theirs, stdout=subprocess.PIPE)
    os.close(theirs)
    with process, closing(os.fdopen(ours, "wb", 0)) as terminal:
        terminal.write(f"{answer}\n".encode())
        out, _ = process.communicate(timeout=TIMEOUT_SECONDS)
    assert (process.returncode, said in out.decode()) == (0, True)
    assert left in run(tmp_path, "list").out
