"""A hasher that counts, because what takes time at sign-in is hashing."""

from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class CountingHasher(PBKDF2PasswordHasher):
    """Django's own, at its own pace."""

    computed = 0

    def encode(self, password: str, salt: str, iterations: int | None = None) -> Any:
        CountingHasher.computed += 1
        return super().encode(password, salt, iterations)
