"""Lists for the tests, from a text."""

from linkwatch.catalogue.ignore import IgnoreRules
from linkwatch.fix.edit import Source
from linkwatch.fix.plan import Fix, lines_of, plan_fix
from linkwatch.sources.formats import Format, reader_for

VIDEO = "https://youtu.be/jNQXAC9IVRw"
OTHER = "https://youtu.be/haHLRD0QZ08"
TRACKED = f"{VIDEO}?si=abc"


def fix_of(text: str, kind: Format, handles: dict[str, str] | None = None, ignoring: IgnoreRules | None = None) -> Fix:
    source = Source("list", kind, lines_of(text), reader_for(kind))
    return plan_fix(source, handles or {}, ignoring or IgnoreRules(()))


def fixed(text: str, kind: Format, handles: dict[str, str] | None = None) -> str:
    return "".join(fix_of(text, kind, handles).lines)
