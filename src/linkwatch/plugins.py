"""Plug-ins: what other distributions add by entry points. docs/guide/plugins.md says how to write one.

Only the distributions that the setting `plugins` names are looked up, so nothing is scanned and a check gives the same
result whatever else is installed. An entry point is loaded when it is needed. One that fails costs itself alone, and
is logged with the distribution and what to do.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from linkwatch.errors import SettingsError, UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

T = TypeVar("T")

READERS = "linkwatch.readers"
EMBEDS = "linkwatch.embeds"
RULES = "linkwatch.rules"
FORMATS = "linkwatch.formats"
GROUPS = {READERS: "reader", EMBEDS: "embed syntax", RULES: "rule", FORMATS: "format"}
"""The groups of entry points, and what an entry of each adds."""

_log = logging.getLogger("linkwatch.plugins")


class PluginError(UsageError):
    """What a plug-in adds can't be used; the message names the distribution."""


@dataclass(frozen=True, slots=True, eq=False)
class Addition:
    """One entry point of an enabled plug-in; there is one value of each."""

    group: str
    name: str
    plugin: str
    """The distribution and its version."""

    distribution: str
    entry_point: "EntryPoint"

    def __str__(self) -> str:
        return f"{GROUPS[self.group]} “{self.name}”"

    def error(self, why: str) -> PluginError:
        """The error that names the plug-in, and what to do."""
        return PluginError(
            f"plug-in {self.plugin}: its {self} can't be used: {why}",
            remedy=f"Update {self.distribution}, or remove it from “plugins” in the settings.",
        )


_additions: dict[tuple[str, str], Addition] = {}
_enabled: dict[str, str] = {}
"""Enabled distributions, as the settings name them, and their versions."""

_loaded: dict[Addition, Any] = {}
_failed: dict[Addition, PluginError] = {}


def enable(names: Iterable[str], where: str) -> None:
    """Look up distributions, for as long as the process lives; none of their code is run.

    Args:
        names: Of distributions.
        where: They are named, for errors.

    Raises:
        SettingsError: One is not installed, or adds nothing to linkwatch.
    """
    for name in names:
        if name not in _enabled:
            _enable(name, where)


def _enable(name: str, where: str) -> None:
    # Here, not above: its import takes a quarter of the time of a small report.
    from importlib.metadata import Distribution  # noqa: PLC0415

    # Not from the working folder, where `python -m linkwatch` begins to search: it may be a stranger's repository, and
    # with it the settings that name the plug-in.
    here = os.path.realpath(os.curdir)
    path = [entry for entry in sys.path if os.path.realpath(entry) != here]
    found = next(iter(Distribution.discover(name=name, path=path)), None) if name else None
    if found is None:
        raise SettingsError(
            f"{where}: {name!r} is not installed",
            remedy="Install it where linkwatch is installed (pipx inject linkwatch NAME), or remove it from “plugins”.",
        )
    points = [point for point in found.entry_points if point.group in GROUPS]
    if not points:
        raise SettingsError(
            f"{where}: {name!r} adds nothing to linkwatch: it has no entry point in {', '.join(GROUPS)}",
            remedy="Remove it from “plugins”.",
        )
    _enabled[name] = found.version
    for point in points:
        addition = Addition(point.group, point.name, f"{name} {found.version}", name, point)
        other = _additions.setdefault((point.group, point.name), addition)
        if other is not addition:
            fail(addition, f"{other.plugin} has one of that name already")


def enabled() -> dict[str, str]:
    """The enabled distributions and their versions."""
    return dict(_enabled)


def additions(group: str) -> list[Addition]:
    """What the enabled plug-ins add to a group, in the order of the setting, without what failed."""
    return [each for each in _additions.values() if each.group == group and each not in _failed]


def failures() -> list[PluginError]:
    """What could not be used in this process."""
    return list(_failed.values())


def load(addition: Addition, check: Callable[[Any], str | None]) -> Any | None:
    """Load what an entry point names, once; None when that fails, which is logged.

    Args:
        addition: What is loaded.
        check: Returns why the loaded object can't be used; None: it can. What it raises is such a reason too.
    """
    if addition in _failed:
        return None
    if addition not in _loaded:

        def load_and_check() -> Any:
            value = addition.entry_point.load()
            why = check(value)
            if why is not None:
                fail(addition, why)
            return value

        value = run(addition, load_and_check)
        if addition in _failed:
            return None
        _loaded[addition] = value
    return _loaded[addition]


def loaded(group: str) -> list[tuple[Addition, Any]]:
    """What was loaded of a group and has not failed since."""
    return [(each, _loaded[each]) for each in additions(group) if each in _loaded]


def run(addition: Addition, function: Callable[[], T]) -> T | None:
    """Call a function of a plug-in; None when it raises, which is logged. It is then not used again."""
    try:
        return function()
    except (Exception, SystemExit) as error:  # whatever a stranger's code raises, it costs itself alone
        fail(addition, f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
        return None


def fail(addition: Addition, why: str) -> PluginError:
    """Log, once, that an addition can't be used, and leave it out from now on."""
    error = addition.error(why)
    if addition not in _failed:
        _failed[addition] = error
        _log.error("%s. %s", error.message.rstrip("."), error.remedy)
    return error


def failure(addition: Addition) -> PluginError | None:
    """Why an addition can't be used; None: nothing went wrong with it so far."""
    return _failed.get(addition)


def find(group: str, name: str) -> Addition | None:
    """The addition of this name, also one that failed; None: there is none."""
    return _additions.get((group, name))
