"""How secrets lie in the database: encrypted under FERNET_KEYS. Whose they are is no business of this module.

The first key encrypts, all of them decrypt (cryptography's MultiFernet), so a key is replaced by putting a new one in
front and running `rotate_tokens`.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class Undecryptable(Exception):
    """No key of FERNET_KEYS opens this secret."""


def keys() -> list[Fernet]:
    """Every key, the newest first. Raises ImproperlyConfigured, without the key in it."""
    found: list[Fernet] = []
    for number, key in enumerate(settings.FERNET_KEYS, start=1):
        try:
            found.append(Fernet(key))
        except ValueError as error:
            sentence = f"FERNET_KEYS: key number {number} is not 32 bytes in URL-safe base64."
            raise ImproperlyConfigured(sentence) from error
    if not found:
        raise ImproperlyConfigured("FERNET_KEYS is empty. See .env.example for what it means.")
    return found


def seal(secret: str) -> str:
    return keys()[0].encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises Undecryptable."""
    try:
        return MultiFernet(keys()).decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeDecodeError) as error:
        raise Undecryptable from error


def is_sealed_by_the_newest(sealed: str) -> bool:
    try:
        keys()[0].decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True
