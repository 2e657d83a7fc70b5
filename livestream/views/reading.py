"""What anyone reads: the list of sittings, one with its agenda, its documents."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from civic.kernel.caching import private_page, public_page
from civic.kernel.keyset import keyset_page
from civic.kernel.middleware import content_policy
from livestream.exchanges import exchanges_of
from livestream.models import PaperVersion, Sitting, State, shown
from livestream.models.hand_poll import newest_poll, with_newest_poll
from livestream.models.recording import with_picture
from livestream.models.states import OVER, UNDER_WAY
from livestream.video.picture import picture_of

SIZE = 20
# Should a browser show the file all the same: nothing in it runs, and it asks for nothing.
NOTHING_RUNS = "default-src 'none'; sandbox"


def readable(request, pk: int) -> Sitting:
    rows = with_newest_poll(with_picture(Sitting.objects.visible_to(request.user).with_life()))
    return get_object_or_404(rows.select_related("theme", "stream", "thread", "chair", "secretary"), pk=pk)


@require_safe
@public_page(max_age=2)
def sitting_list(request):
    """Live ones, those to come with the soonest first, those that are over with the latest first."""
    cursor = request.GET.get("apres", "")
    rows = Sitting.objects.public().with_life().select_related("theme")
    page = keyset_page(rows.in_state(*OVER), order=("-starts_at", "-pk"), cursor=cursor, size=SIZE)
    over = {"key": "over", "title": _("Before"), "rows": page.items, "nothing": _("None yet.")}
    over["next_url"] = f"?apres={page.next_cursor}" if page.next_cursor else ""
    sections = [] if cursor else current_sections(rows)
    context = {"sections": [*sections, over], "first_url": request.path if cursor else "", "section": "council"}
    return render(request, "livestream/list.html", context)


def current_sections(rows):
    found = list(rows.in_state(*UNDER_WAY, State.CONVENED).order_by("starts_at", "pk")[:100])
    live = [row for row in found if row.state != State.CONVENED]
    coming = [row for row in found if row.state == State.CONVENED]
    sections = [{"key": "live", "title": _("Under way"), "rows": live}] if live else []
    return [*sections, {"key": "coming", "title": _("To come"), "rows": coming, "nothing": _("None is announced.")}]


@require_safe
@public_page(max_age=2)
def detail(request, pk, slug):
    sitting = readable(request, pk)
    if slug != sitting.slug:
        return redirect(sitting, permanent=True)
    context = shown_of(sitting, request.user, at=timezone.now())
    response = render(request, "livestream/detail.html", context)
    if context["picture"]:
        # What hls.js feeds to the player comes from the script itself.
        response["Content-Security-Policy"] = content_policy(media_src="'self' blob:")
    return response


def shown_of(sitting: Sitting, user, *, at) -> dict:
    """What the page of a sitting shows, in five queries."""
    agenda = shown.agenda_of(sitting)
    current = agenda.current
    return {
        "sitting": sitting,
        "state": sitting.state,
        "agenda": agenda,
        "current": current,
        "debate": exchanges_of(sitting, current.item if current else None, at=at, user=user),
        "picture": picture_of(sitting, (entry.item for entry in agenda.entries)),
        "attendance": shown.attendance_of(sitting) if sitting.is_council else None,
        "poll": newest_poll(sitting),
        "can_be_followed": sitting.state not in (State.DRAFT, *OVER),
        "section": "council",
    }


@require_safe
@public_page(max_age=5)
def short_address(request, pk):
    return redirect(get_object_or_404(Sitting.objects.visible_to(request.user), pk=pk), permanent=True)


@require_safe
@private_page
def paper(request, pk, paper, number):
    """A version of a document, as it was added. Those of a draft are for clerks."""
    with_content = PaperVersion.objects.defer(None).select_related("paper__sitting__space")
    found = get_object_or_404(with_content, paper=paper, number=number, paper__sitting=pk)
    sitting = found.paper.sitting
    if sitting.convened_at is None and not sitting.can_be_run_by(request.user):
        raise Http404
    response = HttpResponse(bytes(found.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{slugify(found.paper.title) or "document"}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    return response
