"""What a person wrote, as it is sent."""

import unicodedata

from generations.storable import is_storable
from providers.catalogue import Model

# Letters, numbers, punctuation, symbols: marks, spaces and controls alone show nothing.
VISIBLE = "LNPS"


class PromptRefused(Exception):
    """The prompt is empty, too long, not wanted, or holds what no text may hold."""

    def __init__(self, reason: str, limit: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit


def clean_prompt(prompt: str, model: Model) -> str:
    """The prompt as it is sent. Refuses what the model cannot do without or with, and what the database cannot hold."""
    if not is_storable(prompt):
        raise PromptRefused("unreadable")
    is_visible = any(unicodedata.category(char)[0] in VISIBLE for char in prompt)
    if is_visible and not model.prompt_max_length:
        raise PromptRefused("unwanted")
    if len(prompt) > model.prompt_max_length > 0:
        raise PromptRefused("too_long", model.prompt_max_length)
    if not is_visible and model.needs_prompt:
        raise PromptRefused("empty")
    return prompt.strip() if is_visible else ""
