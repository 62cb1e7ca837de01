"""The results as tables in Markdown."""

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
    """By the clock, one per run; so are the next two."""

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
    """A row per tool: medians, how many dead links it found, and how many available ones it called broken."""
    rows = []
    for name, cost in costs.items():
        counts = Counter((case.alive, cost.verdicts[case.url]) for case in links)
        rows.append(
            (
                name,
                f"{median(cost.seconds):.1f}",
                f"{median(cost.requests):,.0f}",
                f"{median(cost.cpu):.1f}",
                f"{counts[False, Verdict.BROKEN]}",
                f"{counts[True, Verdict.BROKEN]}",
                f"{counts[True, Verdict.UNSURE] + counts[False, Verdict.UNSURE]}",
            )
        )
    dead = sum(not case.alive for case in links)
    dead_found = f"of {dead} dead, found"
    available_broken = f"of {len(links) - dead} available, called broken"
    return table(("", "seconds", "requests", "CPU seconds", dead_found, available_broken, "no verdict"), rows)


def verdict_table(verdicts: Mapping[str, Verdicts], links: Sequence[Case]) -> str:
    """A row for the URL forms that get the same marks by every tool, with their true state."""
    alike: dict[tuple[Fate, tuple[str, ...]], list[str]] = {}
    for case in sorted(links, key=lambda case: list(Fate).index(case.fate)):
        marks = tuple(mark(case, by_url[case.url]) for by_url in verdicts.values())
        alike.setdefault((case.fate, marks), []).append(case.shape)
    rows = [(fate, ", ".join(f"`{shape}`" for shape in shapes), *marks) for (fate, marks), shapes in alike.items()]
    return table(("true state", "URL form", *verdicts), [*rows, ("", "right, in all", *_totals(verdicts, links))])


def _totals(verdicts: Mapping[str, Verdicts], links: Sequence[Case]) -> Iterable[str]:
    for by_url in verdicts.values():
        right = sum(mark(case, by_url[case.url]) == RIGHT for case in links)
        yield f"{right} of {len(links)}"


def trouble_table(troubles: Mapping[str, Mapping[str, tuple[Verdicts, float]]], links: Sequence[Case]) -> str:
    """A row for each fault: the verdicts on available links during it, and how long the tool took."""
    tools = list(next(iter(troubles.values())))
    rows = [(trouble, *(_outcome(*by_tool[tool], links) for tool in tools)) for trouble, by_tool in troubles.items()]
    return table(("", *tools), rows)


def _outcome(verdicts: Verdicts, seconds: float, links: Sequence[Case]) -> str:
    marks = Counter(mark(case, verdicts[case.url]) for case in links)
    counted = ", ".join(f"{marks[each]} {each}" for each in (RIGHT, WRONG, UNSURE) if marks[each])
    return f"{counted} ({seconds:.0f} s)"


def winners(
    costs: Mapping[str, Cost],
    listed: Sequence[Case],
    verdicts: Mapping[str, Verdicts],
    cases: Sequence[Case],
    troubles: Mapping[str, Mapping[str, tuple[Verdicts, float]]],
) -> str:
    """Who is best at what; those that are equal are all named.

    Args:
        costs: Of the long list.
        listed: Its links.
        verdicts: On every URL form in every state.
        cases: These.
        troubles: The verdicts on the available ones of them during each fault.
    """
    marks = {name: _marks(cost.verdicts, listed) for name, cost in costs.items()}
    dead = {case.url for case in listed if not case.alive}
    seconds = {name: round(median(cost.seconds), 1) for name, cost in costs.items()}
    faultless = {name: each for name, each in seconds.items() if not marks[name][WRONG] + marks[name][UNSURE]}
    found = {name: -sum(cost.verdicts[url] is Verdict.BROKEN for url in dead) for name, cost in costs.items()}
    right = {name: -_marks(by_url, cases)[RIGHT] for name, by_url in verdicts.items()}
    rows = [
        ("fastest", *_least(seconds, "s")),
        ("fastest of those without a wrong verdict", *_least(faultless, "s")),
        ("fewest requests", *_least({name: median(cost.requests) for name, cost in costs.items()}, "requests")),
        ("least CPU", *_least({name: round(median(cost.cpu), 1) for name, cost in costs.items()}, "s")),
        ("most dead links found", *_least(found, f"of {len(dead)}")),
        ("most URL forms and states right", *_least(right, f"of {len(cases)}")),
    ]
    alive = [case for case in cases if case.fate is Fate.ALIVE]
    for trouble, outcomes in troubles.items():
        during = {name: _marks(by_url, alive) for name, (by_url, _) in outcomes.items()}
        fewest = min(each[WRONG] for each in during.values())
        careful = {name: -each[RIGHT] for name, each in during.items() if each[WRONG] == fewest}
        rows.append((f"{trouble}: fewest wrong, then most right", *_least(careful, f"right, {fewest} wrong")))
    return table(("", "winner", "with"), rows)


def _marks(verdicts: Verdicts, links: Sequence[Case]) -> Counter[str]:
    return Counter(mark(case, verdicts[case.url]) for case in links)


def _least(measured: Mapping[str, float], unit: str) -> tuple[str, str]:
    """The tools with the least of a measure, and how much that is without its sign."""
    if not measured:
        return "none", ""
    least = min(measured.values())
    return "; ".join(name for name, value in measured.items() if value == least), f"{abs(least):,g} {unit}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
