"""The news of a run → the outbox, in one transaction, once for each target that has any."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from linkwatch.errors import SettingsError
from linkwatch.models.records import Run
from linkwatch.notifications.digest import Digest, build_digest
from linkwatch.notifications.selection import NotificationHistory, covers, select_for
from linkwatch.notifications.templates import render_template
from linkwatch.notifications.text import render_text
from linkwatch.report.model import Finding, Report
from linkwatch.settings import Notify
from linkwatch.store.database import Database
from linkwatch.store.outbox import Message, enqueue, incomplete_since, last_notified, last_reminder_time, mark_notified

if TYPE_CHECKING:
    from jinja2 import Template

REMINDER_TOLERANCE = 20
"""A reminder may come a twentieth of its pace too soon: nobody checks on the second."""


def queue_notifications(
    report: Report,
    files: Iterable[str],
    targets: Sequence[Notify],
    templates: Mapping[str, "Template"],
    *,
    database: Database,
    now: datetime,
) -> list[str]:
    """Put what is new in a run into the outbox, once, however often it is called.

    Args:
        report: Of the run, whole, with what is accepted.
        files: The lists that the run read.
        targets: Those of the settings.
        templates: Their templates, by target.
        database: Where the outbox is.
        now: The present time.

    Returns:
        What went wrong with templates, in words: their messages have linkwatch's own.
    """
    run, lists = report.run, sorted(set(files))
    if run is None:
        return []
    remarks: list[str] = []
    with database.write() as connection:
        told, since = last_notified(connection, run.id), incomplete_since(connection, run.id)
        if not mark_notified(connection, run.id, now):
            return []
        before = (
            NotificationHistory()
            if told is None
            else NotificationHistory(told.started_at, incomplete=not told.complete)
        )
        messages = []
        for target in targets:
            reminded = last_reminder_time(connection, run.id, target.name)
            digest = _digest(target, report, run, lists, replace(before, incomplete_since=since), reminded, now)
            if digest is not None:
                body = _body(digest, templates.get(target.name), remarks)
                messages.append(Message(digest.id, target.name, digest.tone, digest.title, body, digest.tells_all))
        enqueue(connection, run.id, messages, now)
    return remarks


def _digest(
    target: Notify,
    report: Report,
    run: Run,
    lists: Sequence[str],
    before: NotificationHistory,
    reminded: datetime | None,
    now: datetime,
) -> Digest | None:
    """What a target is told; None when there is nothing."""
    news = select_for(target, report, before)
    reminds = _is_time_to_remind(target, news.still, reminded, now)
    if not covers(target, lists) or not (news or reminds):
        return None
    id_ = _id(target, run, lists)
    since = before.incomplete_since
    return build_digest(news, report, target, id_=id_, lists=lists, incomplete_since=since, reminds=reminds)


def _is_time_to_remind(target: Notify, still: Sequence[Finding], reminded: datetime | None, now: datetime) -> bool:
    if target.remind is None or not still:
        return False
    oldest = min((finding.since for finding in still if finding.since is not None), default=now)
    return now - max(oldest, reminded or oldest) >= target.remind - target.remind / REMINDER_TOLERANCE


def _id(target: Notify, run: Run, lists: Sequence[str]) -> str:
    what = "\n".join([target.name, str(run.id), run.started_at.isoformat(), *lists])
    return blake2b(what.encode("utf-8", "backslashreplace"), digest_size=6).hexdigest()


def _body(digest: Digest, template: "Template | None", remarks: list[str]) -> str:
    if template is not None:
        try:
            return render_template(template, digest)
        except SettingsError as error:  # it was tried before; what it can't say is said without it
            remarks.append(error.message)
    return render_text(digest)
