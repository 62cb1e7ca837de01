"""Who is told of a check: the news into the outbox, then out; what goes wrong there is a remark, never an exit code."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import click

from linkwatch.clock import utc_now
from linkwatch.errors import StoreError
from linkwatch.settings import Notify, Settings

if TYPE_CHECKING:
    from jinja2 import Template

    from linkwatch.notifications.apprise_transport import Deliver
    from linkwatch.notifications.send import Attempt
    from linkwatch.report.model import Report
    from linkwatch.store.database import Database


Say = Callable[[str], None]
"""Where remarks go, a line each."""


def on_stderr(remark: str) -> None:
    """Where a command's remarks go."""
    click.echo(remark, err=True)


@dataclass(frozen=True, slots=True)
class PendingNotifications:
    """What is done about the news of one check; nothing, when the settings name nobody."""

    settings: Settings
    templates: Mapping[str, "Template"] = field(default_factory=dict)
    say: Say = on_stderr
    clock: Callable[[], datetime] = utc_now
    deliver: "Deliver | None" = None
    """Sends one message; None: Apprise does."""

    def queue(self, report: "Report", files: Iterable[str], database: "Database", now: datetime) -> None:
        """Put the news of the check into the outbox."""
        if self.settings.notify:
            from linkwatch.notifications.queue import queue_notifications  # noqa: PLC0415

            targets, templates = self.settings.notify, self.templates
            with _as_remark(self.say):
                for remark in queue_notifications(report, files, targets, templates, database=database, now=now):
                    self.say(f"notify: {remark}; it was told in linkwatch's own words")

    def send(self, report: "Report", database: "Database") -> None:
        """Send what waits, and give the sign of life of a complete check."""
        self.send_due(database)
        self.ping(report)

    def ping(self, report: "Report") -> None:
        """Give the sign of life of a complete check."""
        if self.settings.ping_url and report.run is not None and report.run.complete:
            _ping(self.settings.ping_url, self.settings, self.say)

    def send_due(self, database: "Database") -> None:
        """Send what waits and may be tried now."""
        if self.settings.notify:
            with _as_remark(self.say):
                for attempt in send_pending(self.settings, database, self.say, clock=self.clock, deliver=self.deliver):
                    if attempt.failure:
                        self.say(f"notify: {describe_failure(attempt)}")


@contextmanager
def _as_remark(say: Say) -> Iterator[None]:
    """A database that fails now has what the check learned; the news go with the next check, or are sent by it."""
    try:
        yield
    except StoreError as error:
        say(f"notify: {error.message}; the next check tells it")


def prepare_notifications(
    settings: Settings,
    say: Say = on_stderr,
    *,
    clock: Callable[[], datetime] = utc_now,
    deliver: "Deliver | None" = None,
) -> PendingNotifications:
    """Read the templates, before YouTube is asked.

    Raises:
        SettingsError: One can't be read, or fails.
    """
    if not any(target.template for target in settings.notify):
        return PendingNotifications(settings, say=say, clock=clock, deliver=deliver)
    from linkwatch.notifications.templates import read_templates  # noqa: PLC0415

    return PendingNotifications(settings, read_templates(settings.notify), say, clock, deliver)


def send_pending(
    settings: Settings,
    database: "Database",
    say: Say = on_stderr,
    *,
    clock: Callable[[], datetime] = utc_now,
    deliver: "Deliver | None" = None,
) -> list["Attempt"]:
    """Send what waits, as far as the addresses are known; a target whose variable is not set is told later."""
    from linkwatch.notifications.apprise_transport import apprise_delivery  # noqa: PLC0415
    from linkwatch.notifications.send import send_due  # noqa: PLC0415

    targets = list(_reachable(settings.notify, say))
    by_apprise = apprise_delivery(os.environ, allow_private=settings.allow_private)
    return send_due(database, targets, deliver or by_apprise, clock=clock)


def _reachable(targets: Iterable[Notify], say: Say) -> Iterator[Notify]:
    from linkwatch.notifications.urls import unset_variable  # noqa: PLC0415

    for target in targets:
        if unset := unset_variable(target.url, os.environ):
            say(f"notify: {target.name}: ${unset} is not set ({target.place}); what is for it waits")
        else:
            yield target


def describe_failure(attempt: "Attempt") -> str:
    """What is said of a message that was not taken."""
    then = "it was given up: see “linkwatch doctor”" if attempt.given_up else "it waits: linkwatch notify send"
    return f"{attempt.target}: not sent: {attempt.failure}; {then}"


def _ping(url: str, settings: Settings, say: Say) -> None:
    from linkwatch.notifications.heartbeat import ping  # noqa: PLC0415
    from linkwatch.notifications.urls import NotSentError  # noqa: PLC0415

    try:
        ping(url, os.environ, allow_private=settings.allow_private)
    except NotSentError as error:
        say(f"ping_url: {error.why}")
