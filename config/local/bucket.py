"""The proxy's way to a bucket: files that lie there go out under our own headers, and no page ever names the bucket.

The web process signs an address (docs/adr/0037) and says its path and query; the host stands here, so that no header
can send the proxy anywhere else.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

# Of the visitor's request the bucket hears the range alone. Of its answer the visitor hears length and range alone:
# what is said of the file is ours, and an error of the bucket would name it. Two stored headers of a kind would be
# both sent, hence those we set are taken out of the bucket's.
TEMPLATE = """
			@stored header X-Accel-Redirect /_bucket/*
			handle_response @stored {
				route {
					rewrite * {rp.header.X-Accel-Redirect}
					@whole path /_bucket/whole/*
					request_header @whole -Range
					uri strip_prefix /_bucket/whole
					uri strip_prefix /_bucket/part
					copy_response_headers {
						exclude X-Accel-Redirect Content-Length
					}
					reverse_proxy %(origin)s {
						header_up Host %(host)s
						header_up -Accept*
						header_up -Authorization
						header_up -Cookie
						header_up -If-*
						header_up -Origin
						header_up -Referer
						header_up -Sec-*
						header_up -User-Agent
						header_up -X-*
						header_down -Access-Control-*
						header_down -Cache-Control
						header_down -Content-Disposition
						header_down -Content-Encoding
						header_down -Content-Security-Policy
						header_down -Content-Type
						header_down -Date
						header_down -Etag
						header_down -Expires
						header_down -Last-Modified
						header_down -Set-Cookie
						header_down -Strict-Transport-Security
						header_down -Vary
						header_down -X-*
						transport http {
							dial_timeout 5s
							response_header_timeout 30s
							compression off
						}
						@beyond status 416
						handle_response @beyond {
							copy_response_headers {
								include Content-Range
							}
							respond 416
						}
						@gone status 403 404
						handle_response @gone {
							error 404
						}
						@refused status 3xx 4xx 5xx
						handle_response @refused {
							error 502
						}
					}
				}
			}"""


def origin(given: Mapping[str, str]) -> str:
    """Scheme and host of the bucket's addresses; empty when files lie in a folder, or the endpoint is missing."""
    endpoint = given.get("MEDIA_BUCKET_ENDPOINT", "").rstrip("/")
    if given.get("MEDIA_STORAGE") != "s3" or not endpoint:
        return ""
    if given.get("MEDIA_BUCKET_STYLE") == "virtual":
        parts = urlsplit(endpoint)
        return f"{parts.scheme}://{given.get('MEDIA_BUCKET', '')}.{parts.netloc}"
    return endpoint


def route(given: Mapping[str, str]) -> str:
    """The lines of a Caddyfile that belong into the web process's reverse_proxy; none without a bucket."""
    where = origin(given)
    return TEMPLATE % {"origin": where, "host": urlsplit(where).netloc} if where else ""
