"""What can go wrong with a call, sorted by what the caller may do next.

TelegramError
├── NotDone              surely not carried out; later may be better
│   ├── Throttled        not before retry_after_seconds (429)
│   ├── Unreachable      not one byte of the call left
│   └── TokenInvalid     the bot's token is not accepted (401, 404): the operator has to act
├── Refused              understood and declined (400, 413): the same call would be declined again
│   └── Blocked          the person has blocked the bot, or is gone (403, "chat not found")
└── Unanswered           sent; whether it was carried out is not known (5xx, cut off, nonsense). Never send it again
"""


class TelegramError(Exception):
    """The message is for operators: never an address, because the token is part of it."""


class NotDone(TelegramError):
    retry_after_seconds: float | None = None


class Throttled(NotDone):
    def __init__(self, message: str, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Unreachable(NotDone):
    pass


class TokenInvalid(NotDone):
    pass


class Refused(TelegramError):
    pass


class Blocked(Refused):
    pass


class Unanswered(TelegramError):
    pass
