"""How costs grow with the list: `python -m bench.scale`; the tables of docs/scale.md.

For each size and database: a first and a second check, a report as text and as JSON, and a daemon with its first check
and the first pages of its dashboard; each in a process of its own, against the Data API of bench/loopback.py, without
inspections of playlists. On SQLite, and with a server of `tests/with_postgres.py` on PostgreSQL too:

    python tests/with_postgres.py python -m bench.scale --sizes 10000,100000,1000000

The CPU is that of the linkwatch process, without the PostgreSQL server. The last column is the exponent of a fit: the
slope of a straight line through the logarithms of size and figure, so 1 doubles when the list doubles.
"""

import argparse
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import linear_regression, median
from urllib.request import urlopen

from sqlalchemy import NullPool, create_engine, make_url, select, text

from bench.processes import CHECKED, cost, daemon_on
from bench.serving import LINKWATCH, loopback, settings_of, write_list
from linkwatch.store.tables import runs

SERVER = os.environ.get("LINKWATCH_TEST_POSTGRES", "")
Figures = dict[str, float]
"""The measurements of one size, by name."""


def measured(resources: int, folder: Path, database_of: Callable[[str], str]) -> Figures:
    """All figures of one size."""
    listed = write_list(folder / "many.csv", resources)
    figures: Figures = {}
    with loopback() as api:
        settings = settings_of(api, database_of("check"))
        check, report = ([LINKWATCH, command, "--quiet", str(listed)] for command in ("check", "report"))
        for name, command in (
            ("first check", check),
            ("second check", check),
            ("report", report),
            ("report as JSON", [*report, "--format", "json", "--output", str(folder / "report.json")]),
        ):
            used = cost(command, settings)
            figures |= {
                f"{name}, CPU s": used.cpu,
                f"{name}, wall s": used.wall,
                f"{name}, peak MB": used.memory,
            }
        figures["JSON report, MB"] = (folder / "report.json").stat().st_size / 1e6
        figures |= database_figures(settings["LINKWATCH_DATABASE_URL"])
        figures |= daemon_figures(listed, settings_of(api, database_of("daemon")))
    return figures


def database_figures(database: str) -> Figures:
    """The size of the database, and the units of its last check."""
    engine = create_engine(database, poolclass=NullPool)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        else:
            size = Path(str(engine.url.database)).stat().st_size
        units = connection.execute(select(runs.c.quota_units).order_by(runs.c.id.desc()).limit(1)).scalar_one()
    return {"database, MB": size / 1e6, "units a check": units}


def daemon_figures(listed: Path, settings: Mapping[str, str]) -> Figures:
    """A daemon's first check, and pages of its dashboard after it."""
    with daemon_on(listed, settings) as daemon:
        url = daemon.wait_for("dashboard: ").split()[-1]
        daemon.wait_for(CHECKED)
        first, *again = [seconds_for(url) for _ in range(6)]
        return {
            "dashboard, first page, wall s": first,
            "dashboard, next pages, wall s": median(again),
            "daemon, peak MB": daemon.memory("VmHWM"),
        }


def seconds_for(url: str) -> float:
    """How long fetching a page takes."""
    began = time.perf_counter()
    with urlopen(url, timeout=600) as response:  # noqa: S310  # the daemon's own address
        response.read()
    return time.perf_counter() - began


def exponent(sizes: Sequence[int], values: Sequence[float]) -> float:
    """The slope of the fit."""
    return linear_regression([math.log(size) for size in sizes], [math.log(value) for value in values]).slope


def table(title: str, by_size: Mapping[int, Figures]) -> Iterator[str]:
    """The lines of a Markdown table."""
    sizes = list(by_size)
    yield f"| {title} | {' | '.join(f'{size:,}' for size in sizes)} | exponent |"
    yield "|---" * (len(sizes) + 2) + "|"
    for name in by_size[sizes[0]]:
        values = [by_size[size][name] for size in sizes]
        grows = f"{exponent(sizes, values):.2f}" if len(sizes) > 1 else ""
        yield f"| {name} | {' | '.join(map(_shown, values))} | {grows} |"


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def on_sqlite(folder: Path) -> Callable[[str], str]:
    """Database URLs by name, in a folder."""
    return lambda name: f"sqlite:///{folder}/{name}.db"


def on_postgresql(size: int) -> Callable[[str], str]:
    """Database URLs by name, of empty databases on the server."""

    def made(name: str) -> str:
        with create_engine(SERVER, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}_{size}"))
        return make_url(SERVER).set(database=f"{name}_{size}").render_as_string(hide_password=False)

    return made


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000", help="resources, with commas [default: %(default)s]")
    parser.add_argument("--databases", default="SQLite,PostgreSQL" if SERVER else "SQLite")
    arguments = parser.parse_args()
    for title in arguments.databases.split(","):
        by_size: dict[int, Figures] = {}
        for size in map(int, arguments.sizes.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                database_of = on_sqlite(Path(folder)) if title == "SQLite" else on_postgresql(size)
                by_size[size] = measured(size, Path(folder), database_of)
        print("\n".join(table(title, by_size)), end="\n\n", flush=True)  # noqa: T201  # a bench prints


if __name__ == "__main__":
    main()
