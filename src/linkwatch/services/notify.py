"""Queue and send the notifications of a check. What fails here is a remark, and changes no exit code of a check."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from linkwatch.clock import utc_now
from linkwatch.errors import StoreError, UsageError
from linkwatch.settings import Notify, Settings

if TYPE_CHECKING:
    from jinja2 import Template

    from linkwatch.notifications.apprise_transport import Deliver
    from linkwatch.notifications.send import Attempt
    from linkwatch.report.model import Report
    from linkwatch.store.database import Database


Say = Callable[[str], None]
"""Takes a remark of one line."""


@dataclass(frozen=True, slots=True)
class PendingNotifications:
    """Queues and sends the notifications of one check; does nothing if the settings name no recipient."""

    settings: Settings
    say: Say
    templates: Mapping[str, "Template"] = field(default_factory=dict)
    clock: Callable[[], datetime] = utc_now
    deliver: "Deliver | None" = None
    """Sends one message; None: Apprise does."""

    def queue(self, report: "Report", files: Iterable[str], database: "Database", now: datetime) -> None:
        """Put what is new in the report into the outbox."""
        if self.settings.notify:
            from linkwatch.notifications.queue import queue_notifications  # noqa: PLC0415

            targets, templates = self.settings.notify, self.templates
            with _as_remark(self.say):
                base_url = self.settings.base_url
                for remark in queue_notifications(
                    report, files, targets, templates, database=database, now=now, base_url=base_url
                ):
                    self.say(f"notify: {remark}; the built-in text was used")

    def send(self, report: "Report", database: "Database") -> None:
        """Send what is due, and the heartbeat of a complete check."""
        self.send_due(database)
        self.ping(report)

    def ping(self, report: "Report") -> None:
        """Send the heartbeat of a complete check."""
        if self.settings.ping_url and report.run is not None and report.run.complete:
            _ping(self.settings.ping_url, self.settings, self.say)

    def send_due(self, database: "Database") -> None:
        """Send what is queued and may be tried now."""
        if self.settings.notify:
            with _as_remark(self.say):
                for attempt in send_pending(self.settings, database, self.say, clock=self.clock, deliver=self.deliver):
                    if attempt.failure:
                        self.say(f"notify: {describe_failure(attempt)}")


@contextmanager
def _as_remark(say: Say) -> Iterator[None]:
    """Turn a failure of the database into a remark: the check is stored, and the next one notifies of it."""
    try:
        yield
    except StoreError as error:
        say(f"notify: {error.message}; the next check notifies of it")


def prepare_notifications(
    settings: Settings,
    say: Say,
    *,
    clock: Callable[[], datetime] = utc_now,
    deliver: "Deliver | None" = None,
) -> PendingNotifications:
    """Read the templates, before YouTube is asked.

    Raises:
        SettingsError: One can't be read, or fails.
    """
    if not any(target.template for target in settings.notify):
        return PendingNotifications(settings, say, clock=clock, deliver=deliver)
    from linkwatch.notifications.user_templates import read_templates  # noqa: PLC0415

    return PendingNotifications(
        settings, say, read_templates(settings.notify, Path(settings.origin or "").parent), clock, deliver
    )


def send_pending(
    settings: Settings,
    database: "Database",
    say: Say,
    *,
    clock: Callable[[], datetime] = utc_now,
    deliver: "Deliver | None" = None,
) -> list["Attempt"]:
    """Send what is due; what is for a recipient whose environment variable is not set stays queued."""
    from linkwatch.notifications.apprise_transport import apprise_delivery  # noqa: PLC0415
    from linkwatch.notifications.send import send_due  # noqa: PLC0415
    from linkwatch.services.dependencies import exchange_limits  # noqa: PLC0415

    targets = list(_reachable(settings.notify, say))
    by_apprise = apprise_delivery(os.environ, allow_private=settings.allow_private, limits=exchange_limits(settings))
    return send_due(database, targets, deliver or by_apprise, clock=clock)


def send_queued(settings: Settings, say: Say, *, retry: bool) -> list["Attempt"]:
    """Send what is due from the database of the settings.

    Args:
        settings: The recipients, and the database.
        say: Takes a remark.
        retry: Do not wait for the next try, and also send what was given up.

    Raises:
        UsageError: The settings name no recipient.
        StoreError: The database can't be used.
    """
    from linkwatch.store.outbox import retry_unsent  # noqa: PLC0415
    from linkwatch.store.schema import open_database  # noqa: PLC0415

    _require_recipients(settings)
    with open_database(settings.database_url) as database:
        if retry:
            with database.write() as connection:
                retry_unsent(connection, utc_now())
        return send_pending(settings, database, say)


def send_test_messages(settings: Settings) -> Iterator[tuple[str, str | None]]:
    """Send a test message to each recipient.

    Yields:
        The recipient's name, and why the message was not sent; None when it was.

    Raises:
        UsageError: The settings name no recipient.
    """
    from linkwatch.notifications.apprise_transport import apprise_delivery  # noqa: PLC0415
    from linkwatch.notifications.urls import NotSentError  # noqa: PLC0415
    from linkwatch.services.dependencies import exchange_limits  # noqa: PLC0415
    from linkwatch.store.outbox import Message, Tone  # noqa: PLC0415

    _require_recipients(settings)
    deliver = apprise_delivery(os.environ, allow_private=settings.allow_private, limits=exchange_limits(settings))
    for target in settings.notify:
        body = f"This is a test. Notifications about your lists will be sent here, to {target.name}."
        try:
            deliver(target, Message("test", target.name, Tone.INFO, "linkwatch: a test message", body))
        except NotSentError as error:
            yield target.name, error.why
        else:
            yield target.name, None


def _require_recipients(settings: Settings) -> None:
    if not settings.notify:
        raise UsageError(
            "the settings name no recipient of notifications",
            remedy="Add a [[notify]] table to linkwatch.toml: “linkwatch help notifications”.",
        )


def _reachable(targets: Iterable[Notify], say: Say) -> Iterator[Notify]:
    from linkwatch.notifications.urls import unusable_variable  # noqa: PLC0415

    for target in targets:
        if reason := unusable_variable(target.url, os.environ):
            say(f"notify: {target.name}: {reason} ({target.place}); its messages stay queued")
        else:
            yield target


def describe_failure(attempt: "Attempt") -> str:
    """Why a message was not sent, and what becomes of it."""
    then = "it was given up: see “linkwatch doctor”" if attempt.given_up else "it stays queued: linkwatch notify send"
    return f"{attempt.target}: not sent: {attempt.failure}; {then}"


def _ping(url: str, settings: Settings, say: Say) -> None:
    from linkwatch.notifications.heartbeat import ping  # noqa: PLC0415
    from linkwatch.notifications.urls import NotSentError  # noqa: PLC0415
    from linkwatch.services.dependencies import exchange_limits  # noqa: PLC0415

    try:
        ping(url, os.environ, allow_private=settings.allow_private, limits=exchange_limits(settings))
    except NotSentError as error:
        say(f"ping_url: {error.why}")
