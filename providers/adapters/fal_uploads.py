"""Hands a person's file to fal's storage: asks where to, puts it there.

POST /storage/upload/initiate?storage_type=fal-cdn-v3 {"file_name", "content_type"} → {"upload_url", "file_url"}; PUT.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from providers.adapters.fal_refusals import refusal
from providers.contract import InputFile, Line, Uploaded
from providers.errors import Misconfigured, Transient
from providers.http import Client

LIVES = timedelta(days=7)
LIFECYCLE = f'{{"expiration_duration_seconds": {int(LIVES.total_seconds())}}}'
FILES_DOMAIN = "fal.media"
LONGEST_ADDRESS = 2_000


def upload(line: Line, headers: Mapping[str, str], file: InputFile) -> Uploaded:
    """Raises as fetch does; Misconfigured when fal names a host that is not its own."""
    rest_url = line.options.get("rest_url", "")
    # The key stays out of the PUT: its address is signed.
    client = Client("fal", replace(line, base_url=rest_url), headers=headers)
    answer = client.read(
        "POST",
        "/storage/upload/initiate",
        params={"storage_type": "fal-cdn-v3"},
        payload={"file_name": file.name, "content_type": file.content_type},
        # Uploads know the header by its former name.
        headers={"X-Fal-Object-Lifecycle": LIFECYCLE, "X-Fal-Object-Lifecycle-Preference": LIFECYCLE},
    )
    if not answer.is_success:
        raise refusal(answer)
    addresses = answer.object.get("upload_url"), answer.object.get("file_url")
    if not all(isinstance(one, str) and 0 < len(one) <= LONGEST_ADDRESS for one in addresses):
        raise Transient("the upload was accepted without an address")
    there, reference = str(addresses[0]), str(addresses[1])
    for address in (there, reference):
        if not _is_fals(address, rest_url):
            raise Misconfigured(f"fal named a host for uploads that is not its own: {address[:100]}")
    expires_at = datetime.now(UTC) + LIVES
    client.put_file(there, file)
    return Uploaded(reference=reference, expires_at=expires_at)


def _is_fals(address: str, rest_url: str) -> bool:
    """fal's own file servers, or the very origin that was asked (which the sandbox is)."""
    try:
        parts, asked = urlsplit(address), urlsplit(rest_url)
    except ValueError:
        return False
    host = parts.hostname or ""
    is_own = parts.scheme == "https" and (host == FILES_DOMAIN or host.endswith(f".{FILES_DOMAIN}"))
    return is_own or (parts.scheme, parts.netloc) == (asked.scheme, asked.netloc)
