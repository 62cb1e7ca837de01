"""`linkwatch completion`."""

import click

from linkwatch.cli.options import common_options_unread
from linkwatch.cli.output import print_text


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common_options_unread
def command(shell: str, config: str | None, database: str | None, quiet: bool) -> int:
    """Print the completion for bash, zsh or fish: of commands, options and formats.

    \b
    Example:
      linkwatch completion bash >> ~/.bashrc
      linkwatch completion zsh >> ~/.zshrc
      linkwatch completion fish > ~/.config/fish/completions/linkwatch.fish
    """
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    from linkwatch.cli.app import app

    completion_classes = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
    print_text(f"{completion_classes[shell](app, {}, 'linkwatch', '_LINKWATCH_COMPLETE').source()}\n")
    return 0
