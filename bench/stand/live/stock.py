"""A group as Channels' documentation makes it (in memory, or in Redis with REDIS_URL), beside the product's pages."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "civic.settings")
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402

if not settings.REDIS_URL:
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


class Follower(AsyncWebsocketConsumer):
    groups = ["crowd"]

    async def receive(self, text_data=None, bytes_data=None):
        await self.channel_layer.group_send("crowd", {"type": "tell", "text": text_data})

    async def tell(self, event):
        await self.send(event["text"])


application = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": Follower.as_asgi()})
