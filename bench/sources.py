"""Reading large inputs: the CPU and the peak memory of `linkwatch extract`, as a process of its own.

A checkout of 22,000 files and 94 MB, most of them without a link, as documentation and course sites are; 120,000 links
in one JSON of 26 MB; 100,000 links in one Markdown file.
"""

import json
import random
import string
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.processes import cost
from bench.serving import LINKWATCH

FILES, BYTES = 22_000, 94_000_000
IN_JSON, IN_MARKDOWN = 120_000, 100_000
KINDS = ("md", "html", "rst", "adoc", "org", "json", "ts", "yaml", "txt", "ipynb")
LINKED = 20
"""One file in so many has links."""

Write = Callable[[Path, random.Random], None]


def write_checkout(folder: Path, chance: random.Random) -> None:
    """Files of every kind in folders of a hundred, prose with a link here and there."""
    for number in range(FILES):
        kind = KINDS[number % len(KINDS)]
        lines = list(_prose(chance, BYTES // FILES))
        if number % LINKED == 0:
            lines[len(lines) // 2 :: 10] = [
                f"See https://youtu.be/{_id(chance)} too." for _ in lines[len(lines) // 2 :: 10]
            ]
        file = folder / f"part{number // 100}" / f"page{number}.{kind}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_of_kind(kind, lines), "utf-8")


def write_json(folder: Path, chance: random.Random) -> None:
    """One array of objects."""
    talks = [
        {
            "title": f"Lecture {number}: a talk about number {number % 97} and what follows",
            "speaker": f"Person {number % 3000}",
            "language": "en",
            "recorded": f"2019-05-{number % 28 + 1:02}",
            "url": f"https://www.youtube.com/watch?v={_id(chance)}",
            "tags": ["mathematics", "lecture"],
        }
        for number in range(IN_JSON)
    ]
    (folder / "talks.json").write_text(json.dumps(talks), "utf-8")


def write_markdown(folder: Path, chance: random.Random) -> None:
    """A list with a heading above every fifty links."""
    with (folder / "talks.md").open("w", encoding="utf-8") as file:
        for number in range(IN_MARKDOWN):
            if number % 50 == 0:
                file.write(f"\n## Part {number // 50}\n\n")
            url = f"https://www.youtube.com/watch?v={_id(chance)}"
            file.write(f"- [Lecture {number}]({url}) by Person {number % 3000}\n")


INPUTS: dict[str, tuple[Write, int]] = {
    f"{FILES:,} files of {BYTES // 1_000_000} MB": (write_checkout, 30),
    f"{IN_JSON:,} links in a JSON of 26 MB": (write_json, 10),
    f"{IN_MARKDOWN:,} links in Markdown": (write_markdown, 10),
}
"""What is read: how it is written, and the limit in seconds of CPU."""

MEGABYTES = 150
"""The limit of the memory at the peak, of each."""


def sources() -> None:
    """Measure and print."""
    print(f"\n{'reading: linkwatch extract':<44} {'s of CPU':>9} {'limit':>6} {'MB':>6} {'limit':>6}")  # noqa: T201
    for name, (_, seconds) in INPUTS.items():
        with tempfile.TemporaryDirectory() as folder:
            # In a process of its own: the peak of the one that starts another counts as that of the other, too.
            cost([sys.executable, "-m", "bench.sources", name, folder])
            read = cost([LINKWATCH, "extract", "--quiet", folder])
        print(f"{name:<44} {read.cpu:>9.1f} {seconds:>6} {read.memory:>6.0f} {MEGABYTES:>6}", flush=True)  # noqa: T201


def _id(chance: random.Random) -> str:
    return "".join(chance.choices(string.ascii_letters, k=10)) + chance.choice("AEIMQUYcgkosw048")


def _prose(chance: random.Random, length: int) -> Iterator[str]:
    words = [
        f"{first}{last}"
        for first in ("lin", "mat", "vec", "pro", "alg")
        for last in ("ear", "rix", "tor", "of", "ebra")
    ]
    while length > 0:
        line = " ".join(chance.choices(words, k=12)) + "."
        length -= len(line) + 1
        yield line


def _of_kind(kind: str, lines: list[str]) -> str:
    match kind:
        case "json":
            return json.dumps({"title": lines[0], "paragraphs": lines[1:]}, indent=1)
        case "ipynb":
            cell = {"cell_type": "markdown", "source": [f"{line}\n" for line in lines]}
            return json.dumps({"cells": [cell], "nbformat": 4}, indent=1)
        case "html":
            return "\n".join(f"<p>{line}</p>" for line in lines)
        case "ts":
            return "\n".join(f'say("{line}");' for line in lines)
        case "yaml":
            return "\n".join(f"- {line}" for line in lines)
        case _:
            return "\n\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        INPUTS[sys.argv[1]][0](Path(sys.argv[2]), random.Random(1))  # noqa: S311  # the same files each time
    else:
        sources()
