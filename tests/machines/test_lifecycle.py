"""Wishes, hints, webhooks, polls, sweeps, deadlines and a moody provider in any order: each wish ends once, paid once.

Outside in: people speak to the API, messages lie in Valkey, the provider answers over HTTP. Time passes by itself.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import booleans, integers, lists, sampled_from, tuples

from accounts import credits
from generations import callbacks, tasks
from generations.models import Attempt, Delivery, Generation, Stage
from generations.models.generation import FINAL
from generations.steps import claims
from providers.models import TokenUse
from providers.pool import memory
from tests.checker import rows as checker
from tests.conftest import ApiClient, MakePerson
from tests.machines import clock
from tests.machines.messages import Messages
from tests.machines.replicate import ENDED, WAYS, Job, Replicate
from tests.machines.walking import patient, walk
from tests.pool import add

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.long, patient]
PLACES, AT_A_TOKEN = 5, 2
GIVEN = 4
ROUNDS_TO_REST = 80
# The law, said a second time: where a row may be after one look at it, however many moves that was.
AFTER = {
    Stage.QUEUED: {Stage.QUEUED, Stage.SUBMITTING, Stage.UNCONFIRMED, Stage.RUNNING, Stage.SAVING, *FINAL},
    Stage.SUBMITTING: {Stage.SUBMITTING, Stage.QUEUED, Stage.UNCONFIRMED, Stage.RUNNING, Stage.SAVING, *FINAL},
    Stage.UNCONFIRMED: {Stage.UNCONFIRMED, Stage.RUNNING, Stage.SAVING, *FINAL},
    Stage.RUNNING: {Stage.RUNNING, Stage.SAVING, *FINAL},
    Stage.SAVING: {Stage.SAVING, Stage.COMPLETED, Stage.FAILED},
    **{end: {end} for end in FINAL},
}
SETTLED = {Stage.COMPLETED: ["capture"], Stage.FAILED: ["release"], Stage.CANCELLED: ["release"]}


class Life(RuleBasedStateMachine):
    """Two people and two tokens with two places each."""

    provider: ClassVar[Replicate]
    make_person: ClassVar[MakePerson]
    put_back: ClassVar[Callable[[], None]]

    def __init__(self) -> None:
        super().__init__()
        type(self).put_back()
        memory.forget()
        self.people = [type(self).make_person(name, given_credits=GIVEN) for name in ("alice", "bob")]
        self.programs = [ApiClient(person) for person in self.people]
        self.tokens = add("r8_walking_a", "r8_walking_b", max_in_flight=AT_A_TOKEN)
        self.messages = Messages()
        self.provider.jobs.clear()
        self.provider.way, self.provider.is_answering = "takes it", True
        self.known: dict[UUID, Generation] = {}
        self.posted: list[tuple[str, bytes, dict[str, str]]] = []
        self.asked = 0

    @initialize(asked=lists(tuples(integers(0, 1), booleans()), min_size=2, max_size=7))
    def people_have_asked(self, asked: list[tuple[int, bool]]) -> None:
        for who, is_doubled in asked:
            self.ask(who, is_doubled)
        tasks.sweep_now()

    # -- people ---------------------------------------------------------------------------------
    @rule(who=integers(0, 1), is_doubled=booleans())
    def ask(self, who: int, is_doubled: bool) -> None:
        self.asked += 1
        body, key = (
            {"model": "flux-schnell", "prompt": f"walk {self.asked}", "params": {"seed": self.asked}},
            f"k{self.asked}",
        )
        spendable = credits.balance_of(self.people[who].pk).available
        answers = [
            self.programs[who].send("/api/generations/create", body, headers={"Idempotency-Key": key})
            for _time in range(1 + is_doubled)
        ]
        if answers[0].status_code == 402:
            assert spendable < 300
        else:
            assert {answer.status_code for answer in answers} <= {200, 201}, answers[0].content
            assert len({answer.json()["id"] for answer in answers}) == 1

    @rule(number=integers(0, 9))
    def cancel(self, number: int) -> None:
        row = self.pick(number)
        if row:
            program = self.programs[self.people.index(row.user)]
            answer = program.send(f"/api/generations/{row.pk}/cancel", {})
            assert answer.status_code == (409 if row.stage in {*FINAL, Stage.SAVING} else 200), answer.content

    # -- messages and workers -------------------------------------------------------------------
    @rule(fates=lists(sampled_from(["done", "done", "done", "done twice", "lost"]), min_size=1, max_size=4))
    def workers_take_messages(self, fates: list[str]) -> None:
        for fate in fates:
            message = self.messages.take()
            if message is not None:
                for _time in range({"done": 1, "done twice": 2, "lost": 0}[fate]):
                    message.do()

    @rule(number=integers(0, 9))
    def a_hint_comes_from_nowhere(self, number: int) -> None:
        row = self.pick(number)
        if row:
            tasks.advance_now(row.pk)

    @rule(number=integers(0, 9))
    def a_worker_dies_with_a_lease(self, number: int) -> None:
        row = self.pick(number)
        if row:
            claims.claim(row.pk)

    @rule()
    def sweep(self) -> None:
        tasks.sweep_now()

    @rule(seconds=sampled_from([1, 6, 31, 91, 400, 2000, 7 * 3600]))
    def time_passes(self, seconds: int) -> None:
        clock.passes(seconds)

    # -- the provider ---------------------------------------------------------------------------
    @rule(way=sampled_from(WAYS))
    def the_provider_changes_its_ways(self, way: str) -> None:
        self.provider.way = way

    @rule(is_answering=booleans())
    def the_provider_answers_questions(self, is_answering: bool) -> None:
        self.provider.is_answering = is_answering

    @precondition(lambda self: any(job.status not in ENDED for job in self.provider.jobs.values()))
    @rule(
        number=integers(0, 9),
        way=sampled_from(
            ["processing", "done", "done", "empty", "file gone", "two files", "failed", "indecent", "canceled"]
        ),
    )
    def a_job_goes_on(self, number: int, way: str) -> None:
        jobs = [job for job in self.provider.jobs.values() if job.status not in ENDED]
        job, files = jobs[number % len(jobs)], self.provider.files
        match way:
            case "done" | "empty" | "two files":
                job.become("succeeded", output=files({"done": 1, "empty": 0, "two files": 2}[way]))
            case "file gone":
                job.become("succeeded", output=files(1, are_there=False))
            case "failed":
                job.become("failed", error="CUDA out of memory")
            case "indecent":
                job.become("failed", error="NSFW content detected")
            case _:
                job.become(way)

    @rule(number=integers(0, 9), which=integers(0, 2), to_another=booleans())
    def a_webhook_comes(self, number: int, which: int, to_another: bool) -> None:
        """Of any of its moments, perhaps early, out of order or long after the end; some to the wrong address."""
        jobs = list(self.provider.jobs.values())
        if jobs:
            job = jobs[number % len(jobs)]
            wrong = Attempt.objects.order_by("created_at", "id").last() if to_another and which == 0 else None
            path = f"/api/webhook/replicate/{wrong.pk}/{callbacks.key_of(wrong.pk)}" if wrong else path_of(job)
            body = job.said[which % len(job.said)]
            self.post(path, body, self.provider.sign(body))

    @rule(number=integers(0, 9))
    def a_webhook_comes_again(self, number: int) -> None:
        if self.posted:
            before = Delivery.objects.count()
            self.post(*self.posted[number % len(self.posted)])
            assert Delivery.objects.count() == before

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> None:
        answer = Client().post(path, body, content_type="application/json", headers=headers)
        assert answer.status_code == 200
        self.posted.append((path, body, headers))

    # -- what must be so ------------------------------------------------------------------------
    def rows(self) -> list[Generation]:
        return list(Generation.objects.select_related("user").order_by("created_at", "id"))

    def pick(self, number: int) -> Generation | None:
        rows = self.rows()
        return rows[number % len(rows)] if rows else None

    @invariant()
    def all_is_as_it_must_be(self) -> None:
        rows = self.rows()
        self.the_law_holds(rows)
        self.nobody_has_more_than_their_places(rows)
        self.the_provider_took_each_wish_once(rows)
        connection.ensure_connection()
        assert list(checker.violations(connection.connection, at_rest=False)) == []

    def the_law_holds(self, rows: list[Generation]) -> None:
        assert {row.pk for row in rows} >= set(self.known)
        for row in rows:
            was = self.known.get(row.pk)
            if was:
                assert row.stage in AFTER[Stage(was.stage)], f"{was.stage} to {row.stage}"
                assert row.change_seq >= was.change_seq
                assert not was.is_final or end_of(row) == end_of(was)
            self.known[row.pk] = row

    def nobody_has_more_than_their_places(self, rows: list[Generation]) -> None:
        for person in self.people:
            slots = [row.slot for row in rows if row.user_id == person.pk and row.slot is not None]
            assert len(slots) == len(set(slots)) and set(slots) <= set(range(1, PLACES + 1))
        taken = Counter(TokenUse.objects.values_list("token", flat=True))
        assert all(count <= AT_A_TOKEN for count in taken.values())

    def the_provider_took_each_wish_once(self, rows: list[Generation]) -> None:
        wish_of = dict(Attempt.objects.values_list("pk", "generation"))
        taken = Counter(wish_of[job.attempt_id] for job in self.provider.jobs.values())
        assert set(taken.values()) <= {1}
        assert set(taken) <= {row.pk for row in rows}

    # -- the end --------------------------------------------------------------------------------
    def teardown(self) -> None:
        try:
            self.come_to_rest()
        finally:
            self.messages.close()

    def come_to_rest(self) -> None:
        """The provider is well again, every message is done: all ends without anybody's help."""
        self.provider.way, self.provider.is_answering = "takes it", True
        for _round in range(ROUNDS_TO_REST):
            for number, job in enumerate(self.provider.jobs.values()):
                if number % 2:
                    job.become("failed", error="enough")
                else:
                    job.become("succeeded", output=self.provider.files(1))
            for message in self.messages.take_all():
                message.do()
            self.the_law_holds(self.rows())
            is_done = (
                all(row.is_final for row in self.rows()) and not Delivery.objects.filter(processed_at=None).exists()
            )
            if is_done:
                break
            clock.passes(130)
            tasks.sweep_now()
        assert [(row.pk, row.stage) for row in self.rows() if not row.is_final] == []
        assert list(checker.violations(connection.connection, at_rest=True)) == []
        self.the_provider_took_each_wish_once(self.rows())
        for person in self.people:
            done = [row for row in self.rows() if row.user_id == person.pk and row.stage == Stage.COMPLETED]
            paid = sum(row.cost_millicredits - row.refunded_millicredits for row in done)
            assert credits.balance_of(person.pk) == credits.Balance(available=GIVEN * credits.MILLI - paid)


def end_of(row: Generation) -> tuple[Any, ...]:
    return row.stage, row.error_code, row.completed_at is not None, row.refunded_millicredits


def path_of(job: Job) -> str:
    return job.webhook.removeprefix("https://studio.example.org")


def test_whatever_happens_each_wish_ends_once_and_is_paid_once(
    replicate: Replicate, make_person: MakePerson, put_back: Callable[[], None]
) -> None:
    Life.provider, Life.make_person, Life.put_back = replicate, staticmethod(make_person), staticmethod(put_back)
    walk(Life, examples=6, steps=30)
