"""The examples for an operator's own proxy say the same as the proxy that comes along."""

import re
from textwrap import dedent

from django.conf import settings

from config.local import bucket, caddy
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


def test_caddys_way_to_a_bucket_is_that_of_bin_run() -> None:
    given = {"MEDIA_STORAGE": "s3", "MEDIA_BUCKET_ENDPOINT": "https://s3.example.org"}
    example = (ROOT / "deploy/bucket.caddy").read_text(encoding="utf-8")
    assert dedent(bucket.route(given).lstrip("\n")) in example


def test_neither_proxy_tells_a_bucket_who_asks_nor_a_visitor_where_files_lie() -> None:
    nginx = (ROOT / "deploy/nginx-bucket.conf").read_text(encoding="utf-8")
    for said in ("internal;", "proxy_pass_request_headers off;", "proxy_intercept_errors on;", "Range $range;"):
        assert said in nginx
    for prefix in ("part", "whole"):
        assert prefix in nginx


def test_the_buckets_address_is_what_the_operator_said() -> None:
    given = {"MEDIA_STORAGE": "s3", "MEDIA_BUCKET": "media", "MEDIA_BUCKET_ENDPOINT": "https://s3.example.org/"}
    assert bucket.origin(given) == "https://s3.example.org"
    assert bucket.origin({**given, "MEDIA_BUCKET_STYLE": "virtual"}) == "https://media.s3.example.org"
    assert bucket.origin({**given, "MEDIA_STORAGE": "local"}) == bucket.route({}) == ""
