"""What is planted where, and which tests are there to notice."""

from dataclasses import dataclass

SUBMITTING = "generations/steps/submitting.py"
MIGRATION = "generations/migrations/0001_initial.py"
HUB = "generations/live/hub.py"


@dataclass(frozen=True, slots=True)
class Edit:
    """Text that stands in the file exactly once, and what takes its place."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mutant:
    name: str
    mistake: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]


MUTANTS = (
    Mutant(
        "retry-on-unknown",
        "a request whose answer is unknown is sent again",
        (
            Edit(
                SUBMITTING,
                "        return mark_unconfirmed(generation, attempt, error.http_status)\n",
                "        return refusing.refuse(generation, attempt, Transient(str(error)))\n",
            ),
        ),
        ("tests/generations/test_from_wish_to_picture.py::test_an_unknown_answer_is_adopted_and_never_sent_again",),
    ),
    Mutant(
        "retry-crashed-post",
        "a request whose sender died is sent again",
        (
            Edit(
                "generations/steps/confirming.py", "    if attempt.sent_at is None:\n", "    if attempt is not None:\n"
            ),
        ),
        ("tests/kills/test_a_process_dies.py::test_the_worker_dies_and_the_webhook_is_lost_too",),
    ),
    Mutant(
        "no-sweeper",
        "nobody looks for rows that are overdue",
        (
            Edit(
                "generations/steps/sweeping.py",
                "    return [\n        Overdue(",
                "    return [] and [\n        Overdue(",
            ),
        ),
        ("tests/kills/test_a_process_dies.py::test_web_dies_after_its_commit_and_before_the_hint",),
    ),
    Mutant(
        "no-partial-index",
        "the database itself does not hold one live attempt per generation, one generation per place",
        (
            Edit(
                MIGRATION,
                '                condition=models.Q(("slot__isnull", False)),\n'
                '                fields=("user", "slot"),\n',
                '                fields=("user", "slot", "id"),\n',
            ),
            Edit(
                MIGRATION,
                '                condition=models.Q(("state__in", ("posting", "unknown", "accepted"))),\n'
                '                fields=("generation",),\n',
                '                fields=("generation", "id"),\n',
            ),
        ),
        (
            "tests/generations/test_lifecycle.py::test_two_working_rows_cannot_share_a_slot",
            "tests/generations/test_lifecycle.py::test_two_live_attempts_cannot_share_a_generation",
        ),
    ),
    Mutant(
        "count-limit",
        "places are counted and not taken one by one under the person's lock",
        (
            Edit(
                SUBMITTING,
                "        user = User.objects.locked(generation.user_id)\n        slot = None if",
                "        user = User.objects.get(pk=generation.user_id)\n        slot = None if",
            ),
            Edit(
                SUBMITTING,
                "    return free[0] if len(free) > line.count() else None\n",
                "    return time.monotonic_ns() // 1000 % 30_000 + 6 if len(taken) < limit_of(user) else None\n",
            ),
        ),
        ("tests/generations/test_races.py::test_at_most_five_work_at_once",),
    ),
    Mutant(
        "settle-outside-transaction",
        "credits are settled after the commit that ends the generation",
        (
            Edit(
                "generations/steps/settling.py",
                "        _charge(generation)\n    else:\n"
                "        credits.release(user_id=generation.user_id, reference=generation.ledger_reference, **by)\n",
                "        transaction.on_commit(lambda: _later(_charge, generation))\n    else:\n"
                "        reference = generation.ledger_reference\n        transaction.on_commit(\n"
                "            lambda: _later(lambda row: credits.release(user_id=row.user_id, reference=reference),"
                " generation)\n        )\n",
            ),
            Edit(
                "generations/steps/settling.py",
                "def _charge(generation: Generation) -> None:\n",
                "def _later(work: Any, generation: Generation) -> None:\n"
                "    with transaction.atomic():\n        User.objects.locked(generation.user_id)\n"
                "        work(generation)\n\n\ndef _charge(generation: Generation) -> None:\n",
            ),
        ),
        ("crash-point:outbox_sent",),
    ),
    Mutant(
        "answer-before-insert",
        "a webhook is answered before it is in the inbox",
        (
            Edit(
                "generations/webhooks.py",
                "    delivery = _keep(provider, attempt, verified, headers, body)\n    if delivery is not None:\n"
                '        tasks.publish(tasks.hear, "events", delivery_id=str(delivery.pk))\n',
                "    import threading\n\n"
                "    threading.Timer(1, _keep, (provider, attempt, verified, headers, body)).start()\n",
            ),
        ),
        ("tests/generations/test_webhooks.py::test_a_signed_delivery_moves_the_generation",),
    ),
    Mutant(
        "deaf-after-restart",
        "sockets rely on subscriptions that do not survive a restart of Redis, and look for nothing themselves",
        (
            Edit(
                HUB,
                '                logger.info("live_not_reachable", turn=turn.__name__, error=type(error).__name__)\n'
                "                await asyncio.sleep(SECONDS_AFTER_FAILURE)\n",
                '                logger.info("live_not_reachable", turn=turn.__name__, error=type(error).__name__)\n'
                "                return\n",
            ),
            Edit(HUB, "(self._listen, self._tick, self._check_sessions)", "(self._listen, self._check_sessions)"),
        ),
        ("tests/live/test_sockets.py::test_the_socket_keeps_telling_without_valkey_and_after_it_came_back",),
    ),
    Mutant(
        "naive-redirect",
        "only the first address of a download is checked, not where it leads",
        (
            Edit(
                "media_pipeline/fetching.py",
                "    there = locate(urljoin(here.url, location))\n",
                "    from urllib.parse import urlsplit\n\n    to = urlsplit(urljoin(here.url, location))\n"
                "    host, port = to.hostname or '', to.port or 443\n"
                "    there = Destination(url=to.geturl(), scheme=to.scheme, host=host, port=port, is_sandbox=True,"
                " target=to.path or '/', addresses=(host,))\n",
            ),
        ),
        ("tests/media_pipeline/test_hostile_servers.py::test_a_redirect_is_checked_like_the_first_address",),
    ),
)
