"""The council out of a table."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.kernel.table_form import TableForm
from civic.kernel.tabular import Table
from livestream.importing import read_council

LARGEST_COUNCIL = 100_000


class CouncilTableForm(TableForm):
    """Members with their groups; `text` is what was read."""

    largest = LARGEST_COUNCIL
    too_big = _("This file is too big for a council.")
    not_taken = _("Some lines can’t be taken as they are. Nothing is changed yet.")
    text = ""

    def read_lines(self, text: str) -> Table:
        self.text = text
        return read_council(text, today=timezone.localdate())

    def shown(self, row: dict[str, Any]) -> tuple[str, str]:
        return row["name"], row["group"]
