"""A playlist that is private and public by turns: notified of once, then as flapping, then when it is quiet."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from databases import url_of
from integration.check.harness import DAY, HOUR, KEYED, LIST, Harness, finding_of, playlist_id, playlists, rules
from msgspec import json
from sqlalchemy import select

from linkwatch.models.observation import State
from linkwatch.models.resource import Kind, Resource
from linkwatch.notifications.queue import queue_notifications
from linkwatch.report.build import only_new
from linkwatch.report.diff import json as diff_json
from linkwatch.report.formats.json import render
from linkwatch.report.model import Report
from linkwatch.report.resource import json as history_json
from linkwatch.report.resource.terminal import render as render_history
from linkwatch.services.diff import diff_lists
from linkwatch.services.lists import ReadLists
from linkwatch.services.show import resource_history
from linkwatch.settings import Notify
from linkwatch.simulator.options import Options
from linkwatch.store.tables import outbox

TARGET = Notify(name="team", url="$CHAT", place="linkwatch.toml:1")


class Days:
    """One check a day, each with its notifications."""

    def __init__(self, tmp_path: Path, status: Literal[401, 403, 404] = 401) -> None:
        self.harness = Harness(tmp_path, playlists(8), settings=KEYED, options=Options(private_oembed_status=status))
        self.day()

    def day(self, change: str = "") -> Report:
        """Let a day pass, with what its owner does."""
        at = self.harness.now + HOUR
        if change == "private":
            self.harness.world.make_private(playlist_id(0), at)
        elif change == "public":
            self.harness.world.bring_back(playlist_id(0), at)
        report = self.harness.check(after=DAY)
        queue_notifications(report, [LIST], [TARGET], {}, database=self.harness.database, now=self.harness.now)
        return report

    def messages(self) -> list[str]:
        """The texts of all messages, but for the first one about the list."""
        with self.harness.database.read() as connection:
            return list(connection.execute(select(outbox.c.body).order_by(outbox.c.id)).scalars())[1:]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_private_and_public_by_turns_is_told_three_times_and_once_when_quiet(
    tmp_path: Path, status: Literal[401, 403, 404]
) -> None:
    days = Days(tmp_path, status)
    reports = [days.day(("private", "public")[n % 2]) for n in range(12)]
    messages = days.messages()
    assert len(messages) == 3, "missing, back, and missing again: from then on it flaps"
    assert "it flaps: 3 changes since 2026-11-24" in messages[-1]
    assert [report.counts.flapping for report in reports] == [0, 0, *[1] * 10]
    assert [only_new(report).findings == [] for report in reports[3:]] == [True] * 9
    assert not any(recovery.new for report in reports[3:] for recovery in report.recoveries)
    quiet = [days.day() for _ in range(4)]
    assert [report.counts.flapping for report in quiet] == [1, 1, 0, 0]
    messages = days.messages()
    assert len(messages) == 4
    assert "Course 0" in messages[-1]
    assert "flaps" not in messages[-1]
    assert [len(report.recoveries) for report in quiet[2:]] == [1, 1]


@pytest.mark.parametrize(("status", "state"), [(401, State.UNAVAILABLE), (404, State.UNAVAILABLE)])
def test_a_final_state_that_is_missing_is_told_when_it_is_quiet(
    tmp_path: Path, status: Literal[401, 404], state: State
) -> None:
    days = Days(tmp_path, status)
    for change in ("private", "public", "private", "public", "private"):
        days.day(change)
    before = len(days.messages())
    for _ in range(2):
        report = days.day()
        assert (report.counts.flapping, len(days.messages())) == (1, before)
    report = days.day()
    assert (report.counts.flapping, len(days.messages())) == (0, before + 1)
    finding = finding_of(report, "dead")
    assert finding.new
    assert "flaps" not in finding.message
    assert days.harness.state(playlist_id(0)) is state
    days.day()
    assert len(days.messages()) == before + 1


def test_the_finding_and_the_counts_say_that_it_flaps(tmp_path: Path) -> None:
    days = Days(tmp_path)
    for change in ("private", "public", "private"):
        report = days.day(change)
    finding = finding_of(report, "suspect")
    assert finding.message.endswith("; it flaps: 3 changes since 2026-11-24")
    assert finding.evidence["state_changes"] == 3
    assert json.decode(render(report))["counts"]["flapping"] == 1


def test_a_death_and_a_return_are_two_changes(tmp_path: Path) -> None:
    """Missing, then confirmed, then back: only what is there or not counts."""
    days = Days(tmp_path)
    days.day("private")
    days.day()
    report = days.day()
    assert rules(report) == ["dead"]
    assert days.day("public").counts.flapping == 0
    assert days.day("private").counts.flapping == 1


def test_the_history_and_the_differences_say_that_it_flaps(tmp_path: Path) -> None:
    days = Days(tmp_path)
    for number in range(6):
        days.day(("private", "public")[number % 2])
    harness, resource = days.harness, Resource(Kind.PLAYLIST, playlist_id(0))
    settings = replace(KEYED, database_url=url_of(tmp_path / "linkwatch.db"))
    read = ReadLists(harness.catalogue, (LIST,))

    def shown() -> tuple[str, dict[str, Any] | None, list[Any]]:
        now = harness.now
        history = resource_history(resource, database=harness.database, settings=settings, now=now)
        assert history is not None
        diff = json.decode(diff_json.render(diff_lists(read, settings, since=now - 5 * DAY, now=now)))
        document = json.decode(history_json.render(history))["resource"]["flapping"]
        return render_history(history), document, diff["differences"]

    text, document, (difference,) = shown()
    assert "flapping        6 changes between available and missing since 2026-11-24" in text
    assert document == {"changes": 6, "since": "2026-11-24T09:00:00Z"} == difference["flapping"]
    assert difference["message"].endswith("; it flaps: 6 changes since 2026-11-24")
    for _ in range(4):
        days.day()
    text, document, (difference,) = shown()
    assert "flapping" not in text
    assert document is difference["flapping"] is None
    assert "flaps" not in difference["message"]
