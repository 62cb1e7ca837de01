"""One way through the harness: the imports of every module, read from its source, hold the order of the stages.

models < settings < urls < sources < catalogue < fix < planner < youtube < verdict < acknowledgements < store, report
< notifications < services < the shells
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import linkwatch

ROOT = Path(linkwatch.__file__).parent

STAGES = (
    "urls", "sources", "catalogue", "fix", "planner", "youtube", "verdict", "acknowledgements", "store", "report",
    "notifications", "services",
)  # fmt: skip
PURE = ("models", "urls", "catalogue", "fix", "planner", "verdict", "report", "text")
SHELLS = {
    "api",
    "clock",
    "cli",
    "daemon",
    "github_action",
    "gitlab",
    "mkdocs",
    "plugin_api",
    "simulator",
    "site_warnings",
    "sphinx",
    "testing",
    "web",
    "workers",
    "__main__",
    "",
}
"""What runs the services; the empty name is the package itself, with the names of the API."""

FOR_ALL = {"errors", "files", "masking", "models", "plugins", "spool", "text", "version"}
"""What every stage may import; files, which are written, those only that are not pure."""

SIBLINGS = {"report": {"store"}}
"""To their left, and yet not to be imported: a report is made from models, wherever they come from."""

USE_SETTINGS = {"settings", "acknowledgements", "report", "notifications", "services"} | SHELLS

NETWORK = {
    "httpx",
    "httplib2",
    "googleapiclient",
    "google",
    "socket",
    "ssl",
    "urllib.request",
    "http.client",
    "requests",
}
"""A name with a dot stands for that submodule alone."""

OPEN_SOCKETS = {
    "api", "testing", "exchange", "youtube", "notifications", "simulator", "cli", "github_action", "daemon", "workers",
    "web",
}  # fmt: skip

CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "time_ns", "monotonic_ns"}
OPENERS = {
    "open",
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "exists",
    "is_file",
    "is_dir",
    "iterdir",
    "glob",
}
WORLDLY = {
    "sqlalchemy", "alembic", "sqlite3",
    "time", "random", "secrets", "uuid",
    "os", "sys", "io", "shutil", "tempfile", "subprocess", "logging", "threading", "asyncio", "importlib.resources",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the product, and what it imports."""

    name: str
    """`linkwatch.report.build`."""

    tree: ast.Module
    imports: tuple[tuple[str, str], ...]
    """Module and name; the name is empty for `import module`."""

    @property
    def part(self) -> str:
        """The stage or shell it belongs to."""
        return part_of(self.name)


def part_of(name: str) -> str:
    return f"{name}.".split(".")[1]


def imports_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """All of them, those inside functions and under TYPE_CHECKING too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a name comes from"
            yield from ((str(node.module), alias.name) for alias in node.names)


@cache
def modules() -> dict[str, Module]:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found[name] = Module(name, tree, tuple(imports_in(tree)))
    return found


@cache
def own_imports(module: Module) -> set[str]:
    """The modules of ours that it imports, by their whole names."""
    found = set()
    for source, name in module.imports:
        if part_of(source) or source == "linkwatch":
            found.add(f"{source}.{name}" if f"{source}.{name}" in modules() else source)
    return {name for name in found if name.split(".")[0] == "linkwatch"}


@cache
def foreign_imports(module: Module) -> set[str]:
    """What it imports from elsewhere: `httpx`, and for `from urllib import request` also `urllib.request`."""
    whole = {f"{source}.{name}".rstrip(".") for source, name in module.imports if not source.startswith("linkwatch")}
    return {".".join(name.split(".")[:length]) for name in whole for length in range(1, name.count(".") + 2)}


def breaches(parts: set[str], forbidden: set[str]) -> list[str]:
    """Who of these parts imports what of this from elsewhere."""
    return [
        f"{module.name} imports {name}"
        for module in modules().values()
        if module.part in parts
        for name in sorted(foreign_imports(module) & forbidden)
    ]


@cache
def parts() -> set[str]:
    return {module.part for module in modules().values()}


def test_the_modules_are_found() -> None:
    assert {"linkwatch", "linkwatch.services.check", "linkwatch.verdict.judge", "linkwatch.cli.commands.check"} <= set(
        modules()
    )
    assert own_imports(modules()["linkwatch.verdict.brake"]) >= {
        "linkwatch.verdict.judge",
        "linkwatch.models.observation",
    }
    assert "httpx" in foreign_imports(modules()["linkwatch.exchange"])


TOOLS = {"errors", "exchange", "files", "masking", "models", "plugins", "settings", "spool", "text", "version"}


def test_every_module_has_a_place_in_the_order() -> None:
    """A new folder beside the stages is a decision: it gets its place here."""
    assert parts() - set(STAGES) - SHELLS == TOOLS


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_from_its_left_only(stage: str) -> None:
    allowed = {*STAGES[: STAGES.index(stage) + 1], *FOR_ALL} - SIBLINGS.get(stage, set())
    allowed -= {"files"} if stage in PURE else set()
    allowed |= {"settings"} if stage in USE_SETTINGS else set()
    allowed |= {"exchange"} if stage in {"youtube", "notifications", "services"} else set()
    allowed |= {"clock"} if stage == "services" else set()
    assert parts_imported_by(stage) <= allowed


@pytest.mark.parametrize(
    ("part", "allowed"),
    [
        ("errors", set()),
        ("exchange", {"errors", "text", "version"}),
        ("files", set()),
        ("masking", set()),
        ("models", {"errors", "text"}),
        ("plugins", {"errors"}),
        ("settings", {"errors", "masking", "models", "plugins", "text"}),
        ("spool", {"errors"}),
        ("text", {"models"}),
        ("version", set()),
        ("", {"api", "version"}),
    ],
)
def test_what_everybody_imports_stands_on_little(part: str, allowed: set[str]) -> None:
    assert parts_imported_by(part) - {part} <= allowed


def parts_imported_by(part: str) -> set[str]:
    own = [own_imports(module) for module in modules().values() if module.part == part]
    return {part_of(name) for name in set().union(*own)}


def users_of(part: str) -> set[str]:
    return {module.part for module in modules().values() if part in {part_of(name) for name in own_imports(module)}}


def test_only_the_services_and_the_shells_know_the_client_of_youtube() -> None:
    """Above all not the verdict, which stands to its right, nor what reports without a network."""
    assert users_of("youtube") <= {"youtube", "services"} | SHELLS
    assert "youtube" not in {part_of(name) for name in own_imports(modules()["linkwatch.services.report"])}


def test_only_the_command_line_and_the_tests_of_users_play_with_the_simulator() -> None:
    assert users_of("simulator") - {"simulator"} == {"cli", "testing"}
    users = {module.name for module in modules().values() if "simulator" in map(part_of, own_imports(module))}
    commands = {name for name in users if not name.startswith("linkwatch.simulator")}
    assert commands <= {
        "linkwatch.cli.demo",
        "linkwatch.cli.commands.demo",
        "linkwatch.cli.commands.simulate",
        "linkwatch.testing",
    }


def test_nothing_imports_the_command_line_but_itself() -> None:
    assert users_of("cli") <= {"cli", "__main__"}


def test_the_commands_and_the_action_reach_the_store_through_the_services() -> None:
    """A command parses, calls a use case and prints: it opens no database and makes no query."""
    assert users_of("store") & {"cli", "github_action"} == set()


def test_the_dashboard_reads_the_database_through_services_only() -> None:
    assert imports_of("web", from_="store") == set()


def test_the_daemon_imports_of_the_store_the_database_and_its_lease_only() -> None:
    """Schedules, quota and what is due come from services; the handle of the database is passed through."""
    assert imports_of("daemon", from_="store") == {
        ("linkwatch.daemon.api", "linkwatch.store.database"),
        ("linkwatch.daemon.checks", "linkwatch.store.database"),
        ("linkwatch.daemon.leader", "linkwatch.store.database"),
        ("linkwatch.daemon.leader", "linkwatch.store.leases"),
        ("linkwatch.daemon.leader", "linkwatch.store.process_lock"),
        ("linkwatch.daemon.process", "linkwatch.store.database"),
        ("linkwatch.daemon.process", "linkwatch.store.schema"),
        ("linkwatch.daemon.scheduler", "linkwatch.store.database"),
        ("linkwatch.daemon.view", "linkwatch.store.database"),
    }


def imports_of(part: str, *, from_: str) -> set[tuple[str, str]]:
    """Module and imported module, for every import of one part from another."""
    return {
        (module.name, name)
        for module in modules().values()
        if module.part == part
        for name in own_imports(module)
        if part_of(name) == from_
    }


def test_only_the_daemon_serves_the_dashboard() -> None:
    assert users_of("web") <= {"web", "daemon", "cli"}


def test_only_the_client_of_youtube_and_the_shells_reach_for_the_network() -> None:
    assert breaches(parts() - OPEN_SOCKETS, NETWORK) == []


def test_only_the_store_and_what_writes_in_one_transaction_know_sqlalchemy() -> None:
    who = parts() - {"store", "services", "workers", "spool"}
    assert breaches(who, {"sqlalchemy", "alembic", "sqlite3"}) == []
    assert breaches({"spool"}, {"sqlalchemy", "alembic"}) == []


def test_the_pure_stages_import_nothing_that_reaches_out() -> None:
    assert breaches(set(PURE), WORLDLY) == []


@pytest.mark.parametrize("part", PURE)
def test_the_pure_stages_read_no_clock_and_no_file(part: str) -> None:
    """Time is an argument; what is read and written is others' work."""
    found = []
    for module in modules().values():
        if module.part == part:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Call):
                    found += [f"{module.name}:{node.lineno} calls {name}" for name in worldly_names(node.func)]
    assert found == []


def worldly_names(called: ast.expr) -> Iterator[str]:
    match called:
        case ast.Name(id="open" | "print" | "input" | "exec" | "eval" as name):
            yield name
        case ast.Attribute(attr=name) if name in CLOCKS | OPENERS:
            yield name


@pytest.mark.parametrize("part", PURE)
def test_the_pure_stages_handle_paths_as_names_only(part: str) -> None:
    names = {
        name
        for module in modules().values()
        if module.part == part
        for source, name in module.imports
        if source == "pathlib"
    }
    assert names <= {"PurePath", "PurePosixPath"}


def test_there_are_no_cycles() -> None:
    graph: Mapping[str, set[str]] = {module.name: own_imports(module) - {module.name} for module in modules().values()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"these import each other: {' → '.join(error.args[1])}")


@pytest.mark.parametrize("name", ["utils", "util", "helpers", "helper", "common", "misc", "manager", "base"])
def test_files_are_named_by_their_subject(name: str) -> None:
    assert not [module for module in modules() if name in module.split(".")]
