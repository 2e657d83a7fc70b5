from civic.moderation.models.cases import Case
from civic.moderation.models.decisions import Decision, Reason, Statement
from civic.moderation.models.subjects import Subject, Trigger

__all__ = ["Case", "Decision", "Reason", "Statement", "Subject", "Trigger"]
