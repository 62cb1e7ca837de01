"""What was found, as tables in Markdown."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.peers.cases import Case, Fate
from bench.peers.reading import Verdict, Verdicts

RIGHT, WRONG, UNSURE = "✓", "✗", "?"


@dataclass(frozen=True, slots=True)
class Cost:
    """Some runs of one tool over the long list."""

    seconds: Sequence[float]
    """By the clock, a value a run; as the next."""

    cpu: Sequence[float]
    """Of the tool's processes, in seconds."""

    requests: Sequence[int]
    verdicts: Verdicts
    """Of the last run."""


def mark(case: Case, verdict: Verdict) -> str:
    """Whether a verdict is right."""
    if verdict is Verdict.UNSURE:
        return UNSURE
    return RIGHT if (verdict is Verdict.ALIVE) is case.alive else WRONG


def cost_table(costs: Mapping[str, Cost], links: Sequence[Case]) -> str:
    """A row a tool: medians, how many of the dead it found, and how many of the living it called broken."""
    rows = []
    for name, cost in costs.items():
        told = Counter((case.alive, cost.verdicts[case.url]) for case in links)
        rows.append(
            (
                name,
                f"{median(cost.seconds):.1f}",
                f"{median(cost.requests):,.0f}",
                f"{median(cost.cpu):.1f}",
                f"{told[False, Verdict.BROKEN]}",
                f"{told[True, Verdict.BROKEN]}",
                f"{told[True, Verdict.UNSURE] + told[False, Verdict.UNSURE]}",
            )
        )
    dead = sum(not case.alive for case in links)
    found = f"of {dead} dead, found"
    living = f"of {len(links) - dead} living, called broken"
    return table(("", "seconds", "requests", "CPU seconds", found, living, "not told"), rows)


def verdict_table(verdicts: Mapping[str, Verdicts], links: Sequence[Case]) -> str:
    """A row for the shapes that fare alike in every tool, under what became of what they name."""
    alike: dict[tuple[Fate, tuple[str, ...]], list[str]] = {}
    for case in sorted(links, key=lambda case: list(Fate).index(case.fate)):
        marks = tuple(mark(case, told[case.url]) for told in verdicts.values())
        alike.setdefault((case.fate, marks), []).append(case.shape)
    rows = [(fate, ", ".join(f"`{shape}`" for shape in shapes), *marks) for (fate, marks), shapes in alike.items()]
    return table(("what is true", "the link", *verdicts), [*rows, ("", "of all, right", *_totals(verdicts, links))])


def _totals(verdicts: Mapping[str, Verdicts], links: Sequence[Case]) -> Iterable[str]:
    for told in verdicts.values():
        right = sum(mark(case, told[case.url]) == RIGHT for case in links)
        yield f"{right} of {len(links)}"


def trouble_table(troubles: Mapping[str, Mapping[str, tuple[Verdicts, float]]], links: Sequence[Case]) -> str:
    """A row for each trouble: what becomes of living links in it, and how long the tool took."""
    tools = list(next(iter(troubles.values())))
    rows = [(trouble, *(_fared(*told[tool], links) for tool in tools)) for trouble, told in troubles.items()]
    return table(("", *tools), rows)


def _fared(told: Verdicts, seconds: float, links: Sequence[Case]) -> str:
    marks = Counter(mark(case, told[case.url]) for case in links)
    counted = ", ".join(f"{marks[each]} {each}" for each in (RIGHT, WRONG, UNSURE) if marks[each])
    return f"{counted} ({seconds:.0f} s)"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
