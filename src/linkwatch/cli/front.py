"""The output of `linkwatch --help` and `--version`, without click: loading it takes twice as long as all the rest.

A test checks that click finds the same commands and options.
"""

from linkwatch import __version__

COMMANDS = {
    "check": "Ask YouTube now, store the answers, and report.",
    "report": "Report from the database, without a check; no network.",
    "plan": "Print the calls and quota units that a check would cost; no network.",
    "extract": "Print the YouTube links of any text as rows of a resources.csv.",
    "show": "Show the history of one resource.",
    "diff": "Show what has changed in a list since a date; no network.",
    "ack": "Acknowledge findings: they are still shown, and fail no check.",
    "notify": "Send pending notifications, or a test message.",
    "fix": "Rewrite lists with canonical URLs and without exact duplicates; no network.",
    "daemon": "Run the scheduler, the notifications and the dashboard in one process.",
    "worker": "Share the calls of each check with other workers, on one PostgreSQL.",
    "demo": "Simulate a month of daily checks; no key, no network.",
    "simulate": "Serve the simulated YouTube on 127.0.0.1.",
    "doctor": "Report what works, what doesn't, and what to do about it.",
    "db": "Upgrade, back up, prune or copy the database.",
}
"""Each lives in `cli/commands/NAME.py` as `command`."""

HELP = """\
Usage: linkwatch [OPTIONS] COMMAND [ARGS]...

  Check the YouTube links in your lists: which are dead, changed, mislabelled or listed twice.

  Example:
    linkwatch check README.md

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
""" + "\n".join(f"  {name:<8}  {said}" for name, said in COMMANDS.items())

VERSION = f"linkwatch, version {__version__}"


def static_answer(arguments: list[str]) -> str | None:
    """The text that these arguments ask for; None when they ask for more than a text."""
    if arguments in (["--help"], ["-h"]):
        return HELP
    return VERSION if arguments == ["--version"] else None
