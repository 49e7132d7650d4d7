"""A wish checked against its model and the person's files, priced, and ready to be written down. Writes nothing."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts.models import User
from generations import quotes
from generations.actions import files
from generations.actions.prompts import clean_prompt
from generations.models import Generation, Priority
from providers import catalogue
from providers.catalogue import Model


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a person asks for, already in our types but not yet validated against the model."""

    model_id: str
    prompt: str
    params: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    priority: Priority = Priority.NORMAL
    retry_of: UUID | None = None
    idempotency_key: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A wish and the row it will be. fingerprint: what makes it the same request as another."""

    model: Model
    generation: Generation
    files: files.Files
    fingerprint: str

    @property
    def is_available(self) -> bool:
        """Whether some provider that is on can do just this."""
        return catalogue.is_available(self.model, self.generation.task, self.generation.params)


def prepare(user: User, wish: Wish) -> Prepared:
    """Raises catalogue.UnknownModel, PromptRefused, catalogue.ParameterErrors."""
    model = catalogue.get(wish.model_id)
    prompt = clean_prompt(wish.prompt, model)
    cleaned = model.clean(wish.params)
    task, given = files.resolve(user, model, wish.inputs)
    return Prepared(
        model=model,
        generation=_row(user, model, wish, prompt, task, model.fill_seed(cleaned), given),
        files=given,
        fingerprint=_fingerprint(wish, prompt, cleaned),
    )


def _row(  # noqa: PLR0917
    user: User, model: Model, wish: Wish, prompt: str, task: str, params: dict[str, Any], given: files.Files
) -> Generation:
    source = files.frame_of(given)
    model.require_frame(params, source)
    quote = quotes.quote(model, params, source, files.seconds_of(given), task)
    width, height = model.frame(params, source, task)
    return Generation(
        user=user,
        model=model.id,
        model_name=model.name,
        task=task,
        provider=model.routes_for(task, params)[0].provider,
        prompt=prompt,
        params=params,
        seed=params.get("seed"),
        frame_width=width,
        frame_height=height,
        expected_seconds=quote.time.usual_seconds,
        slow_seconds=quote.time.slow_seconds,
        outputs_expected=quote.outputs,
        cost_millicredits=quote.millicredits,
        priority=wish.priority,
        retry_of_id=wish.retry_of,
    )


def _fingerprint(wish: Wish, prompt: str, cleaned: Mapping[str, Any]) -> str:
    """A retry is another request than the first asking, though it says the same."""
    named = {slot: [str(one) for one in ids] for slot, ids in wish.inputs.items() if ids}
    body = [wish.model_id, prompt, dict(cleaned), named, wish.priority, str(wish.retry_of or "")]
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
