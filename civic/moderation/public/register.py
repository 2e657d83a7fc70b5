"""What everybody may read of moderation."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from civic.kernel.caching import public_page
from civic.moderation.models import Reason


@require_safe
@public_page(max_age=60)
def how(request):
    """How moderation works, in plain words, with the grounds of the charter as they are today."""
    return render(request, "moderation/how.html", {"reasons": Reason.objects.filter(is_active=True)})
