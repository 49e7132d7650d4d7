"""The examples for an operator's own proxy say the same as the proxy that comes along."""

import re

from django.conf import settings

from config.local import caddy
from config.local.site import ROOT

MEBIBYTE = 1_048_576


def test_nginx_lets_in_what_the_studio_takes_and_no_more() -> None:
    nginx = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    own = (ROOT / "config/local/caddy.py").read_text(encoding="utf-8")
    ours = [int(megabytes) for megabytes in re.findall(r"client_max_body_size (\d+)m;", nginx)]
    assert ours == [int(megabytes) for megabytes in re.findall(r"max_size (\d+)MB", own)]
    others, uploads = (megabytes * MEBIBYTE for megabytes in ours)
    assert others > settings.WEBHOOK_MAX_BYTES
    assert others > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    files = settings.UPLOAD_MAX_FILES * settings.UPLOAD_MAX_BYTES
    assert files < uploads < 1.2 * files


def test_proxies_close_idle_connections_before_the_web_process_does() -> None:
    """Else a request is now and then sent into a connection that is being closed, and answered 502."""
    nginx = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    (theirs,) = re.findall(r"keepalive 32; keepalive_timeout (\d+)s;", nginx)
    (web,) = re.findall(r"--http1-header-read-timeout (\d+)", (ROOT / "Procfile").read_text(encoding="utf-8"))
    assert max(int(theirs), caddy.KEEPALIVE_SECONDS) * 1000 < int(web)
