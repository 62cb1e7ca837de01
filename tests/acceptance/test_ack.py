"""`linkwatch ack`: what is accepted, for how long, and the file that reviewers read."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from acceptance.command import UNREACHABLE, CommandResult, age_by_a_day, environment, linkwatch, write_list
from acceptance.youtube_servers import AVAILABLE, COURSE, HANDLE, LECTURE, UNAVAILABLE, WATCH, youtube_server
from databases import rows
from unit.report.validating import validate

from linkwatch.models.rules import RULES
from linkwatch.simulator.entities import SimPlaylist

pytestmark = pytest.mark.long  # each test is some processes


OFFLINE = environment(UNREACHABLE)
GONE_ID = UNAVAILABLE.partition("list=")[2]
MALFORMED = "https://www.youtube.com/watch?v=short"
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
BACK = SimPlaylist(GONE_ID, "Available again", item_count=3)


def ack(folder: Path, *arguments: str) -> CommandResult:
    return linkwatch("ack", *arguments, cwd=folder, env=OFFLINE)


def accepted(folder: Path, *arguments: str) -> CommandResult:
    """Accept something, and see that it went well."""
    ran = ack(folder, *arguments, "--reason", "known")
    assert (ran.code, ran.err) == (0, "")
    return ran


def checked(folder: Path, *entities: SimPlaylist) -> CommandResult:
    with youtube_server(entities=(COURSE, LECTURE, *entities)) as server:
        return linkwatch("check", cwd=folder, env=environment(server))


def findings(folder: Path) -> list[tuple[str, str | None, bool]]:
    """Rule, id and whether it is accepted, as the JSON report has them."""
    report = json.loads(linkwatch("report", "--format", "json", cwd=folder, env=OFFLINE).out)
    return [(each["rule"], each["id"], each["acknowledged"] is not None) for each in report["findings"]]


def stored(folder: Path) -> list[tuple[str, str]]:
    return rows(folder / "linkwatch.db", "SELECT youtube_id, rule FROM acks ORDER BY id")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A list with a dead link, which a check has told of."""
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    assert checked(tmp_path).code == 1
    return tmp_path


def test_what_is_accepted_fails_neither_a_report_nor_a_check(folder: Path) -> None:
    ran = ack(folder, UNAVAILABLE, "--reason", "the author moves it", "--until", TOMORROW)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"Acknowledged: every finding of {GONE_ID}, until {TOMORROW}\n"
    reported = linkwatch("report", cwd=folder, env=OFFLINE)
    assert (reported.code, reported.err) == (0, "")
    assert "Acknowledged" in reported.out
    assert f"acknowledged until {TOMORROW}: the author moves it" in reported.out
    again = checked(folder)
    assert (again.code, again.err) == (0, "")
    assert linkwatch("report", cwd=folder, env=OFFLINE).out == again.out


def test_the_json_report_says_why_since_when_and_until_when(folder: Path) -> None:
    ack(folder, GONE_ID, "dead", "--reason", "it moves", "--until", TOMORROW)
    report = json.loads(linkwatch("report", "--format", "json", cwd=folder, env=OFFLINE).out)
    validate(report)
    (found,) = report["findings"]
    assert found["acknowledged"].pop("accepted_at").endswith("Z")
    assert found["acknowledged"] == {"reason": "it moves", "until": TOMORROW}
    assert report["counts"]["errors"] == 0


def test_every_id_is_accepted_with_every_rule(folder: Path) -> None:
    accepted(folder, UNAVAILABLE, AVAILABLE, "dead", "shrunk")
    assert stored(folder) == [(id_, rule) for id_ in (GONE_ID, COURSE.id) for rule in ("dead", "shrunk")]
    accepted(folder, "duplicate", "mislabelled")
    assert stored(folder)[4:] == [("", "duplicate"), ("", "mislabelled")]


def test_a_rule_covers_what_it_has_found_and_not_what_it_finds_next(folder: Path) -> None:
    accepted(folder, "dead")
    write_list(folder, AVAILABLE, UNAVAILABLE, UNAVAILABLE.replace("GONE1", "GONE2"))
    ran = checked(folder)
    assert ran.code == 1
    assert "1 error in 3 links" in ran.out
    assert findings(folder) == [("dead", GONE_ID, True), ("dead", GONE_ID.replace("GONE1", "GONE2"), False)]


def test_a_link_that_names_nothing_is_accepted_by_its_url(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, MALFORMED)
    assert checked(tmp_path).code == 1
    accepted(tmp_path, MALFORMED)
    assert findings(tmp_path) == [("malformed", None, True)]
    assert checked(tmp_path).code == 0


def test_a_handle_is_the_channel_that_it_was_resolved_to(tmp_path: Path) -> None:
    write_list(tmp_path, HANDLE, HANDLE)
    with youtube_server() as server:
        linkwatch("check", cwd=tmp_path, env=environment(server))
    assert "UC00000000000000000TestA" in accepted(tmp_path, "@test", "duplicate").out
    assert stored(tmp_path) == [("UC00000000000000000TestA", "duplicate")]
    assert findings(tmp_path) == [("duplicate", "UC00000000000000000TestA", True)]


def test_what_came_back_and_dies_again_fails_again(folder: Path) -> None:
    accepted(folder, UNAVAILABLE)
    assert checked(folder, BACK).code == 0
    listed = ack(folder, "--list").out
    assert "ended" in listed
    assert "remove it" not in listed
    ran = checked(folder)
    assert ran.code == 1
    assert "Acknowledged" not in ran.out


def test_only_new_findings_are_shown_and_the_whole_report_decides_what_is_over(folder: Path) -> None:
    accepted(folder, UNAVAILABLE)
    age_by_a_day(folder / "linkwatch.db")
    with youtube_server() as server:
        ran = linkwatch("check", "--new-only", cwd=folder, env=environment(server))
    assert ran.code == 0
    assert rows(folder / "linkwatch.db", "SELECT ended_at FROM acks") == [(None,)]


def test_accepting_again_renews_it(folder: Path) -> None:
    accepted(folder, UNAVAILABLE)
    checked(folder, BACK)
    checked(folder)
    assert findings(folder) == [("dead", GONE_ID, False)]
    accepted(folder, UNAVAILABLE, "--until", TOMORROW)
    assert findings(folder) == [("dead", GONE_ID, True)]
    assert len(stored(folder)) == 1


def test_the_list_has_every_acknowledgement(folder: Path) -> None:
    assert ack(folder, "--list").out == "Nothing is acknowledged.\n"
    ack(folder, AVAILABLE, "dead", "--reason", "it moves", "--until", TOMORROW)
    accepted(folder, "duplicate")
    day = datetime.now(UTC).date()
    head, first, second = ack(folder, "--list").out.splitlines()
    assert head.split() == ["state", "since", "until", "rule", "about", "why"]
    assert first.split(maxsplit=5) == ["active", str(day), TOMORROW, "dead", COURSE.id, "“Linear Algebra”: it moves"]
    assert second.split() == ["active", str(day), "-", "duplicate", "any", "known"]


def test_the_list_marks_expired_acknowledgements(tmp_path: Path) -> None:
    (tmp_path / "linkwatch-acks.toml").write_text('[[ack]]\nrule = "dead"\nreason = "known"\nuntil = 2026-01-01\n')
    assert ack(tmp_path, "--list").out.splitlines()[1].split() == ["expired", "-", "2026-01-01", "dead", "any", "known"]


def test_what_is_removed_fails_again(folder: Path) -> None:
    accepted(folder, UNAVAILABLE, "dead")
    accepted(folder, UNAVAILABLE)
    accepted(folder, "dead")
    ran = ack(folder, "--remove", UNAVAILABLE)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        f"Acknowledgement removed: dead of {GONE_ID}",
        f"Acknowledgement removed: every finding of {GONE_ID}",
    ]
    assert stored(folder) == [("", "dead")]
    ack(folder, "--remove", "dead")
    assert stored(folder) == []
    assert findings(folder) == [("dead", GONE_ID, False)]


def test_removing_a_rule_leaves_what_is_accepted_of_an_id(folder: Path) -> None:
    accepted(folder, UNAVAILABLE, "dead")
    ran = ack(folder, "--remove", "dead")
    assert (ran.code, ran.out) == (2, "")
    assert "dead is not acknowledged" in ran.err
    ack(folder, "--remove", UNAVAILABLE, "dead")
    assert stored(folder) == []


@pytest.mark.parametrize(
    ("arguments", "said", "remedy"),
    [
        ((), "no URL, id or rule was given", "For example: linkwatch ack PL"),
        ((UNAVAILABLE,), "needs a reason", "--reason"),
        ((UNAVAILABLE, "--reason", " "), "needs a reason", "--reason"),
        (("deaad", "--reason", "x"), "'deaad' is neither", ", ".join(RULES)),
        (("https://example.com/", "--reason", "x"), "is neither a YouTube URL or id nor a rule", "For example"),
        ((f"{MALFORMED}\udcff", "--reason", "x"), "is neither a YouTube URL or id nor a rule", "For example"),
        ((UNAVAILABLE, "--reason", "x", "--until", "2026-01-01"), "--until 2026-01-01 has passed", "in UTC"),
        ((UNAVAILABLE, "--reason", "x", "--until", "soon"), "--until must be a date, not soon", "2026-12-31"),
        (("--remove",), "no URL, id or rule was given", "For example"),
        (("--remove", UNAVAILABLE), f"{GONE_ID} is not acknowledged", "linkwatch ack --list"),
        (("--remove", UNAVAILABLE, "--reason", "x"), "--remove takes neither --reason nor --until", ""),
        (("--list", UNAVAILABLE), "--list takes no URL, id or rule", "linkwatch ack --list"),
        (("--export", "dead"), "--export takes no URL, id or rule", "linkwatch ack --export"),
    ],
)
def test_wrong_use_is_explained_and_writes_nothing(
    tmp_path: Path, arguments: tuple[str, ...], said: str, remedy: str
) -> None:
    ran = ack(tmp_path, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert remedy in ran.err
    assert "Traceback" not in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rule", ["uncanonical", "mislabelled"])
def test_a_rule_with_the_eleven_letters_of_a_video_is_a_rule(tmp_path: Path, rule: str) -> None:
    assert accepted(tmp_path, rule).out == f"Acknowledged: {rule}\n"
    assert "is it mistyped?" in accepted(tmp_path, "unavailable").out


def test_a_hostile_reason_reaches_no_terminal_and_no_file_as_it_is(folder: Path) -> None:
    ack(folder, UNAVAILABLE, "--reason", "x\x1b[31m\ny\udcff\u202e")
    ack(folder, "--export")
    (folder / "again.toml").write_text(
        (folder / "linkwatch-acks.toml").read_text("utf-8").replace('reason = "', r'reason = "\u001b[2J\n'), "utf-8"
    )
    (folder / "again.toml").rename(folder / "linkwatch-acks.toml")
    shown = ack(folder, "--list").out + linkwatch("report", cwd=folder, env=OFFLINE).out
    assert not {"\x1b", "\u202e"} & set(shown)
    assert shown.count("�[2J�x�[31m�y�") == 2


# The file


def file_of(folder: Path) -> Path:
    return folder / "linkwatch-acks.toml"


def test_the_file_is_written_once_and_then_kept_in_step(folder: Path) -> None:
    assert "not written" in ack(folder, "--export").out
    assert not file_of(folder).exists()
    accepted(folder, UNAVAILABLE, "dead")
    assert not file_of(folder).exists()
    ran = ack(folder, "--export")
    assert (ran.code, ran.err) == (0, "")
    assert f'id = "{GONE_ID}"' in file_of(folder).read_text("utf-8")
    again = ack(folder, "--export")
    assert (again.code, again.out) == (2, "")
    assert "exists already" in again.err
    assert accepted(folder, "duplicate").out.endswith("Wrote linkwatch-acks.toml.\n")
    assert 'rule = "duplicate"' in file_of(folder).read_text("utf-8")
    ack(folder, "--remove", UNAVAILABLE)
    assert GONE_ID not in file_of(folder).read_text("utf-8")
    assert stored(folder) == [("", "duplicate")]
    assert sorted(file.name for file in folder.iterdir() if file.name.startswith(".")) == []


def test_the_file_counts_without_a_database_and_for_check_too(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    file_of(tmp_path).write_text(f'[[ack]]\nid = "{GONE_ID}"\nrule = "dead"\nreason = "known"\n', "utf-8")
    ran = checked(tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "acknowledged: known" in ran.out


def test_a_file_by_another_name_is_one_of_the_settings(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, AVAILABLE)
    (tmp_path / "linkwatch.toml").write_text('acks_file = "known.toml"\n')
    assert findings(tmp_path) == [("duplicate", COURSE.id, False)]
    (tmp_path / "known.toml").write_text('[[ack]]\nrule = "duplicate"\nreason = "meant so"\n')
    assert findings(tmp_path) == [("duplicate", COURSE.id, True)]


def test_what_a_reviewer_takes_out_of_the_file_no_longer_counts(folder: Path) -> None:
    accepted(folder, UNAVAILABLE)
    ack(folder, "--export")
    assert findings(folder) == [("dead", GONE_ID, True)]
    file_of(folder).write_text("# nothing is accepted here\n")
    assert findings(folder) == [("dead", GONE_ID, False)]
    assert checked(folder).code == 1
    assert stored(folder) == []
    file_of(folder).unlink()
    assert findings(folder) == [("dead", GONE_ID, False)]


def test_what_has_ended_is_to_be_removed_from_the_file(folder: Path) -> None:
    accepted(folder, UNAVAILABLE)
    ack(folder, "--export")
    checked(folder, BACK)
    assert checked(folder).code == 1
    listed = ack(folder, "--list").out
    assert "ended " in listed
    assert "UTC: remove it from linkwatch-acks.toml" in listed
    accepted(folder, UNAVAILABLE)
    assert checked(folder).code == 0


@pytest.mark.parametrize("command", [("check",), ("report",), ("ack", "--list"), ("ack", "dead", "--reason", "x")])
def test_a_fault_in_the_file_is_named_before_anything_is_done(tmp_path: Path, command: tuple[str, ...]) -> None:
    write_list(tmp_path, AVAILABLE)
    file_of(tmp_path).write_text('[[ack]]\nrule = "dead"\n\nreason = ""\n')
    with youtube_server() as server:
        ran = linkwatch(*command, cwd=tmp_path, env=environment(server))
    assert (ran.code, ran.out) == (2, "")
    assert "linkwatch-acks.toml:4: has no reason" in ran.err
    assert not (tmp_path / "linkwatch.db").exists() or stored(tmp_path) == []


@pytest.mark.sqlite("what else is loaded does not depend on the kind of database")
def test_neither_a_report_nor_a_list_loads_what_only_writes(folder: Path) -> None:
    accepted(folder, UNAVAILABLE)
    ack(folder, "--export")
    for arguments in (["report"], ["ack", "--list"]):
        program = f"import sys; from linkwatch.cli import main\ntry: main({arguments})\nexcept SystemExit: pass\n"
        program += "print(sorted({'tomlkit', 'httpx', 'alembic'} & set(sys.modules)))"
        ran = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
        assert ran.stdout.splitlines()[-1] == "[]"


def test_a_report_writes_nothing(folder: Path) -> None:
    accepted(folder, UNAVAILABLE)
    accepted(folder, WATCH)
    ack(folder, "--export")
    file_of(folder).write_text(f'[[ack]]\nid = "{GONE_ID}"\nreason = "known"\n', "utf-8")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    linkwatch("report", cwd=folder, env=OFFLINE)
    ack(folder, "--list")
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
