"""Lists as a person has them: good ones wherever they are, and bad ones told with file and line."""

import json
import re
from pathlib import Path

import pytest
from acceptance.command import UNREACHABLE, environment, linkwatch, write_list
from acceptance.youtube_servers import AVAILABLE, UNAVAILABLE, WATCH, youtube_server

pytestmark = pytest.mark.long  # each test is some processes

OFFLINE = environment(UNREACHABLE)


@pytest.mark.parametrize("command", ["check", "report", "plan", "extract"])
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.csv", None, "missing.csv: does not exist"),
        ("binary.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe\x00", "binary.csv"),
        ("latin.csv", "url,label\nhttps://youtu.be/jNQXAC9IVRw,Caf\x81\n".encode("latin-1"), "latin.csv:2"),
        ("nolink.csv", b"link,label\nnothing,x\n", "no YouTube link found in nolink.csv"),
        ("empty.csv", b"", "empty.csv:1: is empty"),
        ("broken.json", b'{"a": [1,\n', "broken.json"),
        ("none.csv", b"url\nhttps://example.org/\n", "no YouTube link found in none.csv"),
        ("none.md", b"# Nothing\n\nHere is nothing.\n", "no YouTube link found in none.md"),
    ],
)
def test_a_bad_list_is_exit_code_2_with_its_place(
    tmp_path: Path, command: str, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = linkwatch(command, name, cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert 2 <= len(ran.err.splitlines()) <= 3, "what is wrong, and what to do"
    assert not (tmp_path / "linkwatch.db").exists()


@pytest.mark.parametrize("command", ["check", "report", "plan", "extract"])
def test_allow_empty_lifts_it(tmp_path: Path, command: str) -> None:
    (tmp_path / "none.md").write_text("# Nothing\n", "utf-8")
    ran = linkwatch(command, "none.md", "--allow-empty", cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.err) == (0, "")


def test_no_list_at_all_is_wrong_use(tmp_path: Path) -> None:
    ran = linkwatch("check", cwd=tmp_path, env=OFFLINE)
    assert ran.code == 2
    assert "there is no resources.csv here" in ran.err
    assert "Name a list, such as README.md" in ran.err


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (f"url,label\n{AVAILABLE},x\n{UNAVAILABLE},y\n".encode(), ":3:1"),
        (f"# Courses\n\n- [x]({AVAILABLE})\n- [y]({UNAVAILABLE})\n".encode(), ":4:"),
        (f'<a href="{AVAILABLE}">x</a>\n<a href="{UNAVAILABLE}">y</a>\n'.encode(), ":2:"),
        (f"see {AVAILABLE}\nand {UNAVAILABLE}\n".encode(), ":2:"),
        (f'["{AVAILABLE}",\n "{UNAVAILABLE}"]\n'.encode(), ":2:"),
    ],
    ids=["csv", "markdown", "html", "text", "json"],
)
def test_the_format_of_standard_input_is_detected_by_its_first_characters(
    tmp_path: Path, content: bytes, place: str
) -> None:
    with youtube_server() as server:
        ran = linkwatch("check", "-", cwd=tmp_path, env=environment(server), stdin=content)
    assert (ran.code, ran.err) == (1, "")
    assert re.search(rf"^    standard input{place}\d* · new", ran.out, re.MULTILINE)


def test_standard_input_without_a_link_is_wrong_use(tmp_path: Path) -> None:
    assert linkwatch("check", "-", cwd=tmp_path, env=OFFLINE, stdin=b"").code == 2
    assert linkwatch("check", "-", cwd=tmp_path, env=OFFLINE, stdin=b"\x00\xff\x00").code == 2


def test_folders_and_globs_and_files_together_are_each_read_once(tmp_path: Path) -> None:
    courses = tmp_path / "courses"
    (courses / "deep").mkdir(parents=True)
    write_list(courses, AVAILABLE, name="a.csv")
    (courses / "deep" / "b.md").write_text(f"[x]({UNAVAILABLE})\n", "utf-8")
    (courses / "notes.log").write_text(f"{WATCH}\n", "utf-8")
    with youtube_server() as server:
        env = environment(server)
        folder = linkwatch("check", "courses", cwd=tmp_path, env=env)
        glob = linkwatch("check", "courses/**/*.md", cwd=tmp_path, env=env)
        both = linkwatch("check", "courses/a.csv", "courses", "courses/*.csv", cwd=tmp_path, env=env)
    assert "1 error in 2 links" in folder.out
    assert "courses/deep/b.md:1:" in folder.out
    assert "\n1 error in 1 link · " in glob.out
    assert "1 error in 2 links" in both.out


def test_the_lists_of_the_settings_are_read_when_none_is_named(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    write_list(tmp_path, UNAVAILABLE, name="other.csv")
    (tmp_path / "linkwatch.toml").write_text('lists = ["other.csv"]\n', "utf-8")
    with youtube_server() as server:
        env = environment(server)
        assert "other.csv:2:1" in linkwatch("check", cwd=tmp_path, env=env).out
        assert linkwatch("check", "resources.csv", cwd=tmp_path, env=env).code == 0


@pytest.mark.parametrize("command", ["report", "plan", "extract", "fix"])
def test_a_bad_row_of_a_named_csv_is_told_and_costs_itself_alone(tmp_path: Path, command: str) -> None:
    url = "https://www.youtube.com/watch?v=jNQXAC9IVRw"
    (tmp_path / "rows.csv").write_text(f'title,link\na,b,{url}\n"x"y,{url}\nz,{url}\n')
    ran = linkwatch(command, "rows.csv", cwd=tmp_path, env=OFFLINE)
    assert ran.code == 0
    told = " ".join(ran.err.split())
    assert told.count("rows.csv:2: this row has 3 cells, the header 2") == 1
    assert told.count("rows.csv:3: the row that begins here is not CSV") == 1


def test_one_bad_file_of_a_folder_costs_itself_alone_and_what_is_ignored_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("built/\n")
    (tmp_path / "built").mkdir()
    for name, video in {"a.md": "jNQXAC9IVRw", "built/b.md": "haHLRD0QZ08", "c.md": "dQw4w9WgXcQ"}.items():
        (tmp_path / name).write_text(f"https://youtu.be/{video}\n")
    (tmp_path / "d.json").write_text("// https://youtu.be/9bZkp7q19f0\n")
    (tmp_path / "e.md").symlink_to("nowhere")
    (tmp_path / "f.ics").write_text("https://youtu.be/kJQP7kiw5Fk\n")

    def ids(*arguments: str) -> set[str]:
        ran = linkwatch("report", ".", "--lists-only", "--format", "json", *arguments, cwd=tmp_path, env=OFFLINE)
        assert ran.code == 0, ran.err
        told = " ".join(ran.err.split())
        assert "d.json:1: is not valid JSON" in told
        assert "; it is searched as plain text" in told
        assert "e.md: does not exist; it is skipped" in told
        assert "1 YouTube link in 1 .ics file is not read" in told
        return {resource["id"] for resource in json.loads(ran.out)["resources"]}

    assert ids() == {"jNQXAC9IVRw", "dQw4w9WgXcQ", "9bZkp7q19f0"}
    assert ids("--exclude", "c.*") == {"jNQXAC9IVRw", "9bZkp7q19f0"}
    assert ids("--exclude", "c.*", "--no-ignore") == {"jNQXAC9IVRw", "haHLRD0QZ08", "9bZkp7q19f0"}


def test_a_link_in_the_place_of_a_list_is_checked_alone(tmp_path: Path) -> None:
    write_list(tmp_path, UNAVAILABLE)
    with youtube_server() as server:
        ran = linkwatch("check", WATCH, cwd=tmp_path, env=environment(server, key=None))
        assert (ran.code, ran.err) == (0, ""), ran.err
        bare = UNAVAILABLE.removeprefix("https://")
        both = linkwatch(
            "check",
            bare,
            "-",
            "--format",
            "json",
            cwd=tmp_path,
            env=environment(server, key=None),
            stdin=f"see {AVAILABLE}".encode(),
        )
    assert both.code == 1
    links = [link for resource in json.loads(both.out)["resources"] for link in resource["links"]]
    assert sorted((link["file"], link["line"]) for link in links) == [("-", 1), ("-", 2)]


def test_a_link_of_another_site_has_nothing_to_check(tmp_path: Path) -> None:
    ran = linkwatch("check", "https://example.org/", cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.out) == (2, "")
    assert "no YouTube link found in -" in ran.err


def test_a_file_that_is_named_like_a_link_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "youtube.com").mkdir()
    (tmp_path / "youtube.com" / "saved.md").write_text(f"[Talk]({WATCH})\n", "utf-8")
    ran = linkwatch("plan", "youtube.com/saved.md", cwd=tmp_path, env=OFFLINE)
    assert (ran.code, ran.out.splitlines()[0]) == (0, "1 link, 1 resource.")
