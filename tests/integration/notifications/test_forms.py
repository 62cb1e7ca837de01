"""A digest as each service takes it: a page in a mail, fields in JSON, as long a text as the service has room for."""

from dataclasses import replace

import msgspec
import pytest
from apprise import Apprise
from integration.notifications.webhook import MailServer, Webhook
from unit.notifications.test_digest import digest_for, dying
from unit.report.validating import validate

from linkwatch.notifications.apprise_process import Order, _body_for
from linkwatch.notifications.apprise_transport import apprise_delivery
from linkwatch.notifications.digest import Digest
from linkwatch.notifications.html import render_html
from linkwatch.notifications.text import render_text
from linkwatch.settings import Notify
from linkwatch.store.outbox import Message

pytestmark = pytest.mark.usefixtures("apprise_in_this_process")

MANY = digest_for(dying(120, title="Calculus 3"), base_url="https://watch.example.org/")


def message_of(digest: Digest, body: str | None = None) -> Message:
    document = msgspec.json.encode(digest).decode()
    return Message(digest.id, "team", digest.tone, digest.title, body or render_text(digest), document=document)


def send(url: str, message: Message, template: str | None = None) -> None:
    target = Notify(name="team", url=url, place="linkwatch.toml:1", template=template)
    apprise_delivery({}, allow_private=True)(target, message)


def test_json_has_fields_by_a_schema_beside_the_text(hook: Webhook) -> None:
    send(f"json://{hook.place}/", message_of(MANY))
    (received,) = hook.received
    assert received["title"] == "Gone: “Calculus 3” and 119 more (list.md)"
    fields = received["linkwatch"]
    validate(fields)
    (section,) = fields["sections"]
    assert (section["title"], section["count"], len(section["items"])) == ("Broken", 120, 50)
    assert section["items"][0]["url"].startswith("https://www.youtube.com/playlist?list=PL")
    assert section["items"][0]["page"].startswith("https://watch.example.org/resources/playlist/PL")


def test_the_text_of_a_template_stays_and_json_has_the_fields_all_the_same(hook: Webhook) -> None:
    send(f"json://{hook.place}/", message_of(MANY, "in our own words"), template="message.txt")
    (received,) = hook.received
    assert received["message"] == "in our own words"
    assert received["linkwatch"]["id"] == MANY.id


def test_a_mail_is_a_page_with_links_and_has_a_text_beside_it() -> None:
    with MailServer() as server:
        send(f"mailto://{server.place}/?from=a@example.org&to=b@example.org&mode=insecure", message_of(MANY))
    (mail,) = server.mails
    assert mail["Subject"] == "Gone: “Calculus 3” and 119 more (list.md)"
    page, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert page is not None
    assert text is not None
    html = page.get_content()
    assert html.count('class="item error"') == 50
    assert "… and 70 more" in html
    assert '<a href="https://watch.example.org/resources/playlist/PL' in html
    assert ">an archived copy, if there is one</a>" in html
    assert "Replace or remove the broken links" in html
    assert "is no longer available" in text.get_content()


@pytest.mark.parametrize(
    ("url", "items"),
    [
        ("discord://1234567890/abcdefghijklmnop", 10),
        ("tgram://123456789:abcdefg_hijklmnop/12315544", 10),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", 50),
    ],
)
def test_a_text_is_as_long_as_the_service_takes(url: str, items: int) -> None:
    service = Apprise.instantiate(url)
    assert service is not None
    order = Order(url, MANY.title, "x", "info", True, 60, 10**6, msgspec.json.encode(MANY).decode())
    text, is_html = _body_for(service, order)
    assert not is_html
    assert len(text) + (0 if service.title_maxlen else len(MANY.title) + 2) <= service.body_maxlen
    assert 5 <= text.count("\n- ") <= items
    assert text.endswith(f"message {MANY.id} of linkwatch")


def test_a_title_of_a_stranger_is_only_text_in_the_page() -> None:
    html = render_html(digest_for(dying(1, title="<img src=x onerror=alert(1)><b>bold</b>")))
    assert "<img" not in html
    assert "<b>" not in html
    assert "&lt;\N{ZERO WIDTH SPACE}img" in html


def test_a_page_loads_nothing_and_says_what_it_cannot_show() -> None:
    html = render_html(replace(MANY, dashboard=None, note="the safety limit is lifted"))
    assert "src=" not in html
    assert "url(" not in html
    assert "Note: the safety limit is lifted." in html
