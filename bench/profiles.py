"""`make profiles`: where the time of the hot paths goes, as flame graphs in docs/profiles/.

py-spy samples whole processes from outside: the wider a bar, the more of the CPU was spent in that function and in what
it calls. The Data API is bench/loopback.py.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from os import environ
from pathlib import Path

from bench.serving import LINKWATCH, ROOT, loopback, settings_of, write_list

FOLDER = ROOT / "docs" / "profiles"


def profile(name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run a command to its end, and write its flame graph."""
    output = FOLDER / f"{name}.svg"
    pyspy = [
        str(Path(sys.executable).with_name("py-spy")),
        "record",
        "--gil",
        "--rate",
        "200",
        "--format",
        "flamegraph",
    ]
    ran = subprocess.run(  # noqa: S603  # our own commands
        [*pyspy, "--output", str(output), "--", *command],
        env={**environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if not output.exists():
        raise SystemExit(f"{name}: {ran.stderr}")
    text = output.read_text("utf-8")
    for place in (f"{sys.prefix}/", f"{ROOT}/", f"{tempfile.gettempdir()}/"):  # without paths of this machine
        text = text.replace(place, "")
    output.write_text(text, "utf-8")
    print(f"{output.relative_to(ROOT)}: {output.stat().st_size // 1000:,} kB", flush=True)  # noqa: T201  # a bench prints


def main() -> None:
    """Profile each hot path."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resources", type=int, default=100_000)
    parser.add_argument("--playlists", type=int, default=2000)
    arguments = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, loopback() as url:
        listed = write_list(Path(folder) / "many.csv", arguments.resources)
        settings = settings_of(url, f"sqlite:///{folder}/profiled.db")
        for name, command in (("first-check", "check"), ("second-check", "check"), ("report", "report")):
            profile(name, [LINKWATCH, command, "--quiet", str(listed)], settings)
    inspected = [sys.executable, "-m", "bench.inside", "--playlists", str(arguments.playlists), "--first"]
    profile("inspections", inspected, {})


if __name__ == "__main__":
    main()
