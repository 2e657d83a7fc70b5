"""The shape of what clerks type."""

from livestream.desk.forms.agenda import AgendaTableForm, ItemForm
from livestream.desk.forms.council import CouncilTableForm
from livestream.desk.forms.papers import PaperForm, VersionForm
from livestream.desk.forms.pictures import CutForm, KeyForm
from livestream.desk.forms.polls import AskForm
from livestream.desk.forms.presence import ProxyForm
from livestream.desk.forms.sittings import AnnouncementForm, NewForm, ReasonForm
from livestream.desk.forms.votes import HandsForm, RollCallForm, SecretForm

__all__ = [
    "AgendaTableForm",
    "AnnouncementForm",
    "AskForm",
    "CouncilTableForm",
    "CutForm",
    "HandsForm",
    "ItemForm",
    "KeyForm",
    "NewForm",
    "PaperForm",
    "ProxyForm",
    "ReasonForm",
    "RollCallForm",
    "SecretForm",
    "VersionForm",
]
