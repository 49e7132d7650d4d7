"""Drafts a model's file from its published inputs: asked of the provider, or out of a file."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from providers.catalogue import draft, published
from providers.catalogue.offer import FOLDER
from providers.contract import Line
from providers.errors import ProviderError
from providers.http import Client
from providers.registry import base_url, options
from providers.tokens import ENVIRONMENT_LABEL, SANDBOX_LABEL

# Replicate tells of a model beside its predictions, fal on its platform's address.
# https://replicate.com/docs/reference/http#models.get · https://fal.ai/docs/platform-apis/v1/models
SCHEMES = {"replicate": "Bearer", "fal": "Key"}


class Command(BaseCommand):
    help = "Draft a model's file. What the published inputs do not tell says '?', and is refused until it is filled in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("provider")
        parser.add_argument("endpoint", help="as the provider names it: owner/name")
        parser.add_argument("--schema", type=Path, metavar="FILE", help="a document that was fetched already")
        parser.add_argument(
            "--write",
            type=Path,
            nargs="?",
            const=FOLDER,
            metavar="FOLDER",
            help="into the catalogue, or into a folder like it; the studio does not start until it is filled in",
        )

    def handle(self, *args: Any, **given: Any) -> None:
        provider, endpoint = given["provider"], given["endpoint"]
        document = _opened(given["schema"]) if given["schema"] else _fetched(provider, endpoint)
        try:
            text = draft.write(provider, endpoint, published.read(document))
        except published.NotASchema as error:
            raise CommandError(f"No inputs of {endpoint} were found: {error}.") from error
        if given["write"] is None:
            self.stdout.write(text, ending="")
            return
        path = given["write"] / provider / f"{draft.identifier(endpoint)}.toml"
        path.parent.mkdir(exist_ok=True)
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError as error:
            raise CommandError(f"There is {provider}/{path.name} already. Nothing was written.") from error
        self.stdout.write(f"{path} is a draft: fill in each '?', then run check.")


def _opened(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read as JSON: {error}.") from error


def _fetched(provider: str, endpoint: str) -> Any:
    if provider not in SCHEMES or provider not in settings.PROVIDERS:
        raise CommandError(f"{provider} publishes no schemas that can be asked for. Give one with --schema.")
    token = settings.PROVIDERS[provider]["token"].strip()
    is_demo = not token and settings.EMBEDDED and bool(settings.SANDBOX_URL)
    label = SANDBOX_LABEL if is_demo else ENVIRONMENT_LABEL
    address = options(provider, label).get("api_url") or base_url(provider, label)
    secret = token or (SANDBOX_LABEL if is_demo else "")
    headers = {"Authorization": f"{SCHEMES[provider]} {secret}"} if secret else {}
    client = Client(provider, Line(base_url=address, token=secret), headers=headers)
    try:
        if provider == "replicate":
            answer = client.read("GET", f"/models/{endpoint}")
        else:
            answer = client.read("GET", "/models", params={"endpoint_id": endpoint, "expand": "openapi-3.0"})
    except ProviderError as error:
        raise CommandError(f"{provider} could not be asked: {error}. Nothing was written; try again later.") from error
    if not answer.is_success:
        raise CommandError(f"{provider} answered {answer.status} for {endpoint}. Look at its name and at the token.")
    return answer.object
