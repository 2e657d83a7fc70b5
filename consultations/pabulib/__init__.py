"""Pabulib files (.pb): reading, writing and counting participatory budgets of any city.

election = read(path.read_bytes())          # raises BrokenFile(line, sentence)
assert write(election.document) == path.read_bytes()
question, answers = as_question(election), as_answers(election)
"""

from consultations.pabulib.document import Document, Section, parse, write
from consultations.pabulib.election import Election, Project, Vote, VoteType
from consultations.pabulib.faults import BrokenFile, Notice
from consultations.pabulib.question import as_answers, as_question
from consultations.pabulib.read import read

__all__ = [
    "BrokenFile",
    "Document",
    "Election",
    "Notice",
    "Project",
    "Section",
    "Vote",
    "VoteType",
    "as_answers",
    "as_question",
    "parse",
    "read",
    "write",
]
