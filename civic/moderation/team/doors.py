"""Who may open the team's own pages."""

from functools import wraps

from civic.accounts.access import role_required
from civic.accounts.models import Role
from civic.kernel.caching import private_page
from civic.moderation.errors import WholeCityOnly

KEEPERS = (Role.MODERATOR, Role.ADMINISTRATOR)


def keepers_only(view):
    """For moderators of the whole city and administrators: what they keep is the same for every space."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not request.user.has_role(*KEEPERS):
            raise WholeCityOnly
        return view(request, *args, **kwargs)

    return private_page(role_required(*KEEPERS)(wrapper))
