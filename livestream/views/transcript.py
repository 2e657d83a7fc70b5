"""What was said in a sitting, to read and to search in; each line leads to its moment in the replay."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from civic.kernel.caching import public_page
from civic.kernel.keyset import keyset_page
from civic.kernel.text import plain_line
from livestream.models import Item, Recording, Sitting
from livestream.models.caption import Caption
from livestream.models.recording import with_picture
from livestream.video import playlists
from livestream.video.picture import clock

SIZE, LONGEST_QUERY = 100, 100


@dataclass(frozen=True)
class Line:
    caption: Caption
    item: Item | None
    begins: float
    # Said once, where somebody begins to speak.
    speaker: str

    @property
    def seconds(self) -> int:
        return int(self.begins)

    @property
    def clock(self) -> str:
        return clock(self.begins)


@require_safe
@public_page(max_age=5)
def transcript(request, pk, slug):
    sitting = get_object_or_404(with_picture(Sitting.objects.filter(opened_at__isnull=False)), pk=pk, has_captions=True)
    if slug != sitting.slug:
        return redirect("council:transcript", sitting.pk, sitting.slug, permanent=True)
    query = plain_line(request.GET.get("q", ""))[:LONGEST_QUERY]
    cursor = request.GET.get("apres", "")
    rows = sitting.recording.captions.outside(sitting.recording.hidden)
    page = keyset_page(rows.search(query) if query else rows, order=("begins_at", "pk"), cursor=cursor, size=SIZE)
    asked = {"q": query} if query else {}
    context = {
        "sitting": sitting,
        "query": query,
        "parts": [
            (item, list(lines)) for item, lines in groupby(lines_of(page.items, sitting), lambda line: line.item)
        ],
        "next_url": f"?{urlencode(asked | {'apres': page.next_cursor})}" if page.next_cursor else "",
        "first_url": f"?{urlencode(asked)}" if cursor else "",
        "section": "council",
    }
    return render(request, "livestream/transcript.html", context)


def lines_of(captions: Sequence[Caption], sitting: Sitting) -> list[Line]:
    """With the item during which each was said, and where the replay has it."""
    recording: Recording = sitting.recording
    segments = recording.shown()
    passages = list(sitting.passages.select_related("item"))
    begun = [passage.begins_at for passage in passages]
    lines: list[Line] = []
    before = ""
    for caption in captions:
        number = bisect_right(begun, caption.begins_at)
        item = passages[number - 1].item if number else None
        is_new = caption.speaker != before or bool(lines and lines[-1].item != item)
        position = playlists.position(segments, caption.begins_at)
        lines.append(Line(caption, item, position, caption.speaker if is_new else ""))
        before = caption.speaker
    return lines
