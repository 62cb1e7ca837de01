"""The exit codes of every command."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes that scripts rely on."""

    OK = 0
    """Done, nothing at or above `--fail-on`."""

    FINDINGS = 1
    """Findings at or above `--fail-on`; wins over INCOMPLETE."""

    USAGE = 2
    """The command line, the settings, a list or the database; or a list with no YouTube link."""

    INCOMPLETE = 3
    """The check is incomplete: network, quota, key, or stopped by the safety limit."""

    BUG = 4
    """A bug of ours."""

    INTERRUPTED = 130
    """Ctrl-C; the answers received so far are kept."""
