"""The output of `linkwatch --help` and `--version`, without click: loading it takes twice as long as all the rest.

A test checks that click finds the same commands and options.
"""

from linkwatch.version import __version__

GROUPS = {
    "Check and report": {
        "check": "Ask YouTube now, store the answers, and report.",
        "report": "Report from the database, without a check; no network.",
        "show": "Show the history of one resource.",
        "diff": "Show what has changed in a list since a date; no network.",
        "rule": "Explain a rule: when it fires, an example, and what to do.",
    },
    "Work on lists": {
        "fix": "Rewrite lists with canonical URLs, without exact duplicates.",
        "extract": "Print the YouTube links of any text as rows of a CSV list.",
        "list": "Print, add, remove, pause or export lists in the database.",
        "ack": "Acknowledge findings: still shown, but they fail no check.",
    },
    "Run it": {
        "daemon": "Run scheduler, notifications and dashboard in one process.",
        "worker": "Share the calls of each check with others, on PostgreSQL.",
        "notify": "Send pending notifications, or a test message.",
        "db": "Upgrade, back up, prune or copy the database.",
        "public": "Print the addresses of the public pages of lists.",
        "token": "End the sessions of the dashboard.",
    },
    "Get started": {
        "init": "Write settings for the lists in this folder.",
        "demo": "Simulate a month of daily checks; no key, no network.",
        "doctor": "Report what works, what doesn't, and what to do about it.",
        "plan": "Print the calls and quota units that a check would cost.",
        "simulate": "Serve the simulated YouTube on 127.0.0.1.",
        "help": "Show a page of the documentation; without a topic, list them.",
        "completion": "Print the completion for bash, zsh or fish.",
    },
}
"""The commands by what one wants; each lives in `cli/commands/NAME.py` as `command`."""

COMMANDS = {name: text for commands in GROUPS.values() for name, text in commands.items()}


def _commands() -> str:
    return "\n\n".join(
        "\n".join([f"{title}:", *(f"  {name:<10}  {text}" for name, text in commands.items())])
        for title, commands in GROUPS.items()
    )


HELP = f"""\
Usage: linkwatch [OPTIONS] COMMAND [ARGS]...

  Check the YouTube links in your lists: which are dead, changed, mislabelled
  or listed twice.

  Example:
    linkwatch check README.md

{_commands()}

Options:
  -V, --version  Show the version and exit.
  -h, --help     Show this message and exit.

“linkwatch COMMAND --help” explains a command.
"""

VERSION = f"linkwatch, version {__version__}"


def static_answer(arguments: list[str]) -> str | None:
    """The text that these arguments ask for; None when they ask for more than a text."""
    if arguments in (["--help"], ["-h"]):
        return HELP
    return VERSION if arguments in (["--version"], ["-V"]) else None
