"""The shape of what clerks type."""

from consultations.desk.forms.acts import (
    ConfirmForm,
    DecisionForm,
    DocumentForm,
    ExtensionForm,
    ReasonForm,
)
from consultations.desk.forms.corrections import (
    CorrectionForm,
    LimitsCorrectionForm,
    OfferForm,
    OptionCorrectionForm,
    TakeOutForm,
)
from consultations.desk.forms.counter import (
    EnterForm,
    FindAccountForm,
    ListForm,
    PersonForm,
    ResidenceForm,
    RollForm,
    ScrutineerForm,
)
from consultations.desk.forms.dates import DatesForm
from consultations.desk.forms.questions import OptionForm, OptionTableForm, QuestionForm, WayForm
from consultations.desk.forms.sections import EasyForm, NewForm, PeopleForm, SecrecyForm, TextForm

__all__ = [
    "ConfirmForm",
    "CorrectionForm",
    "DatesForm",
    "DecisionForm",
    "DocumentForm",
    "EasyForm",
    "EnterForm",
    "ExtensionForm",
    "FindAccountForm",
    "LimitsCorrectionForm",
    "ListForm",
    "NewForm",
    "OfferForm",
    "OptionCorrectionForm",
    "OptionForm",
    "OptionTableForm",
    "PeopleForm",
    "PersonForm",
    "QuestionForm",
    "ReasonForm",
    "ResidenceForm",
    "RollForm",
    "ScrutineerForm",
    "SecrecyForm",
    "TakeOutForm",
    "TextForm",
    "WayForm",
]
