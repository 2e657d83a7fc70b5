"""Who may open a page."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login

from civic.kernel.errors import NotAllowed


def role_required(*roles: str):
    """Open a view to accounts that hold one of `roles` somewhere; raises NotAllowed (403) for others.

    A visitor who is not signed in is sent to sign in, and comes back. Whether a role that is held in
    some spaces only reaches the object asked for is the view's question (`has_role(…, space=…)`, 404).
    """

    def decorate(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.has_role_somewhere(*roles):
                raise NotAllowed
            return view(request, *args, **kwargs)

        return wrapper

    return decorate
