"""Sections of a draft: forms over what is stored of a consultation."""

from typing import Any

from civic.kernel.kept import KeptForm
from consultations.models import Consultation


class SectionForm(KeptForm):
    """One section of a draft."""

    def __init__(self, data: Any = None, *, consultation: Consultation, **options: Any):
        super().__init__(data, stored=self.stored(consultation), **options)

    def stored(self, consultation: Consultation) -> dict[str, Any]:
        """What is kept now, as the initial values of the fields."""
        return {name: getattr(consultation, name) for name in self.base_fields if name != "seen"}
