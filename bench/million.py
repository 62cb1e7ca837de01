"""A million resources in the daemon and on its first page: `python -m bench.million [--resources N]`.

The database is filled without a check: all were answered just now, one in a thousand is unavailable. Then a process of
its own decides what is due, makes the report and the summary that a check stores, and serves the first page and the
metrics from it, as after a restart. Prints wall seconds, and the peak memory of that process so far.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench.pages import FakeDaemon
from bench.serving import ROOT, write_list
from linkwatch.models.observation import Answer, Facts, Reason, ResourceRecord, State
from linkwatch.services.dashboard import data_revision
from linkwatch.services.lists import ReadLists, read_named_lists
from linkwatch.services.report import report_of_lists
from linkwatch.services.schedules import due_resources
from linkwatch.services.summaries import store_summary, summary_version
from linkwatch.settings import Settings
from linkwatch.store.columns import RESOURCE_NAMES, encode_record
from linkwatch.store.database import insert_many
from linkwatch.store.lists import save_lists
from linkwatch.store.runs import finish_run, insert_run, run_scope
from linkwatch.store.schema import open_database
from linkwatch.store.tables import resources
from linkwatch.web.server import Dashboard


def settings_in(folder: Path) -> Settings:
    """The settings of both processes."""
    return Settings(
        api_key="bench", database_url=f"sqlite:///{folder}/million.db", acks_file=str(folder / "acknowledgements.toml")
    )


def lists_in(folder: Path) -> ReadLists:
    """The list, read."""
    return read_named_lists([str(folder / "many.csv")], settings_in(folder), allow_empty=False)


def fill(folder: Path, number: int) -> None:
    """Write the list, and a database as a check would leave it."""
    write_list(folder / "many.csv", number)
    read, now = lists_in(folder), datetime.now(UTC).replace(microsecond=0)

    def rows() -> Iterator[Sequence[Any]]:
        for at, each in enumerate(read.catalogue.links_of):
            missing = at % 1000 == 7
            state, answer = (State.UNAVAILABLE, Answer.ABSENT) if missing else (State.AVAILABLE, Answer.PRESENT)
            facts = Facts(f"Lecture course {each.id[-6:]}", f"UC{at % 5000:022d}", f"Channel {each.id[-4:]}", 12, ())
            reason, oembed = (Reason.NOT_FOUND, Answer.ABSENT) if missing else (None, None)
            record = ResourceRecord(state, now, now, reason, now, now, api=answer, oembed=oembed, facts=facts)
            yield (each.kind, each.id, *encode_record(record))

    with open_database(settings_in(folder).database_url) as database, database.write() as connection:
        run_id = insert_run(connection, scope=run_scope(read.files), source="data-api", now=now)
        insert_many(connection, resources, ("kind", "youtube_id", *RESOURCE_NAMES), rows())
        save_lists(connection, read.files, read.catalogue.links, now)
        finish_run(connection, run_id, now=now, units=0, incomplete_reason=None, held=False, note=None)


def measured(name: str, work: Callable[[], Any]) -> Any:
    """Do something and print what it took."""
    began = time.perf_counter()
    result = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(f"{name:<36} {time.perf_counter() - began:>8.3f} s, {peak:>4.0f} MB so far", flush=True)  # noqa: T201  # a bench prints
    return result


def serve(folder: Path) -> None:
    """What a daemon does, in a process of its own."""
    settings, now = settings_in(folder), datetime.now(UTC)
    read: ReadLists = replace(measured("the list is read", lambda: lists_in(folder)), version="bench")
    with open_database(settings.database_url) as database:
        for what, since in (("nothing", now - timedelta(days=1)), ("everything", now)):
            measured(
                f"{what} is due",
                lambda since=since: due_resources(  # type: ignore[misc]
                    read, settings, database=database, now=now, interval_start=since, auto=False
                ),
            )
        began = time.perf_counter()
        report = measured(
            "a report",
            lambda: report_of_lists(read.catalogue, read.files, database=database, settings=settings, now=now),
        )
        took = time.perf_counter() - began
        daemon = FakeDaemon(database, settings, read, now)
        version = summary_version("bench", settings, data_revision(database), None)
        key = daemon.schedules()[0].schedule.key
        measured("its summary, stored", lambda: store_summary(database, key, version, report, took))
        with Dashboard(daemon, "127.0.0.1:0", None, lambda: now) as dashboard:
            for path in ("/", "/", "/metrics", "/metrics"):
                measured(f"GET {path}", lambda path=path: fetch(dashboard.url.rstrip("/") + path))  # type: ignore[misc]


def fetch(url: str) -> None:
    """Get a page."""
    with urlopen(url, timeout=600) as response:  # noqa: S310  # our own address
        response.read()


def main() -> None:
    """Fill a database, and measure in another process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resources", type=int, default=1_000_000)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve is not None:
        serve(arguments.serve)
        return
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), arguments.resources)
        subprocess.run([sys.executable, "-m", "bench.million", "--serve", folder], cwd=ROOT, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
