from datetime import timedelta
from pathlib import Path

import pytest

from linkwatch.errors import SettingsError
from linkwatch.settings import Auto, Cron, Schedule, Settings, load_settings

CADENCE = 'must be a length of time, a cron expression or "auto", not'


def read(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "linkwatch.toml"
    file.write_text(text, "utf-8")
    return load_settings(config=str(file), environ={})


def error_of(tmp_path: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    return f"{caught.value.message} {caught.value.remedy}".replace(f"{tmp_path}/", "")


def test_lists_are_checked_once_a_day_by_default(tmp_path: Path) -> None:
    assert read(tmp_path, "").cadence == timedelta(days=1)
    assert read(tmp_path, 'cadence = "6h"').cadence == timedelta(hours=6)
    assert read(tmp_path, 'cadence = "auto"').cadence == Auto()


def test_a_cron_expression_is_in_the_time_zone_wherever_that_is_written(tmp_path: Path) -> None:
    settings = read(tmp_path, 'cadence = "17  6 * * mon-fri"\ntimezone = "Europe/Berlin"')
    assert settings.cadence == Cron("17 6 * * mon-fri", "Europe/Berlin")


def test_a_schedule_has_lists_and_may_have_a_name_a_cadence_and_a_time_zone(tmp_path: Path) -> None:
    text = """
        cadence = "0 5 * * *"

        [[schedule]]
        lists = ["courses/", "talks.md"]

        [[schedule]]
        name = "syllabus"
        lists = ["syllabus.md"]
        cadence = "30 7 * * 1"
        timezone = "America/New_York"

        [[schedule]]
        lists = ["other.md"]
        timezone = "Asia/Tokyo"
    """
    first, second, third = read(tmp_path, text).schedules
    assert first.name == "courses/, talks.md"
    assert first.lists == ("courses/", "talks.md")
    assert first.cadence == Cron("0 5 * * *", "UTC")
    file = tmp_path / "linkwatch.toml"
    lists, cadence = ("syllabus.md",), Cron("30 7 * * 1", "America/New_York")
    assert second == Schedule(name="syllabus", lists=lists, cadence=cadence, place=f"{file}:7")
    assert third.cadence == Cron("0 5 * * *", "Asia/Tokyo"), "the default's times, in the zone of the schedule"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '\ncadence = "often"',
            f"linkwatch.toml:2: cadence {CADENCE} 'often'",
        ),
        ("cadence = 60", 'linkwatch.toml:1: cadence must be a length of time, a cron expression or "auto", not 60'),
        (
            'cadence = "30s"',
            f"linkwatch.toml:1: cadence {CADENCE} '30s': at least 1m",
        ),
        (
            'cadence = "0 25 * * *"',
            f"linkwatch.toml:1: cadence {CADENCE} '0 25 * * *': bad hour",
        ),
        (
            'cadence = "0 0 30 2 *"',
            f"linkwatch.toml:1: cadence {CADENCE} '0 0 30 2 *': bad day-of-month",
        ),
        (
            '\ntimezone = "Mars/Olympus"',
            "toml:2: timezone must be the name of a time zone, not 'Mars/Olympus'",
        ),
        ('timezone = "Europe"', "linkwatch.toml:1: timezone must be the name of a time zone, not 'Europe'"),
        ('timezone = "../etc/passwd"', "timezone must be the name of a time zone, not '../etc/passwd'"),
        ("timezone = 2", "linkwatch.toml:1: timezone must be the name of a time zone, not 2"),
        ("schedule = 1", "linkwatch.toml:1: schedule must be an array of tables"),
        ('[[schedule]]\nname = "a"', "linkwatch.toml:1: this [[schedule]] has no lists For example: lists ="),
        ('[[schedule]]\nlists = ["a.md"]\nevery = "1d"', "linkwatch.toml:3: unknown key 'every' in [[schedule]]"),
        (
            '[[schedule]]\nlists = ["a.md"]\ncadence = "x"',
            f"linkwatch.toml:3: cadence {CADENCE} 'x'",
        ),
        ('[[schedule]]\nlists = ["a.md"]\nname = "a\\nb"', "linkwatch.toml:3: name must be a text on one line"),
        (
            '[[schedule]]\nlists = ["a.md"]\n[[schedule]]\nlists = ["a.md"]',
            "linkwatch.toml:3: this [[schedule]] has the name 'a.md' of another one",
        ),
    ],
)
def test_an_error_names_the_line(text: str, message: str, tmp_path: Path) -> None:
    assert message in error_of(tmp_path, text)


def test_the_flag_for_the_dashboards_address_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "linkwatch.toml"
    file.write_text('bind = "127.0.0.1:1"', "utf-8")
    environ = {"LINKWATCH_BIND": "127.0.0.1:2"}
    assert load_settings(config=str(file), environ={}).bind == "127.0.0.1:1"
    assert load_settings(config=str(file), environ=environ).bind == "127.0.0.1:2"
    assert load_settings(config=str(file), environ=environ, bind="[::1]:3").bind == "[::1]:3"


@pytest.mark.parametrize("address", ["8440", "localhost", "127.0.0.1:70000", "http://127.0.0.1:80", "::1:80", ":80"])
def test_an_address_without_a_host_or_a_port_is_error_of(address: str) -> None:
    with pytest.raises(SettingsError, match=r"^--bind must be an address and a port"):
        load_settings(environ={}, bind=address)


def test_the_dashboards_token_comes_from_the_environment_alone_and_is_never_printed(tmp_path: Path) -> None:
    settings = load_settings(environ={"LINKWATCH_DASHBOARD_TOKEN": "s3cret"})
    assert settings.dashboard_token == "s3cret"
    assert "s3cret" not in repr(settings)
    assert "unknown setting" in error_of(tmp_path, 'dashboard_token = "s3cret"')
    with pytest.raises(SettingsError) as caught:
        load_settings(environ={"LINKWATCH_DASHBOARD_TOKEN": "s3 cret"})
    assert "s3" not in caught.value.message


def test_nothing_is_public_and_addresses_are_secret_unless_the_settings_say_otherwise(tmp_path: Path) -> None:
    text = """
        lists = ["a.md"]
        public = ["status", "badge", "status"]

        [[schedule]]
        lists = ["b.md"]

        [[schedule]]
        lists = ["c.md"]
        public = ["feed"]
        public_address = "plain"
    """
    settings = read(tmp_path, text)
    assert (settings.public, settings.public_address) == (("badge", "status"), "secret")
    other, plain = settings.schedules
    assert (other.public, other.public_address) == ((), "secret"), "what the file says is of the other lists alone"
    assert (plain.public, plain.public_address) == (("feed",), "plain")
    assert read(tmp_path, "").public == ()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('public = ["stat"]', "public must be an array of any of badge, feed, status, not ['stat']: 'stat' is unknown"),
        ("public = true", "public must be an array of any of badge, feed, status, not True"),
        ('public_address = "hidden"', "public_address must be one of secret, plain, not 'hidden'"),
    ],
)
def test_only_known_pages_can_be_public(tmp_path: Path, line: str, message: str) -> None:
    assert f"linkwatch.toml:1: {message}" in error_of(tmp_path, line)
