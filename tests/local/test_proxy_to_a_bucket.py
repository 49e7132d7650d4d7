"""What the proxy of bin/run tells a bucket, and what it lets through of its answers, asked of a real caddy."""

import http.client
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from config.local import caddy, ports
from config.local.record import Record
from config.local.site import HOST, Site
from config.local.supervisor import Supervisor
from config.local.waiting import until
from tests.local.test_proxy import Upstream

CONTENT = b"0123456789"
# As botocore writes it: escapes, doubled slashes of the scope and all.
SIGNED = (
    "/media/studio/originals/0a/one-0.png?response-content-disposition=inline%3B%20filename%3D%22a%20b.png%22"
    "&X-Amz-Credential=AKIA%2F20261129%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Expires=300&X-Amz-Signature=0a1b2c"
)
OURS = {"Content-Type": "image/png", "ETag": '"ours"', "Content-Security-Policy": "sandbox", "Cache-Control": "private"}


class Web(http.server.BaseHTTPRequestHandler):
    """Says yes to everybody, as Django would to the owner."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        extent = "whole" if self.path == "/whole" else "part"
        for name, value in {**OURS, "X-Accel-Redirect": f"/_bucket/{extent}{SIGNED}", "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@dataclass
class Told:
    """What the bucket was told, and how it answers."""

    status: int = 200
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@dataclass
class Front:
    port: int
    bucket_port: int
    told: Told

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=20)
        connection.request(method, path, headers={name.replace("__", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response, content


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    told = Told()

    class Bucket(Web):
        def do_GET(self) -> None:
            told.requests.append(
                (self.command, self.path, {name.lower(): value for name, value in self.headers.items()})
            )
            self.send_response(told.status)
            theirs = {"Content-Type": "text/html", "ETag": '"theirs"', "Set-Cookie": "a=b", "x-amz-id-2": "where"}
            for name, value in {**theirs, "Cache-Control": "public", "Content-Length": str(len(CONTENT))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(CONTENT)

        do_HEAD = do_GET

    folder = tmp_path_factory.mktemp("proxy")
    with Upstream((HOST, 0), Web) as web, Upstream((HOST, 0), Bucket) as bucket:
        for server in (web, bucket):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        given = {"MEDIA_STORAGE": "s3", "MEDIA_BUCKET_ENDPOINT": f"http://{HOST}:{bucket.server_port}"}
        site = Site(data_dir=folder, port=ports.choose(), given=given)
        record = Record(folder, "test")
        record.acquire()
        record.begin({}, {})
        supervisor = Supervisor(record, folder / "logs", print)
        supervisor.start(caddy.program(site, {"web": web.server_port, "live": ports.choose()}, {}))
        assert until(lambda: ports.is_listening(site.port), 20)
        yield Front(site.port, bucket.server_port, told)
        supervisor.stop_all()
        record.release()
        for server in (web, bucket):
            server.shutdown()


@pytest.fixture
def front(started: Front) -> Front:
    started.told.status = 200
    started.told.requests.clear()
    return started


def test_the_signed_address_arrives_letter_by_letter_and_nothing_of_the_visitor_but_the_range(front: Front) -> None:
    private = {"Cookie": "sessionid=x", "Authorization": "Bearer base_x", "Referer": "https://studio.example.org/"}
    conditions = {"If__None__Match": '"x"', "If__Range": '"ours"', "Range": "bytes=0-3"}
    front.ask("/part", **private, **conditions, Accept__Language="ru", User__Agent="Visitor/1")
    ((method, target, headers),) = front.told.requests
    assert (method, target) == ("GET", SIGNED)
    assert headers.keys() == {"host", "range", "via", "user-agent"}
    assert (headers["host"], headers["range"]) == (f"{HOST}:{front.bucket_port}", "bytes=0-3")
    assert "Visitor" not in headers["user-agent"]


def test_where_the_whole_is_the_answer_the_range_stays_here(front: Front) -> None:
    front.ask("/whole", Range="bytes=0-3")
    ((_, target, headers),) = front.told.requests
    assert target == SIGNED
    assert "range" not in headers


def test_a_file_goes_out_under_our_headers_alone(front: Front) -> None:
    response, content = front.ask("/part")
    assert content == CONTENT
    assert {name: response.headers.get_all(name) for name in OURS} == {name: [value] for name, value in OURS.items()}
    assert response.headers["Content-Length"] == str(len(CONTENT))
    assert {"Set-Cookie", "x-amz-id-2", "X-Accel-Redirect"} & set(response.headers) == set()
    head, nothing = front.ask("/part", "HEAD")
    assert (head.status, head.headers["Content-Length"], nothing) == (200, str(len(CONTENT)), b"")
    assert front.told.requests[-1][0] == "HEAD"


@pytest.mark.parametrize(("theirs", "ours"), [(404, 404), (403, 404), (301, 502), (400, 502), (500, 502), (503, 502)])
def test_what_a_bucket_complains_of_stays_here(theirs: int, ours: int, front: Front) -> None:
    front.told.status = theirs
    response, content = front.ask("/part")
    assert response.status == ours
    assert CONTENT not in content
    assert response.headers["Cache-Control"] == "no-store"


def test_a_visitor_cannot_name_an_object(front: Front) -> None:
    front.ask(f"/other{SIGNED}", X__Accel__Redirect="/_bucket/part/secret")
    assert [target for _, target, _ in front.told.requests] == [SIGNED]
