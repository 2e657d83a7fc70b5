"""A ballot as a form sends it. Nothing of it is kept on the server: what was typed travels along in hidden fields."""

from collections.abc import Collection, Iterable, Mapping
from typing import Self

from django.http import QueryDict

from consultations.faults import Fault
from consultations.models import Question
from consultations.question_form import QuestionForm
from consultations.tally import Answer
from consultations.typed_answer import fields_of


class BallotForm:
    """All questions of a consultation with what was typed for them."""

    def __init__(self, questions: Iterable[Question], typed: QueryDict):
        self.questions = [QuestionForm(question, number, typed) for number, question in enumerate(questions, 1)]

    @classmethod
    def of_answers(cls, questions: Iterable[Question], answers: Mapping[str, Answer]) -> Self:
        """The form of a vote that was sent, to be changed."""
        typed = QueryDict(mutable=True)
        for number, question in enumerate(questions, 1):
            if question.slug in answers:
                for name, value in fields_of(question.as_rule(), number, answers[question.slug]):
                    typed.appendlist(name, value)
        return cls(questions, typed)

    def __getitem__(self, number: int) -> QuestionForm:
        return self.questions[number - 1]

    def __len__(self) -> int:
        return len(self.questions)

    @property
    def faults(self) -> list[Fault]:
        return [question.fault for question in self.questions if question.fault]

    @property
    def answers(self) -> dict[str, Answer]:
        return {question.rule.slug: question.answer for question in self.questions}

    def fields(self, *, shown: Collection[int] = ()) -> list[tuple[str, str]]:
        """What travels along in hidden fields: all that was typed, but for the questions that the page shows."""
        return [
            (name, value)
            for question in self.questions
            for name, value in question.fields()
            if question.number not in shown or name.endswith("_blank")
        ]

    def replaced(self, question: QuestionForm) -> "BallotForm":
        return BallotForm([each.question for each in self.questions], question.typed)
