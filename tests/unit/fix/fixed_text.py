"""Plan and apply the fixes of a list that is given as text."""

from linkwatch.catalogue.ignore import IgnoreRules
from linkwatch.fix.edit import Source
from linkwatch.fix.plan import Fix, lines_of, plan_fix
from linkwatch.sources.formats import Format, reader_for

VIDEO = "https://youtu.be/jNQXAC9IVRw"
OTHER = "https://youtu.be/haHLRD0QZ08"
TRACKED = f"{VIDEO}?si=abc"


def plan_for_text(
    text: str,
    kind: Format,
    handles: dict[str, str] | None = None,
    ignore_rules: IgnoreRules | None = None,
    *,
    name: str = "list",
) -> Fix:
    source = Source(name, kind, lines_of(text), reader_for(kind))
    return plan_fix(source, handles or {}, ignore_rules or IgnoreRules(()))


def fixed_text(text: str, kind: Format, handles: dict[str, str] | None = None, *, name: str = "list") -> str:
    return "".join(plan_for_text(text, kind, handles, name=name).lines)
