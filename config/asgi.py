"""Entry point of `live` (sockets below /ws/) and of runserver (both)."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from channels.sessions import SessionMiddlewareStack
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
http = get_asgi_application()

# After Django is set up: these import models.
from channels.auth import AuthMiddleware  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path  # noqa: E402

from generations.live.consumer import LiveConsumer  # noqa: E402

sockets = URLRouter([path("ws/live/", LiveConsumer.as_asgi())])

application = ProtocolTypeRouter(
    {
        "http": http,
        # An explicit list of origins: the hosts' list of Channels looks at neither scheme nor port.
        "websocket": OriginValidator(SessionMiddlewareStack(AuthMiddleware(sockets)), settings.WEB_ORIGINS),
    }
)
