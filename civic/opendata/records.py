"""What programs and feed readers get: records as JSON, some at a time, and what is new as Atom."""

from collections.abc import Callable
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from civic.kernel.keyset import keyset_page

SIZE = 50


def open_data(content: dict[str, Any]) -> JsonResponse:
    """JSON that any site may read."""
    return JsonResponse(
        content, headers={"Access-Control-Allow-Origin": "*"}, json_dumps_params={"ensure_ascii": False}
    )


def records(
    request: HttpRequest,
    name: str,
    rows: QuerySet,
    *,
    order: tuple[str, ...],
    as_record: Callable[[Any, HttpRequest], dict[str, Any]],
) -> JsonResponse:
    """50 rows under their name, and as `next` the address of the following ones; the route is `<name>-json`."""
    page = keyset_page(rows, order=order, cursor=request.GET.get("after", ""), size=SIZE)
    following = f"{reverse(f'{name}-json')}?after={page.next_cursor}" if page.next_cursor else None
    return open_data(
        {
            name: [as_record(row, request) for row in page.items],
            "next": request.build_absolute_uri(following) if following else None,
        }
    )


class News(Feed):
    """Rows with a title and, by `told`, a line of text."""

    feed_type = Atom1Feed

    def told(self, item: Any) -> str:
        raise NotImplementedError

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        # Readers show it as HTML: Atom says type="html" (RFC 4287, 3.1.1.3).
        return escape(self.told(item))
