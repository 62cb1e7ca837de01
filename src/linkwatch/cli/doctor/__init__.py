"""What `linkwatch doctor` looks at, in the order in which one thing needs another."""

from collections.abc import Iterator
from pathlib import Path

from linkwatch.cli.doctor.database import examine_storage
from linkwatch.cli.doctor.network import examine_network
from linkwatch.cli.doctor.notifications import examine_messages
from linkwatch.cli.doctor.result import DoctorResult, problem
from linkwatch.cli.doctor.schedules import examine_schedules
from linkwatch.clock import utc_now
from linkwatch.errors import LinkwatchError
from linkwatch.settings import DEFAULT_LIST, Settings, load_settings
from linkwatch.sources import list_files
from linkwatch.store.database import Database
from linkwatch.store.schema import open_database
from linkwatch.youtube.http import ClientFactory, new_client


def examine(
    config: str | None, database: str | None, *, client_factory: ClientFactory = new_client
) -> Iterator[DoctorResult]:
    """Examine the settings, the lists, the database, and, over the network, the witnesses and the clock."""
    try:
        settings = load_settings(config=config, database=database)
    except LinkwatchError as error:
        yield problem("settings", error)
        return
    yield DoctorResult(
        "settings",
        True,
        f"read from {settings.origin}" if settings.origin else "no settings file: defaults and environment",
    )
    yield _lists(settings)
    opened: Database | None = None
    try:
        opened = open_database(settings.database_url)
        yield from examine_storage(settings, opened)
        yield from examine_messages(settings, opened)
        yield from examine_schedules(opened, utc_now())
    except LinkwatchError as error:
        yield problem("database", error)
    yield from examine_network(settings, opened, client_factory)
    if opened is not None:
        opened.close()


def _lists(settings: Settings) -> DoctorResult:
    named = settings.lists or ((DEFAULT_LIST,) if Path(DEFAULT_LIST).is_file() else ())
    if not named:
        return DoctorResult(
            "lists", True, f"none by default: there is no {DEFAULT_LIST} here; name one on the command line"
        )
    try:
        files = list_files(named)
    except LinkwatchError as error:
        return problem("lists", error)
    return DoctorResult("lists", True, ", ".join(file.name for file in files[:5]) + (" …" if len(files) > 5 else ""))
