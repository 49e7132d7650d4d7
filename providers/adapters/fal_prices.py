"""fal's price list, asked only to learn whether it accepts a key.

GET {api_url}/models/pricing?endpoint_id → {"prices": [{"endpoint_id", "unit_price", "unit", "currency"}], …}. Prices
depend on the account, so a valid key is required (https://docs.fal.ai/platform-apis/v1/models/pricing).
"""

from collections.abc import Mapping
from dataclasses import replace

from providers.adapters.fal_refusals import refusal
from providers.contract import Line
from providers.errors import Unsupported
from providers.http import Client

# Any would do; this one has been there for years.
ENDPOINT = "fal-ai/flux/dev"


def ask(line: Line, headers: Mapping[str, str]) -> None:
    """Raises Unsupported where the settings name no platform API, else what fal's refusal stands for."""
    api_url = line.options.get("api_url", "")
    if not api_url:
        raise Unsupported("fal tells prices at the address in api_url, which is not set")
    client = Client("fal", replace(line, base_url=api_url), headers=headers)
    answer = client.read("GET", "/models/pricing", params={"endpoint_id": ENDPOINT})
    if not answer.is_success:
        raise refusal(answer)
