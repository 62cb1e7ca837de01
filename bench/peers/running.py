"""Runs one tool on one list against one simulated YouTube: its verdicts and its cost."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from urllib.parse import urlsplit

from bench.peers.cases import Case, as_html, as_markdown
from bench.peers.certificate import Certificate
from bench.peers.front import Front
from bench.peers.reading import Verdicts
from bench.peers.tools import HTML, LINKCHECKER_SETTINGS, MARKDOWN, Tool
from linkwatch.simulator.entities import Entity
from linkwatch.simulator.faults import FaultPeriod
from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube

LATENCY = 0.06
"""Seconds before each response."""

PATIENCE = 900
"""Seconds after which a tool is stopped."""


@dataclass(frozen=True, slots=True)
class Ran:
    """The result of one run."""

    seconds: float
    cpu: float
    """User and system seconds of the tool's processes."""

    requests: int
    """As the simulated YouTube counted them."""

    verdicts: Verdicts


@dataclass(frozen=True, slots=True)
class Stage:
    """The links, the simulated world, and its faults."""

    links: Sequence[Case]
    entities: Sequence[Entity]
    faults: Iterable[FaultPeriod] = ()


def run(tool: Tool, stage: Stage, certificate: Certificate) -> Ran:
    """Run a tool to its end.

    Raises:
        SystemExit: Its output is not a report, or it took longer than `PATIENCE`.
    """
    youtube = SimulatedYouTube(World(stage.entities, faults=stage.faults), lambda: datetime.now(UTC))
    folder = _folder(stage.links, certificate)
    try:
        with (
            YouTubeServer(youtube, latency=LATENCY, tls=certificate.server) as server,
            Front(urlsplit(server.url).port or 0) as front,
        ):
            seconds, cpu = _timed(tool, folder, _environment(front.url, certificate.authority))
        printed = (folder / "stdout").read_text("utf-8")
        return Ran(seconds, cpu, len(youtube.log), _read(tool, printed, stage.links))
    finally:
        shutil.rmtree(folder)


def _folder(links: Sequence[Case], certificate: Certificate) -> Path:
    folder = Path(tempfile.mkdtemp(dir=certificate.authority.parent))
    folder.chmod(0o755)  # linkchecker, started by root, changes to nobody
    (folder / MARKDOWN).write_text(as_markdown(links), "utf-8")
    (folder / HTML).write_text(as_html(links), "utf-8")
    (folder / LINKCHECKER_SETTINGS).write_text(f"[checking]\nsslverify={certificate.authority}\n", "utf-8")
    return folder


def _environment(proxy: str, authority: Path) -> dict[str, str]:
    """The same for every tool: the proxy, and the trusted authority."""
    trust = dict.fromkeys(("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"), str(authority))
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "https_proxy": proxy, **trust}


def _timed(tool: Tool, folder: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds by the clock and of CPU."""
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        began = time.monotonic()
        child = subprocess.Popen(  # noqa: S603  # a command of bench/peers/tools.py
            tool.command,
            stdout=out,
            stderr=err,
            cwd=folder,
            env={**environment, "HOME": str(folder), **tool.environment},
        )
        impatient = Timer(PATIENCE, child.kill)
        impatient.start()
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        impatient.cancel()
    if child.returncode < 0:
        raise SystemExit(f"{tool.name} was stopped by signal {-child.returncode} after {seconds:.0f} seconds")
    return seconds, used.ru_utime + used.ru_stime


def _read(tool: Tool, printed: str, links: Sequence[Case]) -> Verdicts:
    try:
        return tool.read(printed, [case.url for case in links])
    except (ValueError, LookupError) as error:
        raise SystemExit(f"{tool.name} printed no report ({error}): {printed[:500]}") from None
