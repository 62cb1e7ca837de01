"""A user's own text of a message: a sandboxed Jinja2 template, which sees a `Digest` as `digest`."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING

from linkwatch.errors import SettingsError
from linkwatch.notifications.digest import Digest, Item, Section
from linkwatch.notifications.text import signature, truncate
from linkwatch.settings import Notify
from linkwatch.store.outbox import Tone

if TYPE_CHECKING:
    from jinja2 import Template

EXAMPLE = Digest(
    id="0123456789ab",
    title="Gone: “A course” (resources.csv)",
    tone=Tone.FAILURE,
    first=False,
    lists=("resources.csv",),
    checked_at=datetime(2026, 1, 1, tzinfo=UTC),
    sections=(
        Section(
            "Broken",
            1,
            (
                Item(
                    "playlist “A course” is no longer available",
                    "resources.csv:2:1",
                    None,
                    "dead",
                    "error",
                ),
            ),
        ),
    ),
    still_broken=0,
    incomplete_since=None,
    incomplete_reason=None,
    complete_again=False,
    note=None,
    tells_all=False,
    totals="1 resource: 1 unavailable",
)
"""Each template is tried with it before a check."""


def read_templates(targets: Iterable[Notify], folder: Path) -> Mapping[str, "Template"]:
    """The templates by name of the recipient, each tried with the example.

    Args:
        targets: The recipients.
        folder: Of the settings: the templates are in it.

    Raises:
        SettingsError: One can't be read, fails, or is a link that leads out of the folder; with its file and line.
    """
    return {
        target.name: _read(folder / target.template, folder, target.place)
        for target in targets
        if target.template is not None
    }


def render_template(template: "Template", digest: Digest) -> str:
    """The text of a message from a user's template.

    Raises:
        SettingsError: The template fails; with its file and line.
    """
    try:
        text = template.render(digest=digest).strip()
    except Exception as error:  # a template may raise anything
        file = str(template.filename)
        raise _failed(file, _line_in(file, error), error) from None
    return f"{truncate(text)}\n\n{signature(digest)}"


def _read(path: Path, folder: Path, place: str) -> "Template":
    # Here and not above: few use templates, and loading Jinja2 is slow.
    from jinja2 import StrictUndefined, Template, TemplateSyntaxError  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    file = str(path)
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    try:
        code = environment.compile(_text_within(path, folder), file, file)
    except OSError as error:
        message = f"{place}: template {file}: {error.strerror or error}"
        raise SettingsError(message, remedy="Name a template that can be read.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{place}: template {file}: not UTF-8", remedy="Save the file as UTF-8.") from None
    except TemplateSyntaxError as error:
        raise _failed(file, error.lineno, error) from None
    template = Template.from_code(environment, code, environment.make_globals(None))
    render_template(template, EXAMPLE)
    return template


def _text_within(path: Path, folder: Path) -> str:
    """The text of a regular file that is in the folder, links followed.

    Settings may be a stranger's: no message may quote a file from elsewhere.
    """
    target = path.resolve(strict=True)
    if not target.is_relative_to(folder.resolve()):
        raise PermissionError("it leads out of the folder of the settings")
    if not target.is_file():
        raise PermissionError("not a file")
    return target.read_text("utf-8-sig")


def _failed(file: str, line: int | None, error: Exception) -> SettingsError:
    place = file if line is None else f"{file}:{line}"
    return SettingsError(
        f"{place}: the template fails: {type(error).__name__}: {error}",
        remedy="Fix the line named above; “linkwatch help notifications” lists what a template may use.",
    )


def _line_in(file: str, error: Exception) -> int | None:
    """The last line of the template that was executed."""
    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == file]
    return lines[-1] if lines else None
