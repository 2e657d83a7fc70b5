"""Petitions: the text and its life, its thresholds, its signatures, its count."""

from petitions.models.counter import Counter
from petitions.models.moderated import SignedSince
from petitions.models.petition import Petition, PetitionClosed, PetitionIncomplete
from petitions.models.request import SignatureRequest
from petitions.models.signature import AlreadySigned, MailboxFull, Signature, SignatureSetAside, Signer
from petitions.models.states import PetitionState
from petitions.models.threshold import Threshold, ThresholdKind, ThresholdRule

__all__ = [
    "AlreadySigned",
    "Counter",
    "MailboxFull",
    "Petition",
    "PetitionClosed",
    "PetitionIncomplete",
    "PetitionState",
    "Signature",
    "SignatureRequest",
    "SignatureSetAside",
    "SignedSince",
    "Signer",
    "Threshold",
    "ThresholdKind",
    "ThresholdRule",
]
