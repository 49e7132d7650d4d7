"""allauth's seam for second factors: their secrets lie sealed, and the QR code is drawn into the page itself."""

import secrets
from dataclasses import dataclass
from typing import Any

import qrcode
import structlog
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction
from qrcode.image.svg import SvgPathImage

from accounts.sealing import Undecryptable, is_sealed_by_the_newest, seal, unseal

logger = structlog.get_logger(__name__)
# Where a row keeps its secret: the app's, or what recovery codes are made from.
SECRETS = ("secret", "seed")


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """A secret that no key opens becomes one that nobody knows: the code is wrong, and the log says why."""
        try:
            return unseal(encrypted_text)
        except Undecryptable:
            logger.error("second_factor_unreadable", hint="no key of FERNET_KEYS opens it")
            return secrets.token_hex(20).translate(str.maketrans("0189", "ABCD")).upper()

    def build_totp_svg(self, url: str) -> str:
        """For the page itself: no policy of ours lets a data: address be a picture."""
        picture = qrcode.make(url, image_factory=SvgPathImage, border=2)
        return str(picture.to_string(encoding="unicode"))


@dataclass(slots=True)
class Resealed:
    """unreadable: whose secrets no key opens; they stay as they are."""

    sealed_anew: int = 0
    unreadable: tuple[str, ...] = ()


def reseal() -> Resealed:
    """Brings every secret to the newest key. A transaction a row, so that it may be stopped and begun again."""
    done = Resealed()
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            row = Authenticator.objects.select_for_update(no_key=True).select_related(None).filter(pk=pk).first()
            if row is not None:
                _reseal_one(row, done)
    return done


def _reseal_one(row: Authenticator, done: Resealed) -> None:
    old: dict[str, Any] = {name: row.data[name] for name in SECRETS if name in row.data}
    if all(is_sealed_by_the_newest(sealed) for sealed in old.values()):
        return
    try:
        row.data |= {name: seal(unseal(sealed)) for name, sealed in old.items()}
    except Undecryptable:
        done.unreadable += (row.user.email,)
        return
    row.save(update_fields=["data"])
    done.sealed_anew += 1
