from civic.moderation.measures import Measure, SanctionKind
from civic.moderation.models.appeals import Appeal
from civic.moderation.models.cases import Case
from civic.moderation.models.decisions import Decision, Reason, Statement
from civic.moderation.models.desks import Desk
from civic.moderation.models.duty import Alert, Duty
from civic.moderation.models.evidence import Evidence
from civic.moderation.models.facts import ApartKind
from civic.moderation.models.notes import Note, SavedReply
from civic.moderation.models.reports import Outcome, Report
from civic.moderation.models.sanctions import Sanction
from civic.moderation.models.subjects import Subject, Trigger
from civic.moderation.models.terms import Effect, Match, Screening, Signal, Term

__all__ = [
    "Alert",
    "ApartKind",
    "Appeal",
    "Case",
    "Decision",
    "Desk",
    "Duty",
    "Effect",
    "Evidence",
    "Match",
    "Measure",
    "Note",
    "Outcome",
    "Reason",
    "Report",
    "Sanction",
    "SanctionKind",
    "SavedReply",
    "Screening",
    "Signal",
    "Statement",
    "Subject",
    "Term",
    "Trigger",
]
