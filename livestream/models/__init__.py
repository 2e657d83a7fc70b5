"""The council: who sits in it, its sittings, their agenda, what is decided, and who follows."""

from livestream.models.attendance import Presence, Proxy, Quorum
from livestream.models.breaks import Break, BreakKind
from livestream.models.caption import Caption
from livestream.models.council import Councillor, Group, Office
from livestream.models.division import Choice, Division, Method, Outcome, Totals, Voice
from livestream.models.follow import Follow, Moment, Told
from livestream.models.hand_poll import HandAnswer, HandChoice, HandPoll
from livestream.models.item import CommentMode, Item, ItemKind, ItemState
from livestream.models.paper import Paper, PaperVersion
from livestream.models.passage import Passage
from livestream.models.recording import Cut, Recording, StreamKey
from livestream.models.sitting import Sitting, SittingKind
from livestream.models.speech import Speech
from livestream.models.states import State

__all__ = [
    "Break",
    "BreakKind",
    "Caption",
    "Choice",
    "CommentMode",
    "Councillor",
    "Cut",
    "Division",
    "Follow",
    "Group",
    "HandAnswer",
    "HandChoice",
    "HandPoll",
    "Item",
    "ItemKind",
    "ItemState",
    "Method",
    "Moment",
    "Office",
    "Outcome",
    "Paper",
    "PaperVersion",
    "Passage",
    "Presence",
    "Proxy",
    "Quorum",
    "Recording",
    "Sitting",
    "SittingKind",
    "Speech",
    "State",
    "StreamKey",
    "Told",
    "Totals",
    "Voice",
]
