"""`linkwatch doctor`: what works, what doesn't, and what to do about it."""

from pathlib import Path

import pytest
from acceptance.command import UNREACHABLE, age_by_a_day, environment, linkwatch, playlist_urls, write_list
from acceptance.youtube_servers import AVAILABLE, COURSE, youtube_server
from databases import SERVER

from linkwatch.simulator.faults import Fault

pytestmark = pytest.mark.long  # each test is some processes

# The disk of a server is not ours to see.
STORAGE = ["database", *([] if SERVER else ["space"]), "contents", "retention", "checks"]
SUBJECTS = ["settings", "lists", *STORAGE, "key", "quota", "oEmbed", "clock"]


def lines(out: str) -> dict[str, str]:
    """Verdict by subject."""
    return {line[9:20].strip(): line[:7].strip() for line in out.splitlines() if line[:2] in {"ok", "pr"}}


def test_all_is_well(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    with youtube_server(keys=("good",)) as server:
        ran = linkwatch("doctor", cwd=tmp_path, env=environment(server, key="good"))
    assert (ran.code, ran.err) == (0, "")
    assert lines(ran.out) == dict.fromkeys(SUBJECTS, "ok")
    assert "9,999 of 10,000 units left" in ran.out


def test_without_a_key_it_says_what_is_missing(tmp_path: Path) -> None:
    with youtube_server() as server:
        ran = linkwatch("doctor", cwd=tmp_path, env=environment(server, key=None))
        assert server.url
    assert (ran.code, ran.err) == (0, "")
    assert set(lines(ran.out).values()) == {"ok"}
    assert "YOUTUBE_API_KEY" in ran.out


def test_a_bad_key_is_named_with_its_setting(tmp_path: Path) -> None:
    with youtube_server(keys=("good",)) as server:
        ran = linkwatch("doctor", cwd=tmp_path, env=environment(server, key="bad"))
    assert ran.code == 3
    assert lines(ran.out)["key"] == "problem"
    assert lines(ran.out)["oEmbed"] == "ok"
    assert "YouTube does not accept the API key" in ran.out
    assert "YOUTUBE_API_KEY" in ran.out


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [
        (Fault.SERVICE_DISABLED, "Enable “YouTube Data API v3”"),
        (Fault.IP_ADDRESS_BLOCKED, "Look at the key's restrictions"),
        (Fault.QUOTA_EXCEEDED, "Check again when it has begun"),
    ],
)
def test_what_youtube_refuses_comes_with_a_remedy(tmp_path: Path, fault: Fault, remedy: str) -> None:
    with youtube_server(fault) as server:
        ran = linkwatch("doctor", cwd=tmp_path, env=environment(server))
    assert (ran.code, lines(ran.out)["key"]) == (3, "problem")
    assert remedy in ran.out


def test_no_network_is_a_problem_of_both_witnesses(tmp_path: Path) -> None:
    ran = linkwatch("doctor", cwd=tmp_path, env=environment(UNREACHABLE))
    assert (ran.code, ran.err) == (3, "")
    assert (lines(ran.out)["key"], lines(ran.out)["oEmbed"]) == ("problem", "problem")
    assert "clock" not in lines(ran.out)


def test_an_api_that_does_not_know_a_known_video_is_doubted(tmp_path: Path) -> None:
    with youtube_server(entities=(COURSE,)) as server:
        ran = linkwatch("doctor", cwd=tmp_path, env=environment(server))
    assert ran.code == 3
    assert "omits a video that exists" in ran.out


@pytest.mark.parametrize(
    ("file", "content", "subject"),
    [
        ("linkwatch.toml", "nonsense = 1\n", "settings"),
        ("linkwatch.toml", 'lists = ["missing.csv"]\n', "lists"),
        pytest.param(
            "linkwatch.db",
            "This is a text file and no database at all, whatever it is called.\n" * 20,
            "database",
            marks=pytest.mark.sqlite("its file"),
        ),
    ],
)
def test_what_the_user_can_mend_is_wrong_use(tmp_path: Path, file: str, content: str, subject: str) -> None:
    (tmp_path / file).write_text(content, "utf-8")
    with youtube_server() as server:
        ran = linkwatch("doctor", cwd=tmp_path, env=environment(server))
    assert (ran.code, ran.err) == (2, "")
    assert lines(ran.out)[subject] == "problem"


@pytest.mark.sqlite("its file is damaged")
def test_a_damaged_database_is_a_problem_with_a_remedy(tmp_path: Path) -> None:
    write_list(tmp_path, *playlist_urls(f"PL{number:032d}" for number in range(300)))
    database = tmp_path / "linkwatch.db"
    with youtube_server() as server:
        linkwatch("check", cwd=tmp_path, env=environment(server))
        with database.open("r+b") as file:
            file.seek(database.stat().st_size - 3 * 4096)
            file.write(b"damage" * 2000)
        ran = linkwatch("doctor", cwd=tmp_path, env=environment(server))
    assert (ran.code, ran.err) == (2, "")
    assert lines(ran.out)["database"] == "problem"
    assert "damaged" in ran.out
    assert "backup" in ran.out
    assert "key" in lines(ran.out), "the rest is examined all the same"


def test_a_last_check_long_ago_is_a_problem(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    with youtube_server() as server:
        linkwatch("check", cwd=tmp_path, env=environment(server))
        fresh = linkwatch("doctor", cwd=tmp_path, env=environment(server))
        for _ in range(15):
            age_by_a_day(tmp_path / "linkwatch.db")
        stale = linkwatch("doctor", cwd=tmp_path, env=environment(server))
    assert (fresh.code, lines(fresh.out)["checks"]) == (0, "ok")
    assert "1 resource, " in fresh.out
    assert (stale.code, lines(stale.out)["checks"]) == (3, "problem")
    assert "15 days ago" in stale.out
    assert "linkwatch check" in stale.out


def test_a_retention_beyond_youtubes_terms_is_a_remark(tmp_path: Path) -> None:
    (tmp_path / "linkwatch.toml").write_text("retention_days = 90\n", "utf-8")
    with youtube_server() as server:
        ran = linkwatch("doctor", cwd=tmp_path, env=environment(server))
    assert (ran.code, lines(ran.out)["retention"]) == (0, "ok")
    assert "after 90 days" in ran.out
    assert "allow 30: more is your own decision" in ran.out


def test_quiet_says_only_what_is_wrong(tmp_path: Path) -> None:
    with youtube_server() as server:
        ran = linkwatch("doctor", "--quiet", cwd=tmp_path, env=environment(server))
    assert (ran.code, ran.out) == (0, "")
