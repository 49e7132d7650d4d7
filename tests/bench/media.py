"""The media worker over 500 pictures of 4096 × 4096 with 20 bombs among them: the memory of each of its processes.

Budget: flat, and at most 350 MB in each process. The rows are as a provider's success leaves them; the files come over
HTTP from where the sandbox stood, which is stopped for it.
"""

import zlib
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg

from config.local.site import ROOT
from config.local.waiting import until
from tests.bench.memory import Sampler
from tests.media_pipeline import pictures
from tests.system import RunningSystem
from tests.visitor import Visitor

PICTURES, BOMBS = 500, 20
SIDE = 4096
BUDGET_MB = 350
SECONDS = 1200
EVIDENCE = ROOT / "docs/evidence/media.md"
ROWS = """
INSERT INTO generations_generation (
  id, user_id, stage, status, slot, model, model_name, task, provider, prompt, params, seed, frame_width, frame_height,
  expected_seconds, outputs_expected, cost_millicredits, refunded_millicredits, error_code, created_at, submitted_at,
  next_action_at, deadline_at, change_seq, tries_in_stage, hints, submits, waits_for, priority)
SELECT gen_random_uuid(), %s, 'saving', 'processing', number, 'flux-schnell', 'FLUX', 'text-to-image', 'local',
  'file ' || number, '{}', number, 4096, 4096, 1, 1, 0, 0, '', now(), now(), now(), now() + interval '1 hour',
  0, 0, 0, 1, '', 0 FROM generate_series(1, %s) AS number
"""
OUTPUTS = """
INSERT INTO generations_output (id, generation_id, index, source_url, state, is_late, tries, error_code)
SELECT gen_random_uuid(), id, 0, %s || '/' || slot, 'pending', false, 0, ''
FROM generations_generation WHERE user_id = %s
"""
ENDS = """
SELECT CASE stage WHEN 'failed' THEN error_code ELSE stage END, count(*) FROM generations_generation
WHERE user_id = %s GROUP BY 1
"""


def run(system: RunningSystem) -> list[dict[str, Any]]:
    person = Visitor(system, "bench-media")
    ((user_id,),) = system.query("SELECT id FROM accounts_user WHERE email = %s", person.email)
    count = PICTURES + BOMBS
    system.stop("sandbox")
    server = _serve(urlsplit(system.sandbox_url).port or 0)
    sampler = Sampler(psutil.Process(system.processes["media"]))
    try:
        with sampler:
            _write(system, user_id, count)
            if not until(lambda: _ended(system, user_id, sampler) == count, SECONDS):
                raise RuntimeError(f"not done after {SECONDS} s: {dict(_ends(system, user_id))}")
    finally:
        server.shutdown()
    ends = _ends(system, user_id)
    if ends["completed"] != PICTURES:
        raise RuntimeError(f"{PICTURES} pictures, and these ends: {dict(ends)}")
    rows = sampler.rows(first=count // 5, last=count - count // 5)
    _publish(rows, ends, sampler.seconds)
    return rows


def _write(system: RunningSystem, user_id: object, count: int) -> None:
    with psycopg.connect(system.database_url, autocommit=False) as connection:
        connection.execute(ROWS, [user_id, count])
        connection.execute(OUTPUTS, [system.sandbox_url, user_id])


def _ends(system: RunningSystem, user_id: object) -> Counter[str]:
    return Counter({str(end): int(str(number)) for end, number in system.query(ENDS, user_id)})


def _ended(system: RunningSystem, user_id: object, sampler: Sampler) -> int:
    sampler.done = sum(number for end, number in _ends(system, user_id).items() if end != "saving")
    return sampler.done


def _files() -> tuple[list[tuple[str, bytes]], list[tuple[str, bytes]]]:
    """Honest ones and bombs, each with what goes into Content-Encoding."""
    large = pictures.scene(SIDE, SIDE)
    small = pictures.encoded("PNG")
    text = pictures.chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000)))
    honest = [
        ("", pictures.written(large, "JPEG", quality=90)),
        ("", pictures.written(large, "PNG", compress_level=1)),
        ("", pictures.written(large, "WEBP", method=0)),
    ]
    bombs = [
        ("", pictures.png_claiming(100_000, 100_000)),
        ("", small[:33] + text + small[33:]),
        ("", pictures.animation(501)),
        ("gzip", zlib.compress(bytes(50_000_000), wbits=31)),
    ]
    return honest, bombs


def _serve(port: int) -> ThreadingHTTPServer:
    """/1 to /520: every 26th is a bomb."""
    honest, bombs = _files()
    spread = (PICTURES + BOMBS) // BOMBS

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = int(self.path[1:])
            encoding, body = bombs[number // spread % 4] if number % spread == 0 else honest[number % 3]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            if encoding:
                self.send_header("Content-Encoding", encoding)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Nothing: 520 lines tell nobody anything."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return server


def _publish(rows: list[dict[str, Any]], ends: Counter[str], seconds: float) -> None:
    lines = [
        "# Memory of the media worker",
        "",
        f"`bin/bench media`: {PICTURES} pictures of {SIDE} × {SIDE} in three formats and {BOMBS} bombs of four kinds "
        f"among them, in {seconds:.0f} s; resident megabytes, looked at twenty times a second. Budget: flat, and at "
        f"most {BUDGET_MB} MB in each process.",
        "",
        "| process | peak | while the first fifth was done | while the last fifth was done | usual |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += ["| " + " | ".join(str(value) for value in row.values()) + " |" for row in rows]
    lines += ["", "Ends: " + ", ".join(f"{end} {number}" for end, number in sorted(ends.items())) + "."]
    EVIDENCE.write_text("\n".join(lines) + "\n", encoding="utf-8")
