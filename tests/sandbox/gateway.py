"""fal's own hosts on loopback: a proxy that speaks TLS in their names and hands each call to the sandbox's folder.

The Python client knows no other address than https://queue.fal.run and its sisters; what it honours is the proxy and
the certificates of the environment.
"""

import http.server
import threading
from pathlib import Path
from typing import Any

import requests

from tests.media_pipeline.certificates import Authority

FOLDERS = {"queue.fal.run": "queue", "fal.run": "run", "rest.fal.ai": "rest", "v3.fal.media": "cdn"}
OWN = {"host", "connection", "content-length", "transfer-encoding", "server", "date", "accept-encoding"}


class Gateway:
    """variables: what a client's environment needs to come here."""

    def __init__(self, origin: str, folder: Path) -> None:
        authority = Authority(folder)
        contexts = {host: authority.server(host) for host in FOLDERS}
        self.hosts: list[str] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            root = ""

            def do_CONNECT(self) -> None:
                host = self.path.partition(":")[0]
                outer.hosts.append(host)
                self.send_response(200)
                self.end_headers()
                self.connection = contexts[host].wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                self.root, self.close_connection = f"{origin}/fal/{FOLDERS[host]}", False

            def finish(self) -> None:
                super().finish()
                self.connection.close()

            def hand_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name: value for name, value in self.headers.items() if name.lower() not in OWN}
                answer = requests.request(
                    self.command, self.root + self.path, headers=headers, data=body, allow_redirects=False, timeout=60
                )
                self.send_response(answer.status_code)
                for name, value in answer.headers.items():
                    if name.lower() not in OWN:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            do_GET = do_POST = do_PUT = hand_on

            def log_message(self, format: str, *args: Any) -> None: ...

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        proxy = f"http://127.0.0.1:{self._server.server_port}"
        self.variables = {"HTTPS_PROXY": proxy, "SSL_CERT_FILE": str(authority.path), "NO_PROXY": "127.0.0.1"}
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
