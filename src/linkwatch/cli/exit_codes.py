"""The exit codes of every command."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a script can tell from the exit code."""

    OK = 0
    """Done, nothing at or above `--fail-on`."""

    FINDINGS = 1
    """Findings at or above `--fail-on`; wins over INCOMPLETE."""

    USAGE = 2
    """The command line, the settings, a list or the database; or a list with no YouTube link."""

    INCOMPLETE = 3
    """Network, quota, key, or held by the brake."""

    BUG = 4
    """A bug of ours."""

    INTERRUPTED = 130
    """Ctrl-C; what was learned so far is kept."""
