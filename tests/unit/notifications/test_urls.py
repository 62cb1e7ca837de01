"""Addresses: variables become their values, and what is no address of the public Internet is refused."""

import socket

import pytest

from linkwatch.notifications.urls import NotSentError, expand_variables, refuse_private, unusable_variable

VALUES = {"LINKWATCH_TOKEN": " t0ken\n", "HOST": "chat.example", "EMPTY": "  ", "LINKWATCH_ALLOW_ENV": "HOST, EMPTY"}


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("json://$HOST/${LINKWATCH_TOKEN}x", "json://chat.example/t0kenx"),
        ("json://u:pa$$w@host", "json://u:pa$w@host"),
        ("json://u:pa$$TOKEN@host", "json://u:pa$TOKEN@host"),
        ("json://host/$5", "json://host/$5"),
    ],
)
def test_variables_become_their_values(url: str, address: str) -> None:
    assert unusable_variable(url, VALUES) is None
    assert expand_variables(url, VALUES) == address


@pytest.mark.parametrize(("url", "name"), [("$LINKWATCH_X", "LINKWATCH_X"), ("json://$HOST/${EMPTY}", "EMPTY")])
def test_a_variable_that_is_not_set_is_named(url: str, name: str) -> None:
    assert unusable_variable(url, VALUES) == f"${name} is not set"


def test_two_dollar_signs_are_no_variable() -> None:
    assert unusable_variable("$$NONE", VALUES) is None


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - nothing is bound to it here
        "::1",
        "fe80::1",
        "::ffff:127.0.0.1",
        "224.0.0.1",
        "2130706433",
    ],
)
def test_a_private_address_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(NotSentError, match="allow_private"):
        refuse_private(host)


@pytest.mark.parametrize("host", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "x" * 300, ""])
def test_others_are_not(host: str) -> None:
    refuse_private(host)


def test_a_host_that_is_not_found_is_for_whoever_connects_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    refuse_private("nowhere.example")


def test_one_private_address_among_others_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(*_: object, **__: object) -> list[object]:
        return [(0, 0, 0, "", (address, 0)) for address in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(NotSentError):
        refuse_private("both.example")
