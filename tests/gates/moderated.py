"""The part of the gates' world that due process needs: reports, statements of reasons, appeals."""

from datetime import datetime, timedelta
from uuid import uuid4

from civic.moderation.models import Case, Measure, Reason, SanctionKind, Statement, Subject, Trigger

LONG = "Une phrase que quelqu’un a écrite sans reprendre son souffle, avec anticonstitutionnellement dedans. "


def make_due_process(world, subjects: list[Subject], at: datetime) -> None:
    """A report, and for four texts of the author's a statement: new, with a warning, appealed, answered."""
    harm = Reason.objects.get(code="personal_attack")
    subject = Subject.objects.get(**world.samples["subject_open"])
    report = subject.report(world.people["resident"], reason=harm, sentence=LONG, at=at)
    world.samples["case_reported"] = {"pk": report.case_id}
    names = ("statement", "statement_warned", "statement_appealed", "statement_answered")
    for name, subject in zip(names, subjects, strict=True):
        measures = [Measure(SanctionKind.WARNING)] if name == "statement_warned" else []
        decision = decided(subject, world.people["unproven"], harm, measures, at=at - timedelta(days=1))
        world.samples[name] = {"pk": decision.statement.pk}
    for name in names[2:]:
        statement = Statement.objects.get(**world.samples[name])
        appeal = statement.appeal(world.people["author"], text=LONG * 3, at=at)
        world.samples[name.replace("statement", "case")] = {"pk": appeal.case_id}
        world.samples[name.replace("statement", "appeal")] = {"pk": appeal.pk}
    Case.objects.get(**world.samples["case_appealed"]).claim(world.people["moderator"])
    appeal.decide(world.people["moderator"], upheld=False, answer=LONG, version=0, key=uuid4(), at=at)


def decided(subject: Subject, by, reason: Reason, measures: list[Measure], *, at: datetime):
    """The text hidden or, with measures, left as it is."""
    case: Case = subject.open_case(Trigger.REPORT, at=at)
    action = "keep" if measures else "hide"
    return case.decide(
        by, action, version=0, revision=case.card().revision, key=uuid4(), at=at, reason=reason, measures=measures
    )
