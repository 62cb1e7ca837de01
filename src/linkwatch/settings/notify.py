"""The `[[notify]]` tables: who gets which notifications.

The address of a recipient holds secrets: no message quotes it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from linkwatch.errors import SettingsError
from linkwatch.models.rules import Level, Rule
from linkwatch.settings.keys import Written
from linkwatch.settings.value_types import Duration, OneLine, PathBeside, Patterns, Rules

_EXAMPLE = 'For example: url = "$LINKWATCH_NOTIFY_URL"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """A recipient of notifications, and which it gets."""

    name: str
    """Unique, and without a secret; for people, and for the outbox."""

    url: str = field(repr=False)
    """Apprise's address of the service, as it is written: `$NAME` stands for a variable of the environment."""

    place: str
    """File and line of its table."""

    lists: tuple[str, ...] = ()
    """Patterns of the lists whose findings it gets; empty: all."""

    rules: tuple[Rule, ...] = ()
    """The rules whose findings it gets; empty: all."""

    level: Level = Level.WARNING
    """The lowest level of the findings it gets."""

    remind: timedelta | None = None
    """How often it gets again what is still broken; None: never."""

    template: str | None = None
    """File of a Jinja2 template of the text, from the folder of the settings; None: linkwatch's own text."""


_Address = Annotated[str, Meta(pattern=r"://|^\$")]


class NotifyTable(msgspec.Struct, frozen=True, kw_only=True):
    """A `[[notify]]` table: one recipient, or several that get the same."""

    url: Annotated[
        _Address | None,
        Meta(
            description="Apprise's address of a service; $NAME stands for a variable of the environment.",
            examples=["$LINKWATCH_NOTIFY_URL"],
        ),
        Written("an address such as mailto://…, or $NAME", secret=True),
    ] = None
    urls: Annotated[
        tuple[_Address, ...] | None,
        Meta(
            min_length=1, description="Several such addresses, in place of `url`.", examples=[["$LINKWATCH_NOTIFY_URL"]]
        ),
        Written("an array of addresses such as mailto://…, or $NAME", secret=True),
    ] = None
    name: Annotated[
        OneLine | None, Meta(description="A unique name; it is shown, so let it hold no secret.", examples=["team"])
    ] = None
    lists: Annotated[Patterns, Meta(description="Patterns of the lists it is about; by default, all lists.")] = ()
    rules: Annotated[Rules, Meta(description="The rules it is about; by default, all rules.")] = ()
    level: Annotated[
        Level,
        Meta(description="The lowest level of the findings it is about."),
        Written("one of error, warning, notice", type=Literal["error", "warning", "notice"], parse=Level),
    ] = Level.WARNING
    remind: Annotated[
        Duration | None, Meta(description="How often to remind of what is still broken; by default, never.")
    ] = None
    template: Annotated[
        PathBeside | None,
        Meta(
            description="File of a Jinja2 template of the text, from the folder of the settings.",
            examples=["message.txt"],
        ),
    ] = None
    place: str

    def __post_init__(self) -> None:
        if self.url is None and self.urls is None:
            raise ValueError("has no address", _EXAMPLE)
        if self.url is not None and self.urls is not None:
            raise ValueError("has url and urls", "Keep one of the two.")


def build_recipients(tables: Iterable[NotifyTable]) -> tuple[Notify, ...]:
    """Build the recipients of the tables, in their order.

    Raises:
        SettingsError: Two have one name.
    """
    recipients: dict[str, Notify] = {}
    for table in tables:
        urls = table.urls or (table.url or "",)
        for url in urls:
            name = _name(table.name, url, is_one=len(urls) == 1)
            if name in recipients:
                message = f"{table.place}: this [[notify]] has the name {name!r} of another one"
                raise SettingsError(message, remedy="Give each a name of its own, or the address once.")
            recipients[name] = Notify(
                name=name,
                url=url,
                place=table.place,
                lists=table.lists,
                rules=table.rules,
                level=table.level,
                remind=table.remind,
                template=table.template,
            )
    return tuple(recipients.values())


def _name(name: str | None, url: str, *, is_one: bool) -> str:
    """A name without a secret: as it is given, that of the variable, or the kind of service with a hash."""
    digits = blake2b(url.encode("utf-8", "backslashreplace"), digest_size=4).hexdigest()
    if name is not None:
        return name if is_one else f"{name}-{digits}"
    if variable := re.fullmatch(r"\$\{?(\w+)\}?", url):
        return variable[1]
    scheme = re.match(r"[a-z][a-z0-9+.-]*(?=://)", url)
    return f"{scheme[0] if scheme else 'notify'}-{digits}"
