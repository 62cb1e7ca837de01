"""linkwatch: are the YouTube links in your lists still available, and still what their labels say?

The package is a pipe; data goes one way, and each stage is a folder that can be read alone:

    sources → catalogue → planner → youtube → verdict  → store → report → notifications
    lists     resources   calls     ask       evaluate   save    render   send

`api.py` is the Python API, of which the main names are here, too; `testing.py` helps the tests of its users.

`models/` has the values that the stages share. `services/` has a module per use case; `cli/`, `daemon/`, `web/`,
`workers/` and `github_action/` call them; `simulator/` is a simulated YouTube. See `docs/architecture.md`.
"""

from linkwatch.version import __version__

TYPE_CHECKING = False  # as `typing` has it, which takes longer to load than all that is here
if TYPE_CHECKING:
    from linkwatch.api import Finding, Report, check, extract, load_report, render

__all__ = ["Finding", "Report", "__version__", "check", "extract", "load_report", "render"]


def __getattr__(name: str) -> object:
    # Not above: commands that need little start in a tenth of the time that all of it takes.
    if name in __all__:
        from linkwatch import api  # noqa: PLC0415

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
