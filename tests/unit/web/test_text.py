"""What only the dashboard says."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from linkwatch.models import rules
from linkwatch.models.rules import Level
from linkwatch.settings import Auto, Cadence, Cron, Notify, Settings
from linkwatch.web.text import (
    describe_cadence,
    describe_target,
    displayed_settings,
    format_due,
    format_duration,
    mask_url,
)

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SECRET = "hunter2"


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(), "0 seconds"),
        (timedelta(seconds=2.34), "2.3 seconds"),
        (timedelta(seconds=59), "59 seconds"),
        (timedelta(minutes=1, seconds=59), "1 minute"),
        (timedelta(hours=2, minutes=1), "2 hours 1 minute"),
        (timedelta(days=3, hours=4, minutes=5), "3 days 4 hours"),
        (timedelta(days=400), "400 days"),
    ],
)
def test_a_duration_is_shown_in_its_two_largest_units(time: timedelta, words: str) -> None:
    assert format_duration(time) == words


@pytest.mark.parametrize(
    ("cadence", "words"),
    [
        (timedelta(days=1), "every day"),
        (timedelta(hours=6), "every 6 hours"),
        (timedelta(days=1, hours=12), "every 1 day 12 hours"),
        (Cron("17 6 * * *", "Europe/Berlin"), "by cron “17 6 * * *” (Europe/Berlin)"),
        (Auto(), "adaptively: often if changing or missing, rarely if stable"),
    ],
)
def test_a_cadence_is_shown_in_words(cadence: Cadence, words: str) -> None:
    assert describe_cadence(cadence) == words


def test_a_future_time_is_shown_by_its_distance() -> None:
    assert format_due(NOW + timedelta(hours=2), NOW) == "in 2 hours"
    assert format_due(NOW, NOW) == format_due(NOW - timedelta(days=1), NOW) == "due now"


def shown(settings: Settings) -> dict[str, str]:
    return {name: value for name, value, _ in displayed_settings(settings, "sqlite:///linkwatch.db")}


def test_every_setting_is_shown_but_those_that_have_a_place_of_their_own() -> None:
    displayed = shown(Settings())
    assert set(displayed) == {field.name for field in fields(Settings)} - {
        "schedules",
        "notify",
        "ignore",
        "levels",
        "origin",
    }
    assert displayed["quota_per_day"] == "10,000"
    assert displayed["stale_after"] == "14 days"
    assert displayed["regions"] == "none"
    assert displayed["allow_private"] == "no"
    assert displayed["inside"] == "members"
    assert displayed["cadence"] == "1 day"


def test_what_is_not_the_default_is_marked() -> None:
    displayed = {name: changed for name, _, changed in displayed_settings(Settings(quota_per_day=5), "x")}
    assert [name for name, changed in displayed.items() if changed] == ["quota_per_day"]


def test_no_secret_is_shown() -> None:
    settings = Settings(
        api_key=SECRET,
        dashboard_token=SECRET,
        ping_url=f"https://ping.example/{SECRET}",
        database_url=f"postgresql://me:{SECRET}@db.example/x",
        data_api_url=f"https://me:{SECRET}@api.example/",
        oembed_url=f"https://{SECRET}@www.youtube.com/oembed",
    )
    displayed = shown(settings)
    assert SECRET not in str(displayed)
    assert displayed["api_key"] == displayed["dashboard_token"] == "set (not shown)"
    assert displayed["data_api_url"] == "https://…@api.example/"
    assert shown(Settings())["api_key"] == "not set"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("slack://T/A/B", "slack://…"),
        ("$TEAM_URL", "$TEAM_URL"),
        ("$TEAM/hunter2", "$TEAM"),
        ("tgram://1:hunter2/$CHAT", "tgram://…"),
        ("hunter2", "…"),
        ("$$hunter2", "$"),
    ],
)
def test_of_an_address_its_kind_alone_is_shown(url: str, words: str) -> None:
    assert mask_url(url) == words


def test_what_a_recipient_is_notified_of_is_shown_in_words() -> None:
    target = Notify(name="team", url="x", place="linkwatch.toml:1")
    assert describe_target(target) == "warnings and worse"
    narrow = replace(
        target, level=Level.ERROR, rules=(rules.DEAD, rules.EMPTIED), lists=("courses/*",), remind=timedelta(days=7)
    )
    assert (
        describe_target(narrow)
        == "errors and worse of dead, emptied in courses/*; what is still broken again every 7 days"
    )
