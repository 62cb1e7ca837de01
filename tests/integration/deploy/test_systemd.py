"""The units; what systemd itself says of them, `make lint-deploy` asks."""

import re

import pytest
from integration.deploy.files import DEPLOY, unit

SERVICES = ("linkwatch.service", "linkwatch-check.service")


def hardening(name: str) -> list[str]:
    text = (DEPLOY / "systemd" / name).read_text("utf-8")
    return text.partition("it needs nothing else.\n")[2].partition("\n[Install]")[0].split()


def test_all_services_may_do_as_little() -> None:
    first, *others = map(hardening, (*SERVICES, "linkwatch-worker.service"))
    assert all(other == first for other in others)
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="} <= set(first)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_run_by_the_user_that_is_made_for_it_and_writes_where_its_database_is(name: str) -> None:
    settings = dict(unit(name))
    users = (DEPLOY / "systemd" / "linkwatch.conf").read_text("utf-8")
    assert re.search(rf"^u {settings['User']} ", users, re.MULTILINE)
    assert (
        settings["Environment"]
        == f"LINKWATCH_DATABASE_URL=sqlite:////var/lib/{settings['StateDirectory']}/linkwatch.db"
    )
    assert settings["WorkingDirectory"] == f"/var/lib/{settings['StateDirectory']}"


def test_the_daemon_is_watched_and_always_started_again() -> None:
    settings = dict(unit("linkwatch.service"))
    assert (settings["Type"], settings["Restart"], settings["RestartPreventExitStatus"]) == ("notify", "always", "2")
    assert int(settings["WatchdogSec"]) > 0
    assert "-HUP $MAINPID" in settings["ExecReload"]


def test_a_worker_is_always_started_again_and_has_time_to_end_its_calls() -> None:
    settings = dict(unit("linkwatch-worker.service"))
    assert (settings["Restart"], settings["RestartPreventExitStatus"]) == ("always", "2")
    assert int(settings["TimeoutStopSec"]) > 60, (
        "an answer of YouTube may take a minute, and a word of the database too"
    )
    assert "Environment" not in settings, "there is no database that fits all"


def test_the_timer_starts_the_check_and_makes_up_for_what_was_missed() -> None:
    settings = dict(unit("linkwatch-check.timer"))
    assert settings["Persistent"] == "yes"
    assert (DEPLOY / "systemd" / "linkwatch-check.service").is_file(), "the unit that a timer starts has its name"
