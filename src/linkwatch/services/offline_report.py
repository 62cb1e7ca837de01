"""The report of what the lists alone give: for hooks and editors, without a database and without YouTube."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from linkwatch.acknowledgements.matching import active_acknowledgements, merge_acknowledgements
from linkwatch.catalogue.catalogue import Catalogue
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.report.acknowledgements import apply_acknowledgements
from linkwatch.report.build import build_report
from linkwatch.report.input import ReportInput
from linkwatch.report.model import Report
from linkwatch.settings import Settings


def report_lists_only(
    catalogue: Catalogue, *, settings: Settings, now: datetime, listed_acks: Iterable[Acknowledgement] | None = None
) -> Report:
    """Report what is malformed, listed twice, not canonical or can't be monitored.

    Args:
        catalogue: The links.
        settings: The levels of the rules.
        now: The time of the report.
        listed_acks: Of the acknowledgements file; None: there is none.
    """
    report = build_report(ReportInput(now=now, settings=settings, catalogue=catalogue))
    # What is new is known from the database only.
    findings = [replace(finding, new=False) for finding in report.findings]
    accepted = active_acknowledgements(merge_acknowledgements(listed_acks, (), {}), now, None)
    return apply_acknowledgements(replace(report, findings=findings, lists_only=True), accepted)
