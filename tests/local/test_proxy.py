"""What the proxy of bin/run promises the web process, asked of a real caddy before a server that echoes."""

import http.client
import http.server
import json
import threading
from collections.abc import Iterator

import pytest

from config.local import caddy, ports
from config.local.record import Record
from config.local.site import HOST, Site
from config.local.supervisor import Supervisor
from config.local.waiting import until

PICTURE = bytes(range(256)) * 40


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the headers it got; /file is served by internal redirect as Django would."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        self.rfile.read(length)
        body = json.dumps([[name.lower(), value] for name, value in self.headers.items()]).encode()
        self.send_response(200)
        if self.path.startswith("/file"):
            self.send_header("X-Accel-Redirect", self.path.removeprefix("/file").replace("%2e", "."))
            self.send_header("Content-Type", "image/webp")
            self.send_header("Content-Security-Policy", "default-src 'none'; sandbox")
            self.send_header("Cache-Control", "private, max-age=60")
            body = b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


class Upstream(http.server.ThreadingHTTPServer):
    """The proxy hangs up on it when it refuses a body; that is no news."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Silence."""


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("proxy with a space")
    site = Site(data_dir=folder, port=ports.choose(), given={})
    for name, content in {
        "media/aa/cat.webp": PICTURE,
        "static/css/app.0123456789ab.css": b"body{}",
        "static/plain.txt": b"x",
        "secret.txt": b"no",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    with Upstream((HOST, 0), Echo) as upstream:
        threading.Thread(target=upstream.serve_forever, daemon=True).start()
        record = Record(folder, "test")
        record.acquire()
        record.begin({}, {})
        supervisor = Supervisor(record, folder / "logs", print)
        supervisor.start(caddy.program(site, {"web": upstream.server_port, "live": ports.choose()}, {}))
        assert until(lambda: ports.is_listening(site.port), 10)
        yield site
        supervisor.stop_all()
        record.release()
        upstream.shutdown()


def ask(site: Site, path: str, method: str = "GET", body: bytes | None = None, **headers: str):
    """The answer with its body read."""
    connection = http.client.HTTPConnection(HOST, site.port, timeout=10)
    connection.request(method, path, body, {name.replace("__", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def test_the_client_address_is_the_proxys_word_alone(proxy: Site) -> None:
    _, content = ask(proxy, "/", X__Forwarded__For="6.6.6.6", X_Forwarded_For="7.7.7.7", X__Forwarded__Proto="https")
    seen = json.loads(content)
    assert [value for name, value in seen if name.replace("_", "-") == "x-forwarded-for"] == [HOST]
    assert [value for name, value in seen if name == "x-forwarded-proto"] == ["http"]


def test_both_loopback_names_reach_the_page(proxy: Site) -> None:
    for host in (f"127.0.0.1:{proxy.port}", f"localhost:{proxy.port}"):
        response, content = ask(proxy, "/", Host=host)
        assert response.status == 200
        assert ["host", host] in json.loads(content)


def test_a_file_leaves_from_disk_with_the_headers_of_the_web_process(proxy: Site) -> None:
    response, content = ask(proxy, "/file/_media/aa/cat.webp")
    assert content == PICTURE
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "private, max-age=60"
    assert "X-Accel-Redirect" not in response.headers


def test_a_file_can_be_asked_for_in_parts_and_revalidated(proxy: Site) -> None:
    response, content = ask(proxy, "/file/_media/aa/cat.webp", Range="bytes=10-19")
    assert (response.status, content) == (206, PICTURE[10:20])
    again, nothing = ask(proxy, "/file/_media/aa/cat.webp", If__None__Match=response.headers["ETag"])
    assert (again.status, nothing) == (304, b"")
    head, nothing = ask(proxy, "/file/_media/aa/cat.webp", "HEAD")
    assert (head.status, head.headers["Content-Length"], nothing) == (200, str(len(PICTURE)), b"")


@pytest.mark.parametrize("path", ["/_media/aa/cat.webp", "/static/../secret.txt", "/static/%2e%2e/secret.txt"])
def test_nothing_private_leaves_without_a_yes(proxy: Site, path: str) -> None:
    _, content = ask(proxy, path)
    assert content not in {PICTURE, b"no"}


def test_a_redirect_does_not_leave_the_media_folder(proxy: Site) -> None:
    response, content = ask(proxy, "/file/_media/%2e%2e/secret.txt")
    assert response.status == 404
    assert content != b"no"


def test_a_client_cannot_ask_for_a_redirect_itself(proxy: Site) -> None:
    _, content = ask(proxy, "/", X__Accel__Redirect="/_media/aa/cat.webp")
    assert "x-accel-redirect" not in dict(json.loads(content))


def test_only_names_that_carry_their_content_are_cached_for_ever(proxy: Site) -> None:
    hashed, _ = ask(proxy, "/static/css/app.0123456789ab.css")
    plain, _ = ask(proxy, "/static/plain.txt")
    assert hashed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Cache-Control"] == "no-cache"


def test_a_body_over_two_megabytes_is_refused_as_json_for_programs(proxy: Site) -> None:
    response, content = ask(proxy, "/api/generations/create", "POST", b"x" * 2_100_000)
    assert response.status == 413
    assert json.loads(content)["code"] == "http_413"


def test_a_missing_web_process_is_a_sentence(proxy: Site) -> None:
    response, content = ask(proxy, "/ws/live/")
    assert response.status == 502
    assert b"502" in content
