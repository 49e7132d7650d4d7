"""bin/manage try_models: every model asked for every task it has, through the API of the running system."""

import math
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import credits
from accounts.ids import uuid7
from accounts.models import ApiKey, User
from generations.trials.calling import Api, Refused
from generations.trials.carrying_out import Outcome, carry_out
from generations.trials.planning import LeftOut, Trial, left_out, plan
from providers import catalogue, registry

# Nobody signs in as this person: there is no password.
PERSON = "trials@studio.invalid"
BAR_WIDTH = 40


class Command(BaseCommand):
    help = "Ask each model for the least it can do and judge what comes. Ends with 1 unless all of it is as asked."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--model", action="append", default=[], metavar="ID", help="only this one; may be repeated")
        parser.add_argument("--provider", default="", choices=["", *sorted(registry.ADAPTERS)])
        parser.add_argument(
            "--spend",
            type=float,
            default=0,
            metavar="CREDITS",
            help="what it may cost at real providers; 0 unless told",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        models = _chosen(options["model"])
        trials, missing = plan(models, options["provider"]), left_out(models, options["provider"])
        if not trials:
            self._list([], missing)
            raise CommandError("No model is left to try: its provider is off or another one's, or it is not installed.")
        _check_cost(trials, options["spend"])
        outcomes: list[Outcome] = []
        with _key_of_somebody(sum(trial.millicredits for trial in trials)) as key:
            try:
                for outcome in carry_out(Api(settings.PUBLIC_URL, key), trials):
                    outcomes.append(outcome)
                    self._show(outcomes, len(trials))
            except requests.RequestException as error:
                raise CommandError(
                    f"{settings.PUBLIC_URL} does not answer. Start the studio with bin/run; what was asked for until "
                    f"now goes on by itself."
                ) from error
            except Refused as error:
                raise CommandError(f"{settings.PUBLIC_URL} does not answer as it should: {error}") from error
        failures = [outcome for outcome in outcomes if outcome.complaint]
        self._list(failures, missing)
        words = f"{len(outcomes) - len(failures)} of {len(trials)} completed"
        self.stdout.write(words + (f", {len(missing)} left out" if missing else ""))
        if failures:
            sys.exit(1)

    def _show(self, outcomes: Sequence[Outcome], total: int) -> None:
        """A bar on a terminal, else a line for each tenth."""
        done, failed = len(outcomes), sum(1 for outcome in outcomes if outcome.complaint)
        words = f"{done} of {total}" + (f", {failed} failed" if failed else "")
        if self.stderr.isatty():
            filled = BAR_WIDTH * done // total
            bar = f"\r[{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {words}"
            self.stderr.write(bar, self.style.SUCCESS, ending="\n" if done == total else "")
        elif done == total or done * 10 // total > (done - 1) * 10 // total:
            self.stderr.write(words, self.style.SUCCESS)

    def _list(self, failures: Sequence[Outcome], missing: Sequence[LeftOut]) -> None:
        if not failures and not missing:
            return
        rows = [("model", "task", "provider", "what went wrong")]
        rows += [(one.trial.model.id, one.trial.task, one.trial.provider, one.complaint) for one in failures]
        rows += missing
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        room = max(40, shutil.get_terminal_size((200, 24)).columns - sum(widths) - 6)
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            self.stdout.write("  ".join([*cells, row[3][:room]]))


def _chosen(model_ids: Sequence[str]) -> list[catalogue.Model]:
    enabled = [model for model in catalogue.all_models() if model.is_enabled]
    named = [one for one in enabled if catalogue.is_available(one) or not any(map(catalogue.is_installed, one.routes))]
    if unknown := set(model_ids) - {model.id for model in named}:
        raise CommandError(f"There is no such model on offer: {', '.join(sorted(unknown))}.")
    return [model for model in named if not model_ids or model.id in model_ids]


def _check_cost(trials: Sequence[Trial], credits_to_spend: float) -> None:
    cost = math.ceil(sum(trial.millicredits for trial in trials if not trial.is_free) / credits.MILLI)
    if cost > credits_to_spend:
        raise CommandError(
            f"This would cost about {cost} credits (cents of the list price) at real providers. Nothing was sent. "
            f"Say --spend {cost} to go on, or choose with --model and --provider."
        )


@contextmanager
def _key_of_somebody(millicredits: int) -> Iterator[str]:
    """An API key, for as long as it is needed, of a person who can pay for all of it."""
    person = User.objects.filter(email=PERSON).first() or User.objects.create_user(PERSON)
    if millicredits:
        with transaction.atomic(durable=True):
            User.objects.locked(person.pk)
            credits.grant(user_id=person.pk, millicredits=millicredits, reference=f"trials:{uuid7()}")
    row, key = ApiKey.objects.issue(person.pk, "try_models")
    try:
        yield key
    finally:
        ApiKey.objects.filter(pk=row.pk).revoke()
