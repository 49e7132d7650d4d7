"""The people whose rooms are looked at, and what they have made. Nothing is invented: the sandbox draws all of it."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from typing import Any

import requests

from config.local.waiting import until
from tests.screening.words import WORDS
from tests.system import RunningSystem
from tests.visitor import PASSWORD, Visitor

# Each person and their credits.
GIVEN = {"fresh": 100, "north": 1240, "south": 100, "west": 100, "reader": 800, "keeper": 100}
WORKS = 260


class Cast:
    """people: by name; things: what stands in the addresses of their rooms. Fill it before anybody goes anywhere."""

    def __init__(self, system: RunningSystem, language: str) -> None:
        self.system, self.words = system, WORDS[language]
        self.people: dict[str, Visitor] = {}
        self.things: dict[str, str] = {}

    def fill(self) -> Iterator[str]:
        """Does it, and says what comes next."""
        yield "people"
        for name, given in GIVEN.items():
            self.people[name] = Visitor(self.system, name, given_credits=given).sign_in()
        enter(self.people["north"])
        statement = "UPDATE accounts_user SET role = 'super_admin' WHERE id = %s RETURNING id"
        self.system.query(statement, self.people["keeper"].id)
        self._guard()
        yield "a library"
        self._read()
        yield "pictures"
        self._draw()
        yield "edits"
        self._edit()
        yield "a video and a film"
        self._film()
        yield "what waits and what went wrong"
        self._go_wrong()

    def person(self, name: str) -> Visitor:
        return self.people[name]

    def _guard(self) -> None:
        """Somebody whose second factor is on."""
        guarded = self.people["guarded"] = Visitor(self.system, "guarded")
        enter(guarded)
        page = guarded.browser.get(f"{self.system.url}/accounts/2fa/totp/activate/", timeout=30)
        found = re.search(r'class="qr-key">([A-Z2-7]+)<', page.text)
        assert found is not None
        send(guarded, "/accounts/2fa/totp/activate/", code=code_of(found[1]))

    def _read(self) -> None:
        """A year of works, some of them in collections, some thrown away, some packed."""
        reader = self.people["reader"]
        self.system.manage("seed_library", "--items", str(WORKS), "--files", "24", "--email", reader.email)
        rows = self.system.query(
            "SELECT g.id, a.duration_seconds IS NULL FROM generations_generation g "
            "JOIN generations_output o ON o.generation_id = g.id JOIN media_pipeline_asset a ON a.id = o.asset_id "
            "WHERE g.user_id = %s ORDER BY g.created_at DESC, g.id DESC",
            reader.id,
        )
        stills = [str(pk) for pk, is_still in rows if is_still]
        self.things |= {"still": stills[0], "second": stills[1], "third": stills[2]}
        self.things["clip"] = next(str(pk) for pk, is_still in rows if not is_still)
        for number, name in enumerate(self.words.collections):
            send(reader, "/library/act/", do="collect", name=name, ids=stills[number * 12 : number * 20 + 12])
        send(reader, "/library/act/", do="favourite", ids=stills[2:20:3])
        send(reader, "/library/act/", do="trash", ids=stills[60:75])
        send(reader, "/library/act/", do="pack", ids=stills[:9])
        send(reader, "/library/searches/", q=self.words.search)
        self.things |= {"search": self.words.search, "collection": f'in:"{self.words.collections[0]}"'}
        statement = "SELECT 1 FROM generations_export WHERE user_id = %s AND state = 'ready'"
        assert until(lambda: self.system.query(statement, reader.id), 40)

    def _draw(self) -> None:
        north = self.people["north"]
        for half in (self.words.pictures[:3], self.words.pictures[3:]):
            asked = [self.ask(north, prompt, aspect_ratio=shape, seed=7) for prompt, shape in half]
            self.finish(north, asked)
            self.things |= {f"picture-{len(self.drawn) + number}": one for number, one in enumerate(asked)}

    @property
    def drawn(self) -> list[str]:
        """The six pictures."""
        return [pk for name, pk in self.things.items() if name.startswith("picture-")]

    def _edit(self) -> None:
        north, words = self.people["north"], self.words
        source = self.things["source"] = self.upload(north, picture_of(north, self.drawn[0]))
        wider = {"aspect_ratio": "custom", "margin_left": 240, "margin_top": 0, "margin_right": 240, "margin_bottom": 0}
        made = {
            "upscaled": self.ask(north, "", "real-esrgan", source),
            "cut-out": self.ask(north, "", "bria-remove-background", source),
            "expanded": self.ask(north, words.expand, "bria-expand", source, **wider),
            "edited": self.ask(north, words.edit, "flux-kontext-pro", source),
        }
        self.finish(north, list(made.values()))
        self.things |= made

    def _film(self) -> None:
        north = self.people["north"]
        self.misbehave(self.words.video, "slow", "1")
        video = self.things["video"] = self.ask(north, self.words.video, "wan-2.2-fast")
        made = send(north, "/keyframes/", title=self.words.film)
        board = self.things["board"] = made.url.rstrip("/").rpartition("/")[2]
        address = f"/keyframes/{board}/"
        send(north, address, act="add")
        files = {f"picture.{index}": ("a.webp", picture_of(north, self.drawn[index])) for index in range(3)}
        ways = {f"prompt.{index}": way for index, way in enumerate(self.words.ways)}
        fields = {"title": self.words.film, "model.0": "local-cross-fade", "duration.0": "2", **ways}
        send(north, address, files, act="save", **fields)
        send(north, address, act="take:0", **fields)
        statement = "SELECT count(*) FROM generations_generation WHERE user_id = %s AND model = 'local-cross-fade'"
        assert self.system.query(statement, north.id) == [(1,)]
        statement += " AND stage = 'completed'"
        assert until(lambda: self.system.query(statement, north.id) == [(1,)], 90)
        self.finish(north, [video])

    def _go_wrong(self) -> None:
        north, south = self.people["north"], self.people["south"]
        self.misbehave(self.words.refused, "refuse")
        refused = self.things["refused"] = self.ask(north, self.words.refused)
        north.wait_for(refused, "failed", seconds=120)
        send(south, "/queue/pause/")
        self.things["behind"] = self.ask(south, self.words.behind)
        self.renew()

    def renew(self) -> None:
        """What is at work, and what a provider never answered, end after some minutes: then there is another one."""
        for name, who, stage, prompt, fault in (
            ("waiting", "north", "running", self.words.waiting, ("slow", "3600")),
            ("doubtful", "west", "unconfirmed", self.words.doubtful, ("500", "")),
        ):
            person = self.people[who]
            if name in self.things and person.stage(self.things[name]) == stage:
                continue
            self.misbehave(prompt, *fault)
            self.things[name] = self.ask(person, prompt, aspect_ratio="16:9")
            person.wait_for(self.things[name], stage, seconds=120)

    # -- hands -----------------------------------------------------------------------------------
    def ask(self, person: Visitor, prompt: str, model: str = "flux-schnell", source: str = "", **params: Any) -> str:
        """source: the file it is made of."""
        wish = {"model": model, "prompt": prompt, "params": params, "inputs": {"image": [source]} if source else {}}
        answer = person.call("POST", "/api/generations/create", json=wish)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def finish(self, person: Visitor, generations: list[str]) -> None:
        for generation in generations:
            person.wait_for(generation, "completed", seconds=180)

    def upload(self, person: Visitor, picture: bytes) -> str:
        answer = person.call("POST", "/api/upload", files={"files": ("a.webp", picture, "image/webp")})
        return str(answer.json()[0]["id"])

    def misbehave(self, prompt: str, fault: str, value: str = "") -> None:
        """Has the sandbox treat one prompt so, without a word of it in the prompt."""
        body = {"match": prompt, "fault": fault, "value": value, "times": 1}
        requests.post(f"{self.system.sandbox_url}/control/faults", json=body, timeout=10).raise_for_status()


def picture_of(person: Visitor, generation: str) -> bytes:
    """The first file that was made."""
    link = person.get(generation)["output_urls"][0]
    return requests.get(link, headers={"Authorization": f"Bearer {person.key}"}, timeout=30).content


def send(person: Visitor, path: str, files: Any = None, **fields: Any) -> requests.Response:
    """A form, as the person's browser would send it."""
    address = f"{person.system.url}{path}"
    if "csrftoken" not in person.browser.cookies:
        person.browser.get(f"{person.system.url}/accounts/password/reset/", timeout=30)
    fields["csrfmiddlewaretoken"] = person.browser.cookies["csrftoken"]
    answer = person.browser.post(address, data=fields, files=files, headers={"Referer": address}, timeout=60)
    assert answer.ok, f"{path}: {answer.status_code} {answer.text[:500]}"
    return answer


def enter(person: Visitor) -> None:
    """Through the sign-in page, and the password once more: so late a sign-in opens the pages of the second factor."""
    person.browser.cookies.clear()
    send(person, "/accounts/login/", login=person.email, password=PASSWORD)
    send(person, "/accounts/reauthenticate/", password=PASSWORD)


def code_of(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238), reckoned without Django's settings."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    (number,) = struct.unpack_from(">I", mac, mac[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"
