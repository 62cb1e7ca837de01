"""Start fast: what a command does not need, it does not load. Each is asked in an interpreter of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

NETWORK = {"httpx", "httpcore", "googleapiclient", "google", "httplib2"}
HEAVY = NETWORK | {"sqlalchemy", "alembic"}
OF_THE_DAEMON = {"starlette", "uvicorn", "prometheus_client", "multipart", "apscheduler"}

_PROGRAM = """
import json, sys
from linkwatch.cli import main
try:
    main(sys.argv[2:])
except SystemExit as exit_:
    with open(sys.argv[1], "w") as file:
        json.dump({"code": exit_.code, "modules": sorted(sys.modules)}, file)
"""


def run(folder: Path, *arguments: str) -> tuple[int, set[str]]:
    """The exit code of a command, and the packages that were loaded when it had ended."""
    code, modules = run_for_modules(folder, *arguments)
    return code, {name.split(".")[0] for name in modules}


def run_for_modules(folder: Path, *arguments: str) -> tuple[int, set[str]]:
    """The exit code of a command, and the modules that were loaded when it had ended."""
    output = folder / "output.json"
    subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(output), *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=60,
    )
    answer = json.loads(output.read_text())
    return int(answer["code"] or 0), set(answer["modules"])


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A folder with a small list."""
    (tmp_path / "list.csv").write_text("url,label\nhttps://www.youtube.com/watch?v=haHLRD0QZ08,Optimization\n")
    return tmp_path


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["check", "--help"], ["report", "--help"]])
def test_help_and_version_load_no_database_and_no_network(arguments: list[str], tmp_path: Path) -> None:
    code, loaded = run(tmp_path, *arguments)
    assert code == 0
    assert loaded & (HEAVY | OF_THE_DAEMON) == set()


def test_extract_needs_neither_a_database_nor_a_network(listed: Path) -> None:
    code, loaded = run(listed, "extract", "list.csv")
    assert code == 0
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("is_there", [True, False], ids=["a database", "no database"])
def test_a_report_loads_no_network_code_and_no_alembic(is_there: bool, listed: Path) -> None:
    if is_there:
        assert run(listed, "db", "upgrade")[0] == 0
    code, loaded = run(listed, "report", "list.csv")
    assert code == 0
    assert "sqlalchemy" in loaded
    assert loaded & (NETWORK | OF_THE_DAEMON | {"alembic"}) == set()


@pytest.mark.parametrize("arguments", [["report", "--lists-only"], ["extract"]])
def test_without_plugins_no_installed_distribution_is_looked_up(arguments: list[str], listed: Path) -> None:
    code, loaded = run_for_modules(listed, *arguments, "list.csv")
    assert code == 0
    assert "linkwatch.plugins" in loaded
    assert loaded & {"importlib.metadata", "linkwatch.plugin_api"} == set()
