"""Queues the notifications of a run: a message for each recipient into the outbox, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from linkwatch.errors import SettingsError
from linkwatch.models.records import Run
from linkwatch.notifications.digest import Digest, build_digest
from linkwatch.notifications.selection import NotificationHistory, covers, select_for
from linkwatch.notifications.text import render_text
from linkwatch.notifications.user_templates import render_template
from linkwatch.report.model import Finding, Report
from linkwatch.settings import Notify
from linkwatch.store.database import Database
from linkwatch.store.outbox import Message, enqueue, incomplete_since, last_notified, last_reminder_time, mark_notified

if TYPE_CHECKING:
    from jinja2 import Template

REMINDER_TOLERANCE = 20
"""A reminder may come early by this part of its interval, since checks don't run at exact times."""


def queue_notifications(
    report: Report,
    files: Iterable[str],
    targets: Sequence[Notify],
    templates: Mapping[str, "Template"],
    *,
    database: Database,
    now: datetime,
    base_url: str | None = None,
) -> list[str]:
    """Put the notifications of a run into the outbox; further calls for the same run do nothing.

    Args:
        report: The whole report of the run, with acknowledgements.
        files: The lists that the run checked.
        targets: The recipients of the settings.
        templates: Templates by name of the recipient.
        database: Opened.
        now: The present time.
        base_url: Of the dashboard.

    Returns:
        A remark for each template that failed; the message has the built-in text instead.
    """
    run, lists = report.run, sorted(set(files))
    if run is None:
        return []
    remarks: list[str] = []
    with database.write() as connection:
        last, since = last_notified(connection, run.id), incomplete_since(connection, run.id)
        if not mark_notified(connection, run.id, now):
            return []
        history = NotificationHistory(
            last_run=None if last is None else last.started_at,
            last_incomplete=last is not None and not last.complete,
            incomplete_since=since,
        )
        messages = []
        for target in targets:
            reminded = last_reminder_time(connection, run.id, target.name, now)
            digest = _digest(target, report, run, lists, history, reminded, now, base_url)
            if digest is not None:
                body = _body(digest, templates.get(target.name), remarks)
                document = msgspec.json.encode(digest).decode()
                messages.append(
                    Message(digest.id, target.name, digest.tone, digest.title, body, digest.tells_all, document)
                )
        enqueue(connection, run.id, messages, now)
    return remarks


def _digest(
    target: Notify,
    report: Report,
    run: Run,
    lists: Sequence[str],
    history: NotificationHistory,
    reminded: datetime | None,
    now: datetime,
    base_url: str | None,
) -> Digest | None:
    """The digest for a recipient; None when there is nothing to send."""
    selection = select_for(target, report, history)
    reminds = _is_time_to_remind(target, selection.still_broken, reminded, now)
    if not covers(target, lists) or not (selection or reminds):
        return None
    id_ = _id(target, run, lists)
    return build_digest(
        selection,
        report,
        target,
        id_=id_,
        lists=lists,
        incomplete_since=history.incomplete_since,
        reminds=reminds,
        base_url=base_url,
    )


def _is_time_to_remind(
    target: Notify, still_broken: Sequence[Finding], reminded: datetime | None, now: datetime
) -> bool:
    if target.remind is None or not still_broken:
        return False
    oldest = min((finding.appeared_at for finding in still_broken if finding.appeared_at is not None), default=now)
    return now - max(oldest, reminded or oldest) >= target.remind - target.remind / REMINDER_TOLERANCE


def _id(target: Notify, run: Run, lists: Sequence[str]) -> str:
    key = "\n".join([target.name, str(run.id), run.started_at.isoformat(), *lists])
    return blake2b(key.encode("utf-8", "backslashreplace"), digest_size=6).hexdigest()


def _body(digest: Digest, template: "Template | None", remarks: list[str]) -> str:
    if template is not None:
        try:
            return render_template(template, digest)
        except SettingsError as error:  # it was tried with an example, but fails for this digest
            remarks.append(error.message)
    return render_text(digest)
