"""The standard streams of the process: those that are closed, full, or have lost their reader."""

import os
import sys
from contextlib import suppress
from datetime import datetime

from linkwatch.cli.exit_codes import ExitCode


def open_closed_streams() -> None:
    """Let closed streams lead to nowhere: else the next file that is opened would take their place."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        with suppress(OSError):
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            stream = open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)


def log_time(now: datetime) -> str:
    """What a line of a log begins with: the time, unless standard error is systemd's journal, which notes it itself."""
    with suppress(AttributeError, OSError, ValueError):
        status = os.fstat(sys.stderr.fileno())
        if os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}":
            return ""
    return f"{now:%Y-%m-%d %H:%M:%S} "


def write_output(text: str) -> int:
    """Write a text to standard output; returns the exit code."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        discard_output()
    except OSError:
        discard_output()
        return ExitCode.INCOMPLETE
    return flush_output(ExitCode.OK)


def flush_output(code: int) -> int:
    """Write what is left for standard output; returns the exit code, which is another one when that fails."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        discard_output()
    except (OSError, ValueError):
        discard_output()
        return ExitCode.INCOMPLETE if code in {ExitCode.OK, ExitCode.FINDINGS} else code
    return code


def discard_output() -> None:
    """Let standard output lead to nowhere: Python would try once more to write what could not be written."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
