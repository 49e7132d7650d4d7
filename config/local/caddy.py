"""The proxy of bin/run: one origin for pages, sockets, static files and media.

Production may use any other (deploy/); what this one promises is what the web process counts on:
X-Forwarded-For is its own word alone, and files leave from disk after Django's yes.
"""

import json
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from config.local import bucket
from config.local.program import Program
from config.local.site import HOST, Site

# The web process closes a connection that was idle for 30 s (Procfile). One that is used in that very moment takes its
# request along, and nobody knows whether it was heard: hence we are the first to close.
KEEPALIVE_SECONDS = 20
# A site named http://127.0.0.1:PORT would answer localhost:PORT with an empty 200; hence port and bind apart.
TEMPLATE = """\
{
	admin off
	auto_https off
	persist_config off
	grace_period 5s
	log {
		level WARN
	}
	servers {
		timeouts {
			read_header 10s
			read_body 60s
			idle 2m
		}
		max_header_size 32KB
	}
}

:%(port)d {
	bind %(host)s
	encode zstd gzip
	header -Server
	@uploads path /api/upload /
	@others not path /api/upload /
	request_body @others {
		max_size 2MB
	}
	# Fourteen files of ten megabytes, and what goes around them; without scripts they come with the form of "/".
	request_body @uploads {
		max_size 150MB
	}
	# A header name with an underscore reads like one with a hyphen in WSGI: X_Forwarded_For must not pass.
	request_header -*_*
	request_header -X-Accel-Redirect

	# Figures are for those inside, who ask the web process itself.
	handle /metrics* {
		respond 404
	}

	handle /ws/* {
		reverse_proxy %(host)s:%(live_port)d {
			header_up X-Forwarded-Proto %(scheme)s
			transport http {
				dial_timeout 2s
			}
		}
	}

	handle_path /static/* {
		root * %(static)s
		@hashed path_regexp \\.[0-9a-f]{12}\\.[^/]+$
		@plain not path_regexp \\.[0-9a-f]{12}\\.[^/]+$
		header @plain Cache-Control "no-cache"
		header @hashed Cache-Control "public, max-age=31536000, immutable"
		header X-Content-Type-Options nosniff
		file_server
	}

	# Files are streamed on as they come; the read_body time-out bounds how long that may take.
	handle @uploads {
		reverse_proxy %(host)s:%(web_port)d {
			header_up X-Forwarded-Proto %(scheme)s
			lb_try_duration 5s
			transport http {
				dial_timeout 2s
				response_header_timeout 90s
				keepalive %(keepalive)ds
			}
		}
	}

	handle {
		reverse_proxy %(host)s:%(web_port)d {
			header_up X-Forwarded-Proto %(scheme)s
			# A body that never ends would hold one of the web process's few threads: it is sent on when it is whole.
			request_buffers 3MB
			# A restart of the web process is a short wait, not an error; only a refused connection is tried again.
			lb_try_duration 5s
			transport http {
				dial_timeout 2s
				response_header_timeout 90s
				keepalive %(keepalive)ds
			}
			@file header X-Accel-Redirect /_media/*
			handle_response @file {
				root * %(media)s
				rewrite * {rp.header.X-Accel-Redirect}
				uri strip_prefix /_media
				# file_server alone would drop the policy headers and the type Django decided on.
				copy_response_headers {
					exclude X-Accel-Redirect Content-Length
				}
				file_server
			}%(bucket)s
		}
	}

	handle_errors {
		header Cache-Control no-store
		header X-Content-Type-Options nosniff
		# Chunks that cannot be read are the sender's fault, not the web process's.
		@chunks expression {err.message}.contains("chunk length")
		handle @chunks {
			header Content-Type application/json
			respond `{"error": "The body cannot be read. Nothing was done.", "code": "http_400"}` 400
		}
		@api path /api/*
		handle @api {
			header Content-Type application/json
			respond `{"error": "The studio cannot answer this. Please try again.", "code": "http_{err.status_code}"}`
		}
		respond "{err.status_code} {err.status_text}"
	}
}
"""


def program(site: Site, ports: Mapping[str, int], environment: Mapping[str, str]) -> Program:
    """Writes the Caddyfile below DATA_DIR and answers the command that runs it."""
    folder = site.data_dir / "caddy"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "Caddyfile"
    text = TEMPLATE % {
        "host": HOST,
        "port": site.port,
        "web_port": ports["web"],
        "live_port": ports["live"],
        # TLS ends before us when the public address is https; Django must not redirect once more.
        "keepalive": KEEPALIVE_SECONDS,
        "scheme": site.public_url.partition(":")[0],
        "static": json.dumps(str(site.data_dir / "static")),
        "media": json.dumps(str(site.data_dir / "media")),
        "bucket": bucket.route(site.given),
    }
    path.write_text(text, encoding="utf-8")
    binary = Path(sysconfig.get_path("scripts")) / "caddy"
    return Program(
        name="proxy",
        command=(str(binary), "run", "--config", str(path), "--adapter", "caddyfile"),
        environment={**environment, **dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(folder))},
        directory=site.root,
        port=site.port,
    )
