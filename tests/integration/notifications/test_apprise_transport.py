"""Apprise's services over a real connection: what they say is put in our words, and no secret is in them."""

import logging
from collections.abc import Iterator

import pytest
from integration.notifications.webhook import NEVER, Webhook, closed_address

from linkwatch.exchange import Limits
from linkwatch.notifications.apprise_process import Order, send_order
from linkwatch.notifications.apprise_transport import apprise_delivery
from linkwatch.notifications.heartbeat import ping
from linkwatch.notifications.urls import NotSentError
from linkwatch.settings import Notify
from linkwatch.store.outbox import Message, Tone

SECRET = "hush-5ecret"
MESSAGE = Message("0123456789ab", "team", Tone.WARNING, "A title", "1 < 2 & *so on*\n- [x] :smile: \\n")


def send(url: str, *, allow_private: bool = True, **environ: str) -> None:
    target = Notify(name="team", url=url, place="linkwatch.toml:1")
    apprise_delivery(environ, allow_private=allow_private)(target, MESSAGE)


def refusal(url: str, *, allow_private: bool = True, **environ: str) -> str:
    with pytest.raises(NotSentError) as refused:
        send(url, allow_private=allow_private, **environ)
    assert SECRET not in refused.value.why
    assert refused.value.__cause__ is None
    return refused.value.why


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that anybody logs."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_the_text_arrives_as_it_is(hook: Webhook) -> None:
    send("json://$LINKWATCH_HOST/$LINKWATCH_TOKEN", LINKWATCH_HOST=hook.place, LINKWATCH_TOKEN=SECRET)
    assert hook.paths == [f"/{SECRET}"]
    (message,) = hook.received
    assert (message["title"], message["message"]) == (MESSAGE.title, MESSAGE.body)


def test_a_variable_that_is_not_set_is_named_and_nothing_is_sent(hook: Webhook) -> None:
    assert refusal(f"json://{hook.place}/$LINKWATCH_TOKEN") == "$LINKWATCH_TOKEN is not set"
    assert hook.paths == []


@pytest.mark.usefixtures("apprise_in_this_process")
@pytest.mark.parametrize("kind", ["json", "xml", "form", "JSON"])
def test_a_webhook_at_a_private_address_is_refused_unless_it_is_allowed(hook: Webhook, kind: str) -> None:
    assert "allow_private" in refusal(f"{kind}://{hook.place}/{SECRET}", allow_private=False)
    assert hook.paths == []


def test_no_redirect_is_followed_even_if_the_address_asks_for_it(hook: Webhook) -> None:
    """It could lead to an address that is refused."""
    hook.location, hook.statuses = f"http://{hook.place}/inside", [302]
    assert refusal(f"json://{hook.place}/?redirect=yes") == "the response was 302"
    assert hook.paths == ["/"]


@pytest.mark.usefixtures("apprise_in_this_process")
@pytest.mark.parametrize("url", [f"nonsense://{SECRET}", "slack://", f"tgram://{SECRET}"])
def test_what_apprise_does_not_understand_is_said(url: str) -> None:
    assert "Apprise" in refusal(url)


def test_a_plugin_that_fails_in_a_way_of_its_own_is_a_failure(hook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr("apprise.Apprise.instantiate", fail)
    order = Order(f"json://{hook.place}/{SECRET}", "A title", "a body", "info", True, 60.0, 1_000_000)
    assert send_order(order) == "Apprise failed: ValueError"


@pytest.mark.parametrize("status", [200, 500])
def test_nobody_logs_where_a_message_goes(hook: Webhook, logged: pytest.LogCaptureFixture, status: int) -> None:
    hook.statuses = [status]
    if status == 200:
        send(f"json://user:{SECRET}@{hook.place}/{SECRET}")
    else:
        refusal(f"json://user:{SECRET}@{hook.place}/{SECRET}")
    ping(f"http://{hook.place}/{SECRET}", {}, allow_private=True)
    logging.getLogger("apprise").warning("heard again")
    logging.getLogger("httpx").info("heard again")
    assert SECRET not in logged.text
    assert logged.text.count("heard again") == 2


def test_a_sign_of_life_is_one_get(hook: Webhook) -> None:
    ping(
        "http://$LINKWATCH_PLACE/$LINKWATCH_ID",
        {"LINKWATCH_PLACE": hook.place, "LINKWATCH_ID": SECRET},
        allow_private=True,
    )
    assert hook.paths == [f"/{SECRET}"]


@pytest.mark.parametrize(
    ("path", "statuses", "said"),
    [
        ("", [404], "the response was 404"),
        ("", [302], "the response was 302"),
        ("$LINKWATCH_ID", [], "$LINKWATCH_ID is not set"),
    ],
)
def test_a_refused_heartbeat_is_reported(hook: Webhook, path: str, statuses: list[int], said: str) -> None:
    hook.statuses, hook.location = list(statuses), f"http://{hook.place}/inside"
    with pytest.raises(NotSentError, match=said.replace("$", r"\$")):
        ping(f"http://{hook.place}/{path}", {}, allow_private=True)
    assert len(hook.paths) == len(statuses)


def test_a_sign_of_life_goes_to_no_private_address_unless_it_is_allowed(hook: Webhook) -> None:
    with pytest.raises(NotSentError, match="allow_private"):
        ping(f"http://{hook.place}/", {}, allow_private=False)
    assert hook.paths == []


def test_a_heartbeat_without_response_is_reported(hook: Webhook) -> None:
    with closed_address() as place, pytest.raises(NotSentError, match="no connection"):
        ping(f"http://{place}/", {}, allow_private=True)
    hook.statuses = [NEVER]
    with pytest.raises(NotSentError, match="no response in time"):
        ping(f"http://{hook.place}/", {}, allow_private=True, limits=Limits(seconds=0.2))


@pytest.mark.parametrize("url", [f"ftp://{SECRET}/", f"http://host:{SECRET}/", "http://"])
def test_a_heartbeat_to_no_url_is_reported(url: str) -> None:
    with pytest.raises(NotSentError, match="it is not a URL"):
        ping(url, {}, allow_private=True)
