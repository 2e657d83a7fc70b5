"""The shape of what is written in a thread."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from civic.comments.models import Position, Thread
from civic.comments.models.arranged import PINNED_LENGTH
from civic.comments.models.facts import TEXT_LENGTH
from civic.comments.models.thread import REASON_LENGTH
from civic.comments.wording import lasting
from civic.kernel.fields import Line
from civic.kernel.text import without_control

# In seconds: one may have gone back to the beginning of a long evening.
FURTHEST_BEHIND = 12 * 3600
POSITIONS = [
    (Position.FOR, _("I am for")),
    (Position.AGAINST, _("I am against")),
    (Position.NEUTRAL, _("Neither: a question, an idea")),
]


class Words(forms.CharField):
    """Text of several lines; cleaned before it is measured: what passes is what is kept."""

    widget = forms.Textarea

    def to_python(self, value):
        return without_control(super().to_python(value) or "").strip()


class Behind(forms.Field):
    """By how many seconds a picture is late, as the browser says; whatever else it says is taken for none."""

    widget = forms.HiddenInput

    def to_python(self, value) -> int:
        seconds = str(value or "").partition(".")[0]
        return min(int(seconds), FURTHEST_BEHIND) if seconds.isdecimal() and len(seconds) < 9 else 0


class ReplyForm(forms.Form):
    text = Words(
        label=_("Your reply"),
        max_length=TEXT_LENGTH,
        help_text=_("2,000 characters at most. Lists with “- ”, **bold**, links to your sources."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    is_official = forms.BooleanField(
        label=_("This is the official answer"),
        help_text=_("It is marked as such, and shown among the first replies."),
        required=False,
    )
    # Made with the form: sent twice, it makes one comment.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    behind = Behind(required=False)

    def __init__(self, *args, can_answer: bool = False, **options):
        super().__init__(*args, **options)
        if not can_answer:
            del self.fields["is_official"]


class CommentForm(ReplyForm):
    position = forms.ChoiceField(
        label=_("Your position"),
        choices=POSITIONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you are for, against, or neither.")},
    )
    field_order = ["position", "text", "key"]

    def __init__(self, *args, thread: Thread, **options):
        super().__init__(*args, **options)
        self.fields["text"].label = _("Your question") if thread.asks_questions else _("Your comment")
        if not thread.asks_position:
            del self.fields["position"]


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why this debate is closed"),
        help_text=_("Everybody reads it, above the debate. Your name is not shown. 300 characters at most."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Write why: a debate is closed for a reason that everybody can read.")},
    )


class Spans(forms.TypedChoiceField):
    """A few spans of time in seconds, none first, and the one that is set already."""

    widget = forms.RadioSelect

    def __init__(self, *spans: int, **options):
        self.spans = spans
        super().__init__(coerce=int, choices=[(0, ""), *((span, "") for span in spans)], **options)

    def offer(self, current: int) -> None:
        """Say them in the reader's language."""
        spans = sorted({0, current, *self.spans})
        self.choices = [(span, lasting(span) if span else _("No")) for span in spans]


class ArrangeForm(forms.Form):
    slow_seconds = Spans(
        10, 30, 60, 300, 900,
        label=_("Slow mode"),
        help_text=_("The time that lies at least between two texts of one person. Moderators write as they like."),
    )  # fmt: skip

    delay_seconds = Spans(
        10, 20, 30, 60,
        label=_("Delay"),
        help_text=_("For how long moderators alone see a text before everybody does."),
    )  # fmt: skip

    pinned = Line(
        label=_("A word to everybody"),
        help_text=_("It stands above the debate until you take it away. 300 characters at most."),
        max_length=PINNED_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, *args, thread: Thread, **options):
        current = {name: getattr(thread, name) for name in self.base_fields}
        super().__init__(*args, **{"initial": current} | options)
        for name, field in self.fields.items():
            if isinstance(field, Spans):
                field.offer(current[name])


class EditForm(forms.Form):
    text = Words(
        label=_("Corrected text"),
        max_length=TEXT_LENGTH,
        help_text=ReplyForm.base_fields["text"].help_text,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
