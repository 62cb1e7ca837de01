"""Who is to be told of what is new, and what could not be told."""

import os
from collections.abc import Iterator

from linkwatch.cli.doctor.result import DoctorResult
from linkwatch.cli.exit_codes import ExitCode
from linkwatch.notifications.urls import unset_variable
from linkwatch.settings import Settings
from linkwatch.store.database import Database
from linkwatch.store.outbox import delivery_statuses
from linkwatch.text import counted


def examine_messages(settings: Settings, database: Database) -> Iterator[DoctorResult]:
    """Who is to be told and can't be, and what was not sent; nothing when nobody is to be told."""
    with database.read() as connection:
        unsent = delivery_statuses(connection)
    for target in settings.notify:
        if unset := unset_variable(target.url, os.environ):
            remedy = f"Set it, or take the table out: {target.place}"
            yield DoctorResult("notify", False, f"{target.name}: ${unset} is not set", remedy, ExitCode.INCOMPLETE)
    dead = [f"{each.target}: {counted(each.dead, 'message')}, {each.failure}" for each in unsent if each.dead]
    waiting = sum(each.waiting for each in unsent)
    if dead:
        remedy = "Mend what “linkwatch notify test” names, then: linkwatch notify send --retry"
        yield DoctorResult("notify", False, f"given up: {'; '.join(dead)}", remedy, ExitCode.INCOMPLETE)
    if settings.notify or waiting:
        to = f"{counted(len(settings.notify), 'target')}"
        waits = f"{counted(waiting, 'message')} to be sent: linkwatch notify send" if waiting else "nothing waits"
        yield DoctorResult("notify", True, f"{to}, {waits}")
