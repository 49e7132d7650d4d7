"""Faults that /control set up for coming jobs and calls, and the tokens it told to fail. Forgotten at a restart."""

from dataclasses import dataclass

CALLS = ("list", "secret", "upload")  # calls that have no prompt of their own to carry a directive


@dataclass(kw_only=True, slots=True)
class Fault:
    """One kind of misbehaviour for the next `times` jobs whose prompt contains `match` ("*": any)."""

    match: str
    name: str
    value: str
    times: int

    def suits(self, prompt: str) -> bool:
        return self.times > 0 and (self.match == "*" or self.match in prompt)


class Faults:
    """What was asked for and not yet used up, oldest first."""

    def __init__(self) -> None:
        self.pending: list[Fault] = []
        self.tokens: dict[str, Fault] = {}

    def add(self, fault: Fault) -> None:
        self.pending.append(fault)

    def take(self, prompt: str, among: frozenset[str]) -> dict[str, str]:
        """The faults of those names that a call with this prompt meets, each used up by one."""
        met: dict[str, str] = {}
        for fault in self.pending:
            if fault.name in among and fault.name not in met and fault.suits(prompt):
                fault.times -= 1
                met[fault.name] = fault.value
        self.pending = [fault for fault in self.pending if fault.times > 0]
        return met

    def fail_token(self, token: str, fault: Fault | None) -> None:
        """Every call with that token ("*": any) meets the fault; None makes it good again."""
        if fault is None:
            self.tokens.pop(token, None)
        else:
            self.tokens[token] = fault

    def of_token(self, token: str) -> Fault | None:
        """The fault a call with this token meets, used up by one."""
        fault = self.tokens.get(token) or self.tokens.get("*")
        if fault is None or fault.times <= 0:
            return None
        fault.times -= 1
        return fault

    def clear(self) -> None:
        self.pending.clear()
        self.tokens.clear()
