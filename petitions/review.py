"""What moderation asks of petitions: how one is shown, and what a decision does to it."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from civic.moderation.models import Decision, Subject
from civic.moderation.registry import Card, Part, SubjectKind
from petitions.models import Petition


def describe(subjects: Sequence[Subject]) -> Mapping[int, Card]:
    petitions = Petition.objects.filter(subject__in=subjects).select_related("author", "theme", "quarter")
    return {petition.subject_id: card(petition) for petition in petitions}


def card(petition: Petition) -> Card:
    place = petition.quarter.name if petition.quarter else _("The whole city")
    return Card(
        title=petition.title,
        url=petition.get_absolute_url(),
        revision=petition.revision,
        parts=[
            Part(_("Title"), petition.title),
            Part(_("What is asked"), petition.request),
            Part(_("Details"), petition.details, is_rich=True),
            Part(_("Theme and place"), f"{petition.theme or ''} – {place}"),
        ],
        author_name=petition.author_name,
        context={"petition": petition},
    )


def author_of(subject: Subject):
    return Petition.objects.select_related("author").get(subject=subject).author


def revision_of(subject: Subject) -> int:
    return Petition.objects.select_for_update().get(subject=subject).revision


def apply(subject: Subject, decision: Decision) -> None:
    """Publish or refuse; moderation writes to the author."""
    petition = Petition.objects.get(subject=subject)
    if decision.reason is None:
        petition.publish(at=decision.at)
    else:
        petition.refuse(decision.reason, suggestion=decision.suggestion, at=decision.at)


KIND = SubjectKind(
    name="petition",
    label=_("Petition"),
    describe=describe,
    author_of=author_of,
    revision_of=revision_of,
    apply=apply,
)
