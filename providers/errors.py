"""The failure tree, sorted by what the caller may do next. What a person reads about it is not here.

ProviderError
├── Transient            nothing happened or nothing is known to have changed: ask again later
│   ├── RateLimited      not before retry_after_seconds
│   └── NotSent          not one byte of the request left: safe to send again at once, elsewhere too
├── Rejected             the provider understood and declined: final, the work is not charged
│   ├── ContentRefused   because of what was asked for; never tried with another token
│   └── NotFound         no such job, or no such model
├── Misconfigured        the operator has to act; another token may do
│   ├── TokenInvalid     this token is not, or no longer, accepted
│   └── OutOfCredit      this token's account has nothing left to spend
├── Ambiguous            sent, and the answer is unknown: the work may exist and be billed. Never send again blindly
├── BadSignature         a delivery that does not prove where it comes from
├── UnreadableWebhook    a delivery that proves it and makes no sense
├── SecretUnavailable    a delivery that cannot be judged now: the sender should come again
└── Unsupported          this provider has no such thing
"""

from typing import ClassVar

from providers.contract import ErrorCode


class ProviderError(Exception):
    """message: for admins, may quote the vendor, never a secret. code: an ErrorCode where the failure ends the work.

    http_status: what the provider answered, None when it did not.
    """

    default_code: ClassVar[str] = ""

    def __init__(self, message: str, *, code: str = "", http_status: int | None = None) -> None:
        super().__init__(message)
        self.code = code or self.default_code
        self.http_status = http_status


class Transient(ProviderError):
    pass


class RateLimited(Transient):
    def __init__(
        self, message: str, *, retry_after_seconds: float, code: str = "", http_status: int | None = None
    ) -> None:
        super().__init__(message, code=code, http_status=http_status)
        self.retry_after_seconds = retry_after_seconds


class NotSent(Transient):
    pass


class Rejected(ProviderError):
    default_code = ErrorCode.INPUT_REFUSED


class ContentRefused(Rejected):
    default_code = ErrorCode.CONTENT_REFUSED


class NotFound(Rejected):
    default_code = ErrorCode.PROVIDER_FAILED


class Misconfigured(ProviderError):
    default_code = ErrorCode.PROVIDER_FAILED


class TokenInvalid(Misconfigured):
    pass


class OutOfCredit(Misconfigured):
    pass


class Ambiguous(ProviderError):
    default_code = ErrorCode.PROVIDER_FAILED


class BadSignature(ProviderError):
    pass


class UnreadableWebhook(ProviderError):
    pass


class SecretUnavailable(ProviderError):
    pass


class Unsupported(ProviderError):
    pass
