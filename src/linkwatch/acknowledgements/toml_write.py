"""Acknowledgements → `linkwatch-acks.toml`: entries are added, changed and removed; all else stays as it is.

tomlkit writes the entries themselves. The lines between them are handled here: tomlkit takes a comment above a header
for the end of the entry before, and would take it out with that.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import tomlkit

from linkwatch.acknowledgements.matching import resolve_acknowledgement
from linkwatch.acknowledgements.toml_read import parse_acks
from linkwatch.errors import SettingsError, UsageError
from linkwatch.files import write_atomically
from linkwatch.models.acknowledgement import UNDATED, AckKey, Acknowledgement
from linkwatch.settings.toml_lines import blocks_of
from linkwatch.urls.parse import parse_reference

PREFACE = """\
# Acknowledged findings of linkwatch. `linkwatch ack` writes this file, and so may you.
# An entry counts until its date, or until a check no longer makes the finding.
"""


def new_text(acks: Iterable[Acknowledgement]) -> str:
    """The text of a new file."""
    return "\n".join((PREFACE, *(_entry("[[ack]]\n", ack) for ack in acks)))


def changed_text(
    text: str,
    file: str,
    *,
    accepted: Iterable[Acknowledgement] = (),
    removed: Collection[AckKey] = (),
    aliases: Mapping[str, str],
    now: datetime,
) -> str:
    """Change the text of a file.

    Args:
        text: What the file holds.
        file: Its path, for errors.
        accepted: New ones; an entry about the same is changed in its place.
        removed: What these are about is taken out.
        aliases: `@handle` or `user/NAME` → `UC…`: the entries may name either, the other arguments are resolved.
        now: The present time.

    Raises:
        SettingsError: An entry makes no sense, or they are not written as `[[ack]]`.
    """
    keys = [resolve_acknowledgement(ack, aliases).key for ack in parse_acks(text, file, now)]
    lines = text.split("\n")
    blocks = blocks_of(lines, "ack")
    if len(blocks) != len(keys):
        raise SettingsError(f"{file}: its entries are not written as [[ack]]", remedy="Begin each entry with [[ack]].")
    new = {ack.key: ack for ack in accepted}
    for block, key in reversed(list(zip(blocks, keys, strict=True))):
        if key in removed:
            del lines[block.start : _with_empty_lines(lines, block.stop)]
        elif key in new:
            entry = _entry("\n".join(lines[block.start : block.stop]) + "\n", new[key])
            lines[block.start : block.stop] = entry.removesuffix("\n").split("\n")
    added = [_entry("[[ack]]\n", ack) for key, ack in new.items() if key not in keys]
    kept = "\n".join(lines)
    whole = "\n".join((kept if kept.endswith("\n") or not kept else f"{kept}\n", *added)) if added else kept
    return re.sub("\r?\n", "\r\n", whole) if text.partition("\n")[0].endswith("\r") else whole


def _with_empty_lines(lines: list[str], at: int) -> int:
    while at < len(lines) - 1 and not lines[at].strip():
        at += 1
    return at


def _entry(text: str, ack: Acknowledgement) -> str:
    """An entry with what an acknowledgement says; what else stands in its text stays."""
    document = tomlkit.parse(text)
    entry = document["ack"][0]
    if ack.id is not None and not {"id", "url"} & entry.keys():
        entry["id" if parse_reference(ack.id) else "url"] = ack.id
    if ack.rule is not None:
        entry["rule"] = ack.rule.name
    entry["reason"] = ack.reason or "no reason was given"
    if ack.until is not None:
        entry["until"] = ack.until
    elif "until" in entry:
        del entry["until"]
    if ack.accepted_at != UNDATED:
        moment = ack.accepted_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        entry["accepted"] = tomlkit.value(moment)
    return tomlkit.dumps(document)


def write_text(file: str, text: str) -> None:
    """Write the file; it is there as it was, or whole.

    Raises:
        UsageError: It can't be written.
    """
    try:
        write_atomically(file, [text.encode()])
    except OSError as error:
        raise UsageError(
            f"{file}: {error.strerror or error}", remedy="Name a file in a folder that can be written."
        ) from None
