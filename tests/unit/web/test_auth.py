"""Tokens, sessions and forms: what is signed by one key opens nothing of another."""

from datetime import UTC, datetime, timedelta

import pytest

from linkwatch.web.auth import SESSION, Authenticator

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SEED = b"seed"


def test_only_the_token_is_the_token() -> None:
    authenticator = Authenticator("a token", SEED)
    assert authenticator.admits("a token")
    assert [authenticator.admits(other) for other in ("", "a toke", "a token ", "A token", "tökén", "\ud800")] == [
        False
    ] * 6


def test_without_a_token_nothing_is_one() -> None:
    authenticator = Authenticator(None, SEED)
    assert authenticator.is_open
    assert not authenticator.admits("")
    assert not Authenticator("t", SEED).is_open


def test_a_session_lasts_its_time_and_no_longer() -> None:
    authenticator = Authenticator("a token", SEED)
    session = authenticator.new_session(NOW)
    assert authenticator.is_session(session, NOW)
    assert authenticator.is_session(session, NOW + SESSION - timedelta(seconds=1))
    assert not authenticator.is_session(session, NOW + SESSION)


def test_another_token_ends_all_sessions_and_a_restart_none() -> None:
    session = Authenticator("a token", SEED).new_session(NOW)
    assert Authenticator("a token", b"another seed").is_session(session, NOW)
    assert not Authenticator("another", SEED).is_session(session, NOW)


@pytest.mark.parametrize("made_up", ["", ".", "x", "9999999999.", "9999999999.ff", "ü.ü", "1e9.x", "-1.x"])
def test_a_session_that_somebody_made_up_is_none(made_up: str) -> None:
    assert not Authenticator("a token", SEED).is_session(made_up, NOW)


def test_a_session_cannot_be_made_longer() -> None:
    authenticator = Authenticator("a token", SEED)
    end, _, signature = authenticator.new_session(NOW).partition(".")
    assert not authenticator.is_session(f"{int(end) + 1}.{signature}", NOW)


def test_a_form_is_of_one_session() -> None:
    authenticator = Authenticator("a token", SEED)
    form = authenticator.form_token("one")
    assert authenticator.is_form_token(form, "one")
    assert not authenticator.is_form_token(form, "other")
    assert not authenticator.is_form_token("", "one")
    assert not Authenticator(None, b"another seed").is_form_token(Authenticator(None, SEED).form_token(""), "")


def test_what_is_signed_for_one_purpose_serves_no_other() -> None:
    authenticator = Authenticator("a token", SEED)
    end, _, signature = authenticator.new_session(NOW).partition(".")
    assert not authenticator.is_form_token(signature, end)
