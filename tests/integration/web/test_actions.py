"""What people post: it is done, it is said, it is done once, and only for forms that are ours."""

import errno
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from integration.check.harness import listing, playlist_id, playlists
from integration.notifications.webhook import NEVER, Webhook
from integration.web.conftest import Serve
from integration.web.fake_daemon import FakeDaemon, simulated_youtube
from integration.web.test_pages import text_of

from linkwatch.acknowledgements.toml_read import read_acks
from linkwatch.models import rules
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.settings import Notify
from linkwatch.simulator.world import World
from linkwatch.store.acknowledgements import load_acknowledgements

STATISTICS = "PLDesaqWTN6ESk16YRmzuJ8f6-rnuy0Ry7"
"""It is listed twice."""

SECRET_PATH = "hush-5ecret-hush"


def form_token(client: httpx.Client, path: str = "/incidents") -> str:
    found = re.search(r'name="form" value="([\w-]{43})"', client.get(path).text)
    assert found is not None
    return found[1]


def post(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """As a browser does that has the form open."""
    return client.post(path, data={"form": form_token(client), "next": "/incidents", **fields})


def accepted(daemon: FakeDaemon) -> list[Acknowledgement]:
    with daemon.database.read() as connection:
        return load_acknowledgements(connection)


def accept(client: httpx.Client, **fields: str) -> httpx.Response:
    form = {"finding": f"duplicate {STATISTICS}", "reason": "it is meant so", "until": "", **fields}
    return post(client, "/acks", **form)


def test_a_finding_is_accepted_and_the_page_that_follows_says_so_once(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    answer = accept(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/incidents")
    (ack,) = accepted(week)
    assert (ack.id, ack.rule, ack.reason, ack.until) == (STATISTICS, rules.DUPLICATE, "it is meant so", None)
    text = text_of(client.get("/incidents"))
    assert "Acknowledged: duplicate of “Calculus 3 (Full Length Videos)”" in text
    assert "the same playlist is listed twice" not in text
    assert "Acknowledged: duplicate" not in text_of(client.get("/incidents"))
    assert "it is meant so" in text_of(client.get("/incidents?show=accepted"))


@pytest.mark.parametrize(("length", "days"), [("week", 7), ("month", 30)])
def test_a_finding_is_snoozed_for_a_length_of_time(serve: Serve, week: FakeDaemon, length: str, days: int) -> None:
    accept(serve(week), until=length)
    (ack,) = accepted(week)
    assert ack.until == week.now.date() + timedelta(days=days)


def test_a_finding_is_snoozed_until_a_day_and_comes_back_the_day_after(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    last = week.now.date() + timedelta(days=2)
    accept(client, until="date", day=last.isoformat())
    assert "listed twice" not in text_of(client.get("/incidents"))
    week.now += timedelta(days=3)
    assert "listed twice" in text_of(client.get("/incidents"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": " "}, "needs a reason"),
        ({"finding": ""}, "no issue is chosen"),
        ({"until": "date"}, "the date is missing"),
        ({"until": "date", "day": "tomorrow"}, "the date is missing"),
        ({"until": "date", "day": "2020-01-01"}, "2020-01-01 is in the past"),
        ({"finding": "duplicate <b>"}, "neither a YouTube URL or id nor a rule"),
        ({"finding": f"nonsense {STATISTICS}"}, "neither a YouTube URL or id nor a rule"),
    ],
)
def test_what_makes_no_sense_is_not_accepted_and_said(
    serve: Serve, week: FakeDaemon, fields: dict[str, str], said: str
) -> None:
    client = serve(week)
    answer = accept(client, **fields)
    assert answer.status_code == 422
    assert accepted(week) == []
    assert "Not acknowledged:" in text_of(answer)
    assert said in text_of(answer)
    assert "<b>" not in re.sub(r"<b(?: [^>]*)?>(?:error|warning|notice|Note:|linkwatch)", "", answer.text)


def test_what_was_typed_is_kept_when_something_is_wrong(serve: Serve, week: FakeDaemon) -> None:
    page = accept(serve(week), reason="it <moves>", until="date").text
    assert 'name="reason" maxlength="300" value="it &lt;moves&gt;"' in page
    assert '<option value="date" selected>' in page
    assert re.search(rf'name="finding" form="acknowledge" value="duplicate {STATISTICS}" checked', page)
    assert 'name="next" value="/incidents"' in page


def test_several_findings_are_accepted_at_once(serve: Serve, daemon: FakeDaemon) -> None:
    daemon.add_schedule("new", listing(*[playlist_id(number) for number in range(6)]), "resources.csv")
    daemon.check("new", simulated_youtube(daemon, World(playlists(1))))
    client = serve(daemon)
    offered = re.findall(r'name="finding" form="acknowledge" value="([^"]*)"', client.get("/incidents").text)
    assert len(offered) == 5
    form = {"form": form_token(client), "next": "/incidents", "reason": "a new list is being made", "until": ""}
    answer = client.post("/acks", data={**form, "finding": offered[:4]})
    assert answer.status_code == 303
    assert {f"{ack.rule} {ack.id}" for ack in accepted(daemon)} == set(offered[:4])
    text = text_of(client.get("/incidents"))
    assert "and 1 more" in text
    assert "Open 1 Acknowledged 4" in text


def test_a_snooze_needs_no_reason(serve: Serve, week: FakeDaemon) -> None:
    assert accept(serve(week), reason="", until="week").status_code == 303
    assert [ack.reason for ack in accepted(week)] == ["snoozed in the dashboard"]


def test_what_was_accepted_is_taken_back(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    accept(client)
    assert post(client, "/acks/remove", id=STATISTICS, rule="duplicate").status_code == 303
    assert accepted(week) == []
    text = text_of(client.get("/incidents"))
    assert "Acknowledgement removed: duplicate" in text
    assert "the same playlist is listed twice" in text
    post(client, "/acks/remove", id=STATISTICS, rule="duplicate")
    assert "Not removed: " in text_of(client.get("/incidents"))


def test_a_file_of_acknowledgements_is_kept_in_step(serve: Serve, week: FakeDaemon) -> None:
    file = Path(week.settings.acks_file)
    file.write_text("# kept by hand\n", "utf-8")
    accept(serve(week))
    listed = read_acks(str(file), week.now)
    assert listed is not None
    assert [(ack.id, ack.rule) for ack in listed] == [(STATISTICS, rules.DUPLICATE)]
    assert file.read_text("utf-8").startswith("# kept by hand")


def test_a_file_of_acknowledgements_that_cannot_be_written_is_reported_and_nothing_is_accepted(
    serve: Serve, week: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path(week.settings.acks_file)
    file.write_text("", "utf-8")

    def disk_full(number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", disk_full)
    client = serve(week)
    text = text_of(accept(client))
    assert accepted(week) == []
    assert "Not acknowledged:" in text
    assert "Name a file in a folder that can be written" in text


def test_a_check_is_wished_for(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    answer = post(client, "/check", schedule="courses")
    assert (answer.status_code, week.requested_checks) == (303, ["courses"])
    assert "Check of “courses” queued." in text_of(client.get("/"))
    assert post(client, "/check", schedule="nothing").status_code == 404
    post(client, "/check", schedule="courses", kind="playlist", id=STATISTICS)
    assert week.requested_checks == ["courses", f"courses playlist {STATISTICS}"]


def test_what_strangers_named_is_accepted_as_it_is_named(serve: Serve, daemon: FakeDaemon) -> None:
    """A link that names nothing is known by its URL, whatever stands in it."""
    url = 'https://www.youtube.com/watch?v=short"><script>alert(1)</script>'
    daemon.add_schedule("new", listing(url), "resources.csv")
    client = serve(daemon)
    page = client.get("/incidents").text
    assert "<script>alert" not in page
    offered = re.search(r'name="finding" form="acknowledge" value="malformed ([^"]*)"', page)
    assert offered is not None
    accept(client, finding=f"malformed {url}")
    assert [ack.id for ack in accepted(daemon)] == [url]
    assert "No open issues" in text_of(client.get("/incidents"))


def test_a_form_without_its_token_is_refused(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    for fields in ({}, {"form": ""}, {"form": "0" * 64}, {"form": "ü"}):
        answer = client.post("/check", data={"schedule": "courses", **fields})
        assert answer.status_code == 403
        assert "reload the page" in text_of(answer)
    assert week.requested_checks == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1"])
def test_a_form_that_another_site_posts_is_refused(serve: Serve, week: FakeDaemon, origin: str) -> None:
    client = serve(week)
    fields = {"form": form_token(client), "schedule": "courses"}
    assert client.post("/check", data=fields, headers={"origin": origin}).status_code == 403
    own = str(client.base_url).rstrip("/")
    assert client.post("/check", data=fields, headers={"origin": own}).status_code == 303
    assert week.requested_checks == ["courses"]


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\r\nx: y"]
)
def test_a_form_leads_back_to_pages_of_ours_alone(serve: Serve, week: FakeDaemon, to: str) -> None:
    answer = post(serve(week), "/check", schedule="courses", next=to)
    assert answer.headers["location"] == "/"


def test_a_form_keeps_the_page_that_it_was_on(serve: Serve, month: FakeDaemon) -> None:
    page = serve(month).get("/incidents?list=courses&level=warning").text
    assert 'name="next" value="/incidents?list=courses&amp;level=warning"' in page


def test_what_is_too_large_is_refused_before_it_is_read(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    assert client.post("/check", content=b"x" * 20_000).status_code == 413
    assert client.post("/check", content=iter([b"x"])).status_code == 411


def test_what_a_page_is_to_say_is_a_text(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    client.cookies.set("linkwatch_said", "%3Cscript%3Ealert(1)%3C/script%3E")
    answer = client.get("/")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert unquote(answer.headers["set-cookie"]).startswith('linkwatch_said=""')


def test_forms_are_only_posted(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    assert [client.get(path).status_code for path in ("/acks", "/acks/remove", "/check")] == [405] * 3
    assert client.post("/runs", data={}).status_code == 405
    assert date.fromisoformat("2026-09-06") == week.now.date()


def test_a_list_is_paused_and_resumed(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    assert ">Pause</button>" in client.get("/lists/courses").text
    answer = post(client, "/pause", schedule="courses", paused="yes", next="/lists/courses")
    assert (answer.status_code, answer.headers["location"]) == (303, "/lists/courses")
    page = client.get("/lists/courses")
    assert "“courses” is paused: it is checked only on request." in text_of(page)
    assert "paused since 2026-09-06 09:40 UTC" in text_of(page)
    assert ">Resume</button>" in page.text
    assert "paused" in text_of(client.get("/lists"))
    (document,) = client.get("/api/v1/schedules").json()["schedules"]
    assert (document["paused_at"], document["next_check_at"]) == ("2026-09-06T09:40:00Z", None)
    post(client, "/pause", schedule="courses", paused="no")
    assert week.states[0].paused_at is None
    assert post(client, "/pause", schedule="nothing", paused="yes").status_code == 404


def test_a_test_message_is_sent_to_the_recipient_that_was_chosen_alone(serve: Serve, week: FakeDaemon) -> None:
    with Webhook() as hook:
        team = Notify(name="team", url=f"json://{hook.place}/{SECRET_PATH}", place="linkwatch.toml:3")
        others = Notify(name="others", url=f"json://{hook.place}/others", place="linkwatch.toml:7")
        week.settings = replace(week.settings, notify=(team, others), allow_private=True)
        client = serve(week)
        answer = post(client, "/notify/test", target="team", next="/settings")
        assert (answer.status_code, answer.headers["location"]) == (303, "/settings")
        assert hook.paths == [f"/{SECRET_PATH}"]
        assert 'role="status" dir="auto">A test message was sent to “team”.</p>' in client.get("/settings").text
        hook.statuses = [403]
        post(client, "/notify/test", target="team", next="/settings")
        page = client.get("/settings").text
        assert 'role="alert" dir="auto">No test message was sent to “team”: ' in page
        assert SECRET_PATH not in page
        assert post(client, "/notify/test", target="nobody").status_code == 404
        assert len(hook.paths) == 2


def test_two_test_messages_are_not_sent_at_once(serve: Serve, week: FakeDaemon) -> None:
    with ThreadPoolExecutor(1) as other:
        with Webhook() as hook:
            team = Notify(name="team", url=f"json://{hook.place}/?rto=30", place="linkwatch.toml:3")
            week.settings = replace(week.settings, notify=(team,), allow_private=True)
            client = serve(week)
            hook.statuses = [NEVER]
            fields = {"form": form_token(client), "next": "/settings", "target": "team"}
            first = other.submit(httpx.post, f"{client.base_url}notify/test", data=fields, timeout=60)
            assert hook.reached.wait(30)
            assert client.post("/notify/test", data=fields).status_code == 409
        assert first.result().status_code == 303
        assert len(hook.paths) == 1
