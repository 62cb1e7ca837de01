"""What documents tell people to type."""

import re

from linkwatch.cli.app import app
from linkwatch.cli.front import COMMANDS

_TYPED = re.compile(rf"\blinkwatch\"? ({'|'.join(COMMANDS)})\b([^\n`#|;>]*)")


def assert_commands_exist(text: str) -> None:
    """Every command, subcommand and option of `linkwatch` in a text is one."""
    for name, rest in _TYPED.findall(text.replace("\\\n", " ")):
        command = app.get_command(app.make_context("linkwatch", [name]), name)
        assert command is not None
        subcommands = getattr(command, "commands", {})
        first = rest.split()[0] if rest.split() else ""
        command = subcommands.get(first, command)
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= known | {"--help"}, (name, rest)
        if subcommands and first[:1].isalpha():
            assert first in subcommands, (name, rest)
