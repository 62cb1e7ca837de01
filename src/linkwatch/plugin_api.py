"""What plug-ins import: the interfaces, and the values that they give and take. docs/guide/plugins.md says how.

What is listed in `__all__` follows semantic versioning.
"""

from linkwatch.catalogue.catalogue import Catalogue, CataloguedLink
from linkwatch.errors import ListError
from linkwatch.models.link import Link
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import BROKEN, CHANGED, IN_THE_LIST, MISSING, Group, Level, Rule, Subject
from linkwatch.report.formats import FormatPlugin
from linkwatch.report.model import Extra, Finding, Report, ReportedResource
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.registry import RulePlugin
from linkwatch.sources.embeds import Syntax
from linkwatch.sources.formats import ReaderPlugin

__all__ = [
    "BROKEN",
    "CHANGED",
    "IN_THE_LIST",
    "MISSING",
    "Catalogue",
    "CataloguedLink",
    "Extra",
    "Finding",
    "FormatPlugin",
    "Group",
    "Kind",
    "Level",
    "Link",
    "ListError",
    "ReaderPlugin",
    "Report",
    "ReportedResource",
    "Resource",
    "Rule",
    "RuleContext",
    "RulePlugin",
    "Subject",
    "Syntax",
]
