"""Consultations: the text and its life, its questions, its voter roll, its ballot box, its result."""

from consultations.models.ballots import Ballot, Envelope, OpenBallot
from consultations.models.consultation import Consultation, Follows, Residence, Secrecy
from consultations.models.document import Document
from consultations.models.phase import Extension, Phase, PhaseKind
from consultations.models.question import Counting, Option, Question, QuestionKind
from consultations.models.result import Result
from consultations.models.roll import Channel, PostalCode, RollEntry, Turnout
from consultations.models.scrutineer import Scrutineer
from consultations.models.states import State
from consultations.models.version import Version, VotedBefore

__all__ = [
    "Ballot",
    "Channel",
    "Consultation",
    "Counting",
    "Document",
    "Envelope",
    "Extension",
    "Follows",
    "OpenBallot",
    "Option",
    "Phase",
    "PhaseKind",
    "PostalCode",
    "Question",
    "QuestionKind",
    "Residence",
    "Result",
    "RollEntry",
    "Scrutineer",
    "Secrecy",
    "State",
    "Turnout",
    "Version",
    "VotedBefore",
]
