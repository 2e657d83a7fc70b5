"""Mail to those who asked moderators something: reporters and appellants, in the language that they asked in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from civic.moderation import registry
from civic.notifications import outbox

if TYPE_CHECKING:
    from civic.accounts.models import User
    from civic.moderation.models import Appeal, Report
    from civic.moderation.registry import Card


def tell_receipt(report: Report) -> None:
    _post(f"report:{report.pk}:receipt", report.reporter, "report_receipt", report.language, _of_report(report))


def tell_outcome(report: Report, *, card: Card | None = None) -> None:
    _post(_outcome_key(report), report.reporter, "report_outcome", report.language, _of_report(report, card))


def take_outcome_back(report: Report) -> None:
    """The decision was undone: its news doesn't leave or, where it has left, is corrected."""
    key = _outcome_key(report)
    if not outbox.cancel(key) and outbox.has_left(key):
        _post(f"{key}:taken-back", report.reporter, "report_reopened", report.language, _of_report(report))


def tell_revision(report: Report) -> None:
    """An appeal turned the outcome round: its news says so from the start, where it has not left yet."""
    key = _outcome_key(report)
    template = "report_outcome" if outbox.cancel(key) else "report_revised"
    _post(f"{key}:revised", report.reporter, template, report.language, _of_report(report))


def tell_appeal_received(appeal: Appeal) -> None:
    _post(f"appeal:{appeal.pk}:receipt", appeal.by, "appeal_receipt", appeal.language, _of_appeal(appeal))


def tell_appeal_answered(appeal: Appeal) -> None:
    _post(f"appeal:{appeal.pk}:outcome", appeal.by, "appeal_outcome", appeal.language, _of_appeal(appeal))


def address_of(view: str, *args: object, language: str) -> str:
    """The whole address of a page in that language."""
    with translation.override(language):
        return settings.SITE_URL + reverse(view, args=args)


def _post(key: str, person: User | None, template: str, language: str, context: Mapping[str, Any]) -> None:
    """Nothing for somebody whose account was erased since."""
    if person:
        outbox.post(key, person.email, template, {"person": person, **context}, language=language)


def _outcome_key(report: Report) -> str:
    # By moment: a case that was reopened is decided anew, and that is told anew.
    settled_at = report.settled_at.timestamp() if report.settled_at else 0
    return f"report:{report.pk}:outcome:{settled_at:.6f}"


def _of_report(report: Report, card: Card | None = None) -> dict[str, Any]:
    return {
        "report": report,
        "card": card or registry.describe([report.subject]).get(report.subject_id),
        "url": address_of("my_moderation:reports", language=report.language),
    }


def _of_appeal(appeal: Appeal) -> dict[str, Any]:
    return {
        "appeal": appeal,
        "statement": appeal.statement,
        "card": registry.describe([appeal.case.subject]).get(appeal.case.subject_id),
        "url": address_of("my_moderation:decision", appeal.statement_id, language=appeal.language),
    }
