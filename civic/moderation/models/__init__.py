from civic.moderation.measures import Measure, SanctionKind
from civic.moderation.models.cases import Case
from civic.moderation.models.decisions import Decision, Reason, Statement
from civic.moderation.models.evidence import Evidence
from civic.moderation.models.facts import ApartKind
from civic.moderation.models.notes import Note, SavedReply
from civic.moderation.models.sanctions import Sanction
from civic.moderation.models.subjects import Subject, Trigger

__all__ = [
    "ApartKind",
    "Case",
    "Decision",
    "Evidence",
    "Measure",
    "Note",
    "Reason",
    "Sanction",
    "SanctionKind",
    "SavedReply",
    "Statement",
    "Subject",
    "Trigger",
]
