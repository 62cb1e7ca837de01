"""What is printed, where, and in which colours."""

import json
import os
import pty
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from acceptance.command import environment, linkwatch, start_process, write_list
from acceptance.youtube_servers import AVAILABLE, HANDLE, LISTED_TWICE, UNAVAILABLE, WATCH, youtube_server
from unit.report.validating import validate

from linkwatch.models.rules import RULES

ESCAPE = "\x1b"


def test_a_healthy_list_is_one_line(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, WATCH)
    with youtube_server() as server:
        ran = linkwatch("check", cwd=tmp_path, env=environment(server))
    assert (ran.code, ran.err) == (0, "")
    (line,) = ran.out.splitlines()
    assert re.fullmatch(
        r"All 2 links are fine · \d+(\.\d)? s · 3 of 10,000 units · 2 resources: 2 available"
        r" · 9,997 quota units left today",
        line,
    )


def test_a_quiet_check_is_silent_when_nothing_is_new_and_only_then(tmp_path: Path) -> None:
    write_list(tmp_path, *LISTED_TWICE)
    with youtube_server() as server:
        env = environment(server)
        first = linkwatch("check", "--quiet", "--new-only", cwd=tmp_path, env=env)
        again = linkwatch("check", "--quiet", "--new-only", cwd=tmp_path, env=env)
        told = linkwatch("check", "--new-only", cwd=tmp_path, env=env)
    assert "duplicate" in first.out
    assert (again.code, again.out, again.err) == (0, "", "")
    assert "Nothing new" in told.out


def test_a_pipe_gets_neither_colour_nor_progress(tmp_path: Path) -> None:
    write_list(tmp_path, *LISTED_TWICE, UNAVAILABLE)
    with youtube_server() as server:
        ran = linkwatch("check", cwd=tmp_path, env=environment(server, TERM="xterm-256color"))
    assert (ran.code, ran.err) == (1, "")
    assert ESCAPE not in ran.out
    assert "\r" not in ran.out


def on_a_terminal(*arguments: str, cwd: Path, env: dict[str, str]) -> str:
    """What the command writes to a terminal, colours included."""
    ours, theirs = pty.openpty()
    process = start_process(*arguments, cwd=cwd, env=env, stdout=theirs, stderr=theirs)
    os.close(theirs)
    written = b""
    with os.fdopen(ours, "rb", 0) as terminal:
        while True:
            try:
                some = terminal.read(4096)
            except OSError:  # Linux's way to say that the other side was closed
                break
            if not some:
                break
            written += some
    process.wait()
    return written.decode()


def test_a_terminal_gets_colour_unless_it_is_refused(tmp_path: Path) -> None:
    write_list(tmp_path, *LISTED_TWICE, UNAVAILABLE)
    with youtube_server() as server:
        env = environment(server, TERM="xterm-256color")
        assert f"{ESCAPE}[31m{ESCAPE}[1m1 error" in on_a_terminal("check", cwd=tmp_path, env=env)
        piped = linkwatch("report", cwd=tmp_path, env=env | {"FORCE_COLOR": "1"})
        assert f"{ESCAPE}[31m{ESCAPE}[1m1 error" in piped.out
        for refusal in ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"NO_COLOR": "1"}, {"TERM": "dumb"}):
            report = on_a_terminal("report", cwd=tmp_path, env=env | refusal)
            assert "1 error" in report
            assert ESCAPE not in report


def test_the_progress_names_its_phases_and_is_cleared(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, WATCH)
    with youtube_server() as server:
        shown = on_a_terminal("check", cwd=tmp_path, env=environment(server, TERM="xterm-256color"))
    bars = re.findall(r"(Checking links|Inspecting playlists) .*? (\d+)/(\d+)", shown)
    assert {label for label, _, _ in bars} == {"Checking links", "Inspecting playlists"}
    assert bars[-1] == ("Inspecting playlists", "1", "1")
    assert max(int(done) - int(total) for _, done, total in bars) == 0
    assert shown.count("\x1b[1A\x1b[2K") == 2, "a bar that has ended leaves no line"


def test_links_get_a_text_of_their_own_where_the_terminal_says_that_it_knows_them(tmp_path: Path) -> None:
    write_list(tmp_path, UNAVAILABLE)
    with youtube_server() as server:
        env = environment(server, TERM="xterm-256color")
        linkwatch("check", cwd=tmp_path, env=env)
        assert "\x1b]8;;" not in on_a_terminal("report", cwd=tmp_path, env=env)
        assert "\x1b]8;;" in on_a_terminal("report", cwd=tmp_path, env=env | {"VTE_VERSION": "7200"})
        assert "\x1b]8;;" not in linkwatch("report", cwd=tmp_path, env=env | {"VTE_VERSION": "7200"}).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("chekc",), "No such command 'chekc'. Did you mean “check”?"),
        (("rule", "shrunken"), "there is no rule 'shrunken'\n  Did you mean “shrunk”?"),
        (("rule", "x"), "there is no rule 'x'\n  “linkwatch rule” lists them."),
    ],
)
def test_a_slip_gets_the_nearest_word(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = linkwatch(*arguments, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_every_rule_is_explained(tmp_path: Path) -> None:
    listed = linkwatch("rule", cwd=tmp_path)
    assert listed.code == 0
    for rule in RULES.values():
        assert re.search(rf"^  {rule} +{rule.level} +{rule.title}$", listed.out, re.MULTILINE)
        explained = linkwatch("rule", rule.name, cwd=tmp_path).out
        for text in (rule.title, rule.description, rule.example, rule.remedy):
            assert text in explained
    (tmp_path / "linkwatch.toml").write_text('[rules]\ndead = "warning"\n', "utf-8")
    assert "warning in these settings, error by default" in linkwatch("rule", "dead", cwd=tmp_path).out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_what_the_shell_takes(tmp_path: Path, shell: str) -> None:
    ran = linkwatch("completion", shell, cwd=tmp_path)
    assert ran.code == 0
    assert "_LINKWATCH_COMPLETE" in ran.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=ran.out.encode(), check=True)


def test_completion_completes(tmp_path: Path) -> None:
    words = {"COMP_WORDS": "linkwatch che", "COMP_CWORD": "1", "_LINKWATCH_COMPLETE": "bash_complete"}
    assert linkwatch(cwd=tmp_path, env=environment() | words).out == "plain,check\n"


@pytest.mark.parametrize("command", ["check", "report"])
def test_a_file_gets_what_is_asked_for_and_stdout_the_rest(tmp_path: Path, command: str) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    with youtube_server() as server:
        env = environment(server)
        assert linkwatch("check", cwd=tmp_path, env=env).code == 1
        quiet = linkwatch(command, "--format", "json", "--output", "a.json", cwd=tmp_path, env=env)
        assert (quiet.code, quiet.out, quiet.err) == (1, "", "")
        both = linkwatch(
            command, "--format", "json", "--output", "b.json", "--format", "terminal", cwd=tmp_path, env=env
        )
        assert "1 error in 2 links" in both.out
        named = ("--format", "json", "--output", "d.json", "--format", "terminal", "--output", "-")
        assert "1 error in 2 links" in linkwatch(command, *named, cwd=tmp_path, env=env).out
        assert not (tmp_path / "-").exists()
        two = ("--format", "terminal", "--output", "c.txt", "--format", "json", "--output", "c.json")
        assert linkwatch(command, *two, cwd=tmp_path, env=env).out == ""
    for name in ("a.json", "b.json", "c.json", "d.json"):
        assert json.loads((tmp_path / name).read_bytes())["schema"] == "linkwatch.report/1"
    assert "1 error in 2 links" in (tmp_path / "c.txt").read_text("utf-8")
    assert not list(tmp_path.glob(".linkwatch-*"))


def test_the_json_report_says_what_the_contract_says(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE, HANDLE)
    with youtube_server() as server:
        report = json.loads(linkwatch("check", "--format", "json", cwd=tmp_path, env=environment(server)).out)
    validate(report)
    assert set(report) == {"schema", "generated_at", "run", "counts", "resources", "findings"}
    assert set(report["run"]) == {
        "id", "started_at", "finished_at", "source", "quota_units", "complete", "incomplete_reason"
    }  # fmt: skip
    assert (report["run"]["source"], report["run"]["quota_units"], report["run"]["complete"]) == ("data-api", 3, True)
    assert report["counts"] == {
        "links": 3, "resources": 3, "available": 2, "unavailable": 1, "suspect": 0, "unknown": 0, "unmonitorable": 0,
        "errors": 1, "warnings": 0, "notices": 0, "flapping": 0,
    }  # fmt: skip
    assert set(report["resources"][0]) == {
        "kind", "id", "url", "state", "reason", "title", "owner", "item_count", "first_seen", "last_checked",
        "last_available", "links",
    }  # fmt: skip
    (finding,) = report["findings"]
    assert set(finding) == {
        "rule", "level", "kind", "id", "links", "message", "since", "new", "acknowledged", "evidence"
    }  # fmt: skip
    assert (finding["rule"], finding["level"], finding["new"], finding["acknowledged"]) == ("dead", "error", True, None)
    assert finding["links"] == [
        {
            "file": "resources.csv",
            "line": 3,
            "column": 1,
            "label": None,
            "section": None,
            "owner": None,
            "syntax": "url",
        }
    ]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", report["generated_at"])
    assert report["resources"][2]["id"].startswith("UC"), "a handle has the id that it resolved to"


def test_two_reports_of_one_store_are_the_same_bytes_but_for_their_time(tmp_path: Path) -> None:
    write_list(tmp_path, *LISTED_TWICE, UNAVAILABLE, HANDLE)
    with youtube_server() as server:
        linkwatch("check", cwd=tmp_path, env=environment(server))
    one, two = (
        re.sub(r'"generated_at": "[^"]*"', "", linkwatch("report", "--format", "json", cwd=tmp_path).out)
        for _ in range(2)
    )
    assert one == two


def test_verbose_goes_to_stderr_and_leaves_stdout_alone(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    with youtube_server() as server:
        plain = linkwatch("check", "--format", "json", cwd=tmp_path, env=environment(server))
        verbose = linkwatch("check", "-vv", "--format", "json", cwd=tmp_path, env=environment(server))
    assert plain.err == ""
    assert "/youtube/v3/playlists" in verbose.err
    assert json.loads(verbose.out)["counts"] == json.loads(plain.out)["counts"]


def test_hostile_titles_reach_no_terminal(tmp_path: Path) -> None:
    (tmp_path / "resources.csv").write_text(f'url,label\n{UNAVAILABLE},"\x1b]0;owned\x07\x1b[2J\u202eevil"\n', "utf-8")
    with youtube_server() as server:
        ran = linkwatch("check", cwd=tmp_path, env=environment(server))
        shown = linkwatch("show", UNAVAILABLE, cwd=tmp_path, env=environment(server))
    for text in (ran.out, shown.out):
        assert ESCAPE not in text
        assert "\x07" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize(
    "target",
    [
        "resources.csv",
        "./resources.csv",
        pytest.param("linkwatch.db", marks=pytest.mark.sqlite("its file")),
        "linkwatch-acks.toml",
        ".",
        "",
    ],
)
@pytest.mark.parametrize("command", ["check", "report"])
def test_a_report_never_takes_the_place_of_what_it_is_made_from(tmp_path: Path, command: str, target: str) -> None:
    listed = write_list(tmp_path, AVAILABLE)
    before = listed.read_bytes()
    ran = linkwatch(command, "--format", "json", "--output", target, cwd=tmp_path, env=environment())
    assert ran.code == 2
    assert "--output" in ran.err
    assert "Traceback" not in ran.err
    assert listed.read_bytes() == before


def test_two_reports_do_not_share_a_file(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    both = ("--format", "json", "--output", "a", "--format", "csv", "--output", "a")
    ran = linkwatch("report", *both, cwd=tmp_path, env=environment())
    assert (ran.code, (tmp_path / "a").exists()) == (2, False)


def test_a_report_follows_a_link_and_writes_into_a_pipe(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    (tmp_path / "link").symlink_to("target")
    assert linkwatch("report", "--format", "json", "--output", "link", cwd=tmp_path, env=environment()).code == 0
    assert (tmp_path / "link").is_symlink()
    assert json.loads((tmp_path / "target").read_text("utf-8"))["schema"] == "linkwatch.report/1"
    assert linkwatch("report", "--format", "json", "--output", "/dev/null", cwd=tmp_path, env=environment()).code == 0
    assert not Path("/dev/null").is_file()


def test_a_report_of_lists_that_were_never_checked_borrows_no_run(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    (tmp_path / "other.md").write_text(f"[x]({WATCH})\n", "utf-8")
    with youtube_server() as server:
        linkwatch("check", cwd=tmp_path, env=environment(server))
        told = linkwatch("report", "other.md", "--format", "json", cwd=tmp_path, env=environment(server))
    assert json.loads(told.out)["run"] is None
