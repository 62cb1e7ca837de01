"""`linkwatch simulate`."""

from threading import Event

import click

from linkwatch.cli.options import CommonOptions, common_options
from linkwatch.cli.output import remark_unless
from linkwatch.errors import UsageError
from linkwatch.services.lists import read_named_lists


@click.command("simulate")
@click.argument("lists", metavar="[LIST]...", nargs=-1)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8123,
    show_default=True,
    metavar="N",
    help="Port to serve on; 0 for any free one.",
)
@click.option(
    "--day",
    type=click.IntRange(1, 30),
    default=1,
    show_default=True,
    metavar="N",
    help="Day of the demo's month to start at; only without a LIST.",
)
@click.option(
    "--latency",
    type=click.IntRange(0, 60_000),
    default=0,
    show_default=True,
    metavar="MS",
    help="Milliseconds before each response.",
)
@common_options
def command(common: CommonOptions, lists: tuple[str, ...], port: int, day: int, latency: int) -> int:
    """Serve the simulated YouTube on 127.0.0.1, until Ctrl-C.

    With a LIST, everything in it is available; without one, it is the one of `linkwatch demo`.

    \b
    Example:
      linkwatch simulate --port 8123 --day 10
    """
    from datetime import timedelta

    from linkwatch.clock import utc_now
    from linkwatch.services.doctor import KNOWN_VIDEO
    from linkwatch.simulator.entities import SimVideo
    from linkwatch.simulator.generated import generate_world
    from linkwatch.simulator.scenario import demo_scenario
    from linkwatch.simulator.serve import YouTubeServer
    from linkwatch.simulator.youtube import SimulatedYouTube

    if lists:
        catalogue = read_named_lists(
            lists, common.settings, allow_empty=False, remark=remark_unless(common.quiet)
        ).catalogue
        world = generate_world((resource.kind, resource.id) for resource in catalogue.links_of)
    else:
        world = demo_scenario(utc_now() - timedelta(days=day - 1)).world
    world.add(SimVideo(KNOWN_VIDEO.id, "Me at the zoo"))  # what `linkwatch doctor` asks about
    log = None if common.quiet else lambda line: click.echo(f"simulated: {line}", err=True)
    try:
        server = YouTubeServer(SimulatedYouTube(world, utc_now), port, log=log, latency=latency / 1000)
    except OSError as error:
        raise UsageError(f"port {port}: {error.strerror or error}", remedy="Name another one with --port.") from None
    try:
        with server:
            click.echo("# A simulated YouTube is running until Ctrl-C. For another terminal:")
            click.echo(f"export LINKWATCH_DATA_API_URL={server.url}")
            click.echo(f"export LINKWATCH_OEMBED_URL={server.oembed_url}")
            click.echo("export YOUTUBE_API_KEY=simulated")
            click.echo("export LINKWATCH_DATABASE_URL=sqlite:///simulated.db")
            Event().wait()
    except KeyboardInterrupt:
        return 0
    return 0
