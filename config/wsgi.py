"""The HTTP door: granian serves this. Sockets come in through config/asgi.py."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# After Django is set up: a library of template tags.
from generations.templatetags.icons import icon_sprite  # noqa: E402

# Nobody's first page waits for it; on a busy machine it took seconds.
icon_sprite()

# What was loaded stays until the end; no collection has to walk through it.
gc.collect()
gc.freeze()
