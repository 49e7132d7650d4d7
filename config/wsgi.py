"""The HTTP door: granian serves this. Sockets come in through config/asgi.py."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# What was loaded stays until the end. A collection that walks through it stops the whole process for 0.1 s and more.
gc.collect()
gc.freeze()
