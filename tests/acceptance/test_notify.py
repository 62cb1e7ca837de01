"""Who is told: after a check, by `linkwatch notify`, and what `linkwatch doctor` says of what was not sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from acceptance.command import (
    TIMEOUT_SECONDS,
    CommandResult,
    age_by_a_day,
    environment,
    linkwatch,
    start_process,
    write_list,
)
from acceptance.youtube_servers import AVAILABLE, COURSE, LECTURE, WATCH, youtube_server
from databases import change, rows
from integration.notifications.webhook import NEVER, Webhook

from linkwatch.simulator.faults import Fault

pytestmark = pytest.mark.long  # each test is some processes


SECRET = "hush-5ecret-hush"
SETTINGS = 'allow_private = true\n[[notify]]\nname = "team"\nurl = "json://$LINKWATCH_PLACE/{secret}?rto=1"\n'


@pytest.fixture
def hook() -> Iterator[Webhook]:
    """A service on 127.0.0.1 that takes what it is told to take."""
    with Webhook() as answering:
        yield answering


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A list, and settings that name a service."""
    write_list(tmp_path, AVAILABLE, WATCH)
    (tmp_path / "linkwatch.toml").write_text(SETTINGS.format(secret=SECRET), "utf-8")
    return tmp_path


def run(folder: Path, hook: Webhook, *arguments: str, fault: Fault | None = None, dead: bool = False) -> CommandResult:
    entities = (LECTURE,) if dead else (COURSE, LECTURE)
    with youtube_server(*[fault] if fault else [], entities=entities) as server:
        return linkwatch(*arguments, cwd=folder, env=environment(server, LINKWATCH_PLACE=hook.place))


def test_a_check_notifies_of_what_is_new_and_of_nothing_else(folder: Path, hook: Webhook) -> None:
    assert run(folder, hook, "check").code == 0
    age_by_a_day(folder / "linkwatch.db")
    assert run(folder, hook, "check", dead=True).code == 1
    age_by_a_day(folder / "linkwatch.db")
    assert run(folder, hook, "check", dead=True).err == ""
    assert hook.titles == [
        "First report on 2 links (resources.csv): no problems found",
        "Gone: “Linear Algebra” (resources.csv)",
    ]
    assert "playlist “Linear Algebra” is no longer available" in hook.received[1]["message"]


def test_a_failing_service_changes_no_exit_code_and_gets_the_message_with_the_next_check(
    folder: Path, hook: Webhook
) -> None:
    hook.statuses = [500]
    failed = run(folder, hook, "check")
    assert failed.code == 0
    assert failed.err == "notify: team: not sent: the response was 500; it stays queued: linkwatch notify send\n"
    age_by_a_day(folder / "linkwatch.db")
    assert run(folder, hook, "check").err == ""
    assert len(hook.received) == 2
    assert hook.received[0] == hook.received[1]


def test_pending_notifications_are_sent_on_demand(folder: Path, hook: Webhook) -> None:
    hook.statuses = [NEVER]
    run(folder, hook, "check")
    assert run(folder, hook, "notify", "send").out == "Nothing is due.\n"
    sent = run(folder, hook, "notify", "send", "--retry")
    assert (sent.code, sent.out) == (
        0,
        "ok       team: sent: First report on 2 links (resources.csv): no problems found\n",
    )


def test_quiet_says_only_what_was_not_sent(folder: Path, hook: Webhook) -> None:
    hook.statuses = [500, 500]
    run(folder, hook, "check")
    failed, sent = (run(folder, hook, "notify", "send", "--retry", "--quiet") for _ in range(2))
    assert (failed.code, failed.out) == (
        3,
        "problem  team: not sent: the response was 500; it stays queued: linkwatch notify send\n",
    )
    assert (sent.code, sent.out) == (0, "")


def test_doctor_shows_pending_and_abandoned_notifications(folder: Path, hook: Webhook) -> None:
    hook.statuses = [500]
    run(folder, hook, "check")
    assert "1 target, 1 message to be sent: linkwatch notify send" in run(folder, hook, "doctor").out
    env = environment(LINKWATCH_PLACE=hook.place)
    change(folder / "linkwatch.db", "UPDATE outbox SET attempts = 14")
    age_by_a_day(folder / "linkwatch.db")
    hook.statuses = [500]
    assert "it was given up" in linkwatch("notify", "send", cwd=folder, env=env).out
    examined = run(folder, hook, "doctor")
    assert examined.code == 3
    assert "problem  notify     given up: team: 1 message, the response was 500" in examined.out
    assert "linkwatch notify send --retry" in examined.out
    assert linkwatch("notify", "send", "--retry", cwd=folder, env=env).code == 0
    assert "1 target, nothing to send" in run(folder, hook, "doctor").out


def test_a_test_message_is_reported_as_sent_or_not(folder: Path, hook: Webhook) -> None:
    works = run(folder, hook, "notify", "test")
    hook.statuses = [403]
    fails = run(folder, hook, "notify", "test")
    assert (works.code, works.out) == (0, "ok       team: sent\n")
    assert (fails.code, fails.out) == (3, "problem  team: the response was 403\n")
    assert hook.titles == ["linkwatch: a test message"] * 2
    assert not (folder / "linkwatch.db").exists()


def test_a_private_address_takes_a_setting(folder: Path, hook: Webhook) -> None:
    settings = folder / "linkwatch.toml"
    settings.write_text(settings.read_text().replace("true", "false"))
    ran = run(folder, hook, "notify", "test")
    assert ran.code == 3
    assert "allow_private = true" in ran.out
    assert hook.received == []


def test_without_a_recipient_it_says_how_to_add_one(tmp_path: Path) -> None:
    for command in ("test", "send"):
        ran = linkwatch("notify", command, cwd=tmp_path)
        assert (ran.code, ran.out) == (2, "")
        assert "[[notify]]" in ran.err


def test_an_unset_variable_is_named_and_its_messages_stay_queued(folder: Path, hook: Webhook) -> None:
    with youtube_server() as server:
        ran = linkwatch("check", cwd=folder, env=environment(server))
        examined = linkwatch("doctor", cwd=folder, env=environment(server))
    assert ran.code == 0
    assert "team: $LINKWATCH_PLACE is not set (linkwatch.toml:2)" in ran.err
    assert "$LINKWATCH_PLACE is not set" in examined.out
    assert examined.code == 3
    assert run(folder, hook, "notify", "send").code == 0
    assert len(hook.received) == 1


def test_an_outage_is_one_message_and_no_heartbeat(folder: Path, hook: Webhook) -> None:
    settings = folder / "linkwatch.toml"
    settings.write_text(f'ping_url = "http://$LINKWATCH_PLACE/alive"\n{settings.read_text()}')
    run(folder, hook, "check")
    for _ in range(2):
        age_by_a_day(folder / "linkwatch.db")
        assert run(folder, hook, "check", fault=Fault.API_KEY_INVALID).code == 3
    age_by_a_day(folder / "linkwatch.db")
    run(folder, hook, "check")
    assert hook.titles[1:] == ["Nothing could be checked (resources.csv)", "Checks are working again (resources.csv)"]
    assert [path for path in hook.paths if path == "/alive"] == ["/alive"] * 2


def test_a_sign_of_life_that_fails_is_a_remark(folder: Path, hook: Webhook) -> None:
    (folder / "linkwatch.toml").write_text('ping_url = "http://$LINKWATCH_PLACE/alive"\nallow_private = true\n')
    hook.statuses = [404]
    ran = run(folder, hook, "check")
    assert (ran.code, ran.err) == (0, "ping_url: the response was 404\n")


def test_a_template_is_tried_before_youtube_is_asked(folder: Path, hook: Webhook) -> None:
    with (folder / "linkwatch.toml").open("a") as settings:
        settings.write('template = "words.txt"\n')
    (folder / "words.txt").write_text("Look:\n{{ digest.titel }}\n")
    ran = run(folder, hook, "check")
    assert ran.code == 2
    assert "words.txt:2: the template fails" in ran.err
    assert not (folder / "linkwatch.db").exists()
    (folder / "words.txt").write_text("Look: {{ digest.title }}\n")
    run(folder, hook, "check")
    assert hook.received[0]["message"].startswith("Look: First report on 2 links")


def test_a_check_that_is_killed_while_it_sends_has_lost_nothing(folder: Path, hook: Webhook) -> None:
    settings = folder / "linkwatch.toml"
    settings.write_text(settings.read_text().replace("?rto=1", "?rto=60"))
    hook.statuses = [NEVER]
    with youtube_server() as server:
        process = start_process("check", cwd=folder, env=environment(server, LINKWATCH_PLACE=hook.place))
        with process:
            assert hook.reached.wait(TIMEOUT_SECONDS)
            process.kill()
            process.communicate()
    assert rows(folder / "linkwatch.db", "SELECT state FROM outbox") == [("pending",)]
    age_by_a_day(folder / "linkwatch.db")
    assert run(folder, hook, "notify", "send").code == 0
    assert hook.received[0] == hook.received[1]


def _fail(*_: object, **__: object) -> None:
    raise LookupError(f"no {SECRET}")


def test_the_address_is_nowhere(folder: Path, hook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    """In no output, log, report, database or crash log, whatever goes wrong."""
    settings = folder / "linkwatch.toml"
    text = settings.read_text()
    settings.write_text(f'ping_url = "http://$LINKWATCH_PLACE/{SECRET}"\n{text}')
    every = ("--format", "json", "--output", "report.json")
    ran = []
    for command in (("check", *every), ("notify", "test"), ("notify", "send", "--retry"), ("doctor",)):
        hook.statuses = [500, 404]
        ran.append(run(folder, hook, *command, "-vv"))
    hook.statuses = []
    ran.append(run(folder, hook, "notify", "send", "--retry", "-vv"))
    with monkeypatch.context() as broken:
        broken.setattr("linkwatch.services.check_lists.run_check", _fail)
        ran.append(run(folder, hook, "check", "-vv"))
    assert f"/{SECRET}" in hook.paths, "it really was sent"
    for wrong in (text.replace("name =", "nmae ="), text.replace('url = "json://', 'url = "json:'), f"{text}url = 1"):
        settings.write_text(wrong)
        ran.append(run(folder, hook, "check", "-vv"))
        assert ran[-1].code == 2
    settings.unlink()
    assert len(list(folder.glob("linkwatch-crash-*.log"))) == 1
    for each in ran:
        assert SECRET not in each.out + each.err
    for file in folder.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file
