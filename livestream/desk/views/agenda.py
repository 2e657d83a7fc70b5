"""The agenda: its items one by one, their order, what becomes of each, and many out of a table."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from civic.kernel.uploads import takes_file
from livestream.desk.forms import AgendaTableForm, ItemForm
from livestream.desk.forms.agenda import LARGEST_AGENDA
from livestream.desk.views.doors import form_page, item_of, number_in, show, sitting_of
from livestream.importing import import_agenda
from livestream.models import Item, Sitting, State, agenda


@form_page(ItemForm)
def new_item(request, pk):
    """One item more; then the next one, on the same page."""
    sitting = sitting_of(request, pk)
    form = ItemForm(request.POST or None, sitting=sitting)
    if form.is_valid():
        made = agenda.add_item(sitting, request.user, revision=sitting.revision, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Item %(number)s is added.") % {"number": made.number})
        return redirect("sitting:item-new", sitting.pk) if "more" in request.POST else back_to(sitting, made)
    return show(request, "item", {"sitting": sitting}, form=form)


@form_page(ItemForm)
def item(request, pk, item):
    """One item: its words, its place, and whether it is examined."""
    sitting = sitting_of(request, pk)
    found = item_of(request, sitting, item)
    form = ItemForm(request.POST or None, sitting=sitting, item=found)
    if form.is_valid():
        agenda.edit_item(found, request.user, revision=sitting.revision, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Item %(number)s is kept.") % {"number": form.cleaned_data["number"]})
        return back_to(sitting, found)
    context = {"sitting": sitting, "item": found, "is_draft": sitting.state == State.DRAFT}
    return show(request, "item", context, form=form)


@form_page()
def change_state(request, pk, item):
    """Withdraw, postpone, take back in or take away. Its address may come back as a link, after signing in."""
    sitting = sitting_of(request, pk)
    found = item_of(request, sitting, item)
    acts = {
        "withdraw": (agenda.withdraw_item, _("Item %(number)s is withdrawn.")),
        "postpone": (agenda.postpone_item, _("Item %(number)s is postponed.")),
        "restore": (agenda.restore_item, _("Item %(number)s is back on the agenda.")),
        "remove": (agenda.remove_item, _("Item %(number)s is taken away.")),
    }
    act = request.POST.get("act")
    if act in acts:
        do, said = acts[act]
        do(found, request.user, revision=number_in(request, "revision") or 0, at=timezone.now())
        messages.success(request, said % {"number": found.number})
    return back_to(sitting, found)


@form_page()
def arrange(request, pk):
    """Move an item one place up or down: the button carries which. As a link it leads back."""
    sitting = sitting_of(request, pk)
    for name, step in (("up", -1), ("down", 1)):
        if name in request.POST:
            moved = item_of(request, sitting, request.POST[name])
            revision = number_in(request, "revision") or 0
            agenda.move_item(moved, request.user, step=step, revision=revision, at=timezone.now())
            return back_to(sitting, moved)
    return redirect("sitting:sitting", sitting.pk)


@form_page(AgendaTableForm)
@takes_file(most=LARGEST_AGENDA)
def import_items(request, pk):
    """Items out of a table: read, shown with the faults of its lines, then added all at once."""
    sitting = sitting_of(request, pk)
    form = AgendaTableForm(request.POST or None, request.FILES or None, sitting=sitting)
    if form.is_valid() and "keep" in request.POST:
        added = import_agenda(sitting, request.user, text=form.text, at=timezone.now())
        said = ngettext("%(count)s item is added.", "%(count)s items are added.", added)
        messages.success(request, said % {"count": added})
        return redirect("sitting:sitting", sitting.pk)
    return show(request, "import_items", {"sitting": sitting}, form=form)


def back_to(sitting: Sitting, item: Item):
    """The agenda, at that item: whoever uses a keyboard goes on from there."""
    return redirect(f"{reverse('sitting:sitting', args=[sitting.pk])}#{item.anchor}")
