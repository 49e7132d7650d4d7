"""Checks an input against a model's schema, strictly, and says what is wrong in the words of Replicate's validator."""

from typing import Any

from providers.sandbox import inputs
from providers.sandbox.schemas import Problem, Schema

NAMES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def complaints(model: Schema, given: Any) -> list[str]:
    """One sentence per wrong field, empty when the input is good. No coercion: "5" is not 5, true is not 1."""
    if not isinstance(given, dict):
        return [f"- input: Invalid type. Expected: object, given: {_kind_of(given)}"]
    if problems := model.problems(given):
        return [_sentence(problem) for problem in problems]
    files = [(slot, one) for slot, named in model.references(given).items() for one in named]
    return [
        f"- input.{slot}: The sandbox takes data URIs, its own files and addresses on loopback, not {one[:200]!r}"
        for slot, one in files
        if not (one.startswith("data:") or inputs.is_here(one))
    ]


def _kind_of(value: Any) -> str:
    return NAMES.get(type(value), "null")


def _sentence(problem: Problem) -> str:
    if problem.type in ("required", "additionalProperties"):
        return f"- {'.'.join(map(str, ('input', *problem.loc[:-1])))}: {problem.message}"
    name = problem.loc[-1] if problem.loc else "input"
    expected = problem.expected
    said = {
        "type": lambda: f"Invalid type. Expected: {expected}, given: {_kind_of(problem.given)}",
        "enum": lambda: f"{name} must be one of the following: {', '.join(_quoted(choice) for choice in expected)}",
        "minimum": lambda: f"Must be greater than or equal to {expected}",
        "maximum": lambda: f"Must be less than or equal to {expected}",
        "format": lambda: f"Does not match format '{expected}'",
    }.get(problem.type, lambda: problem.message)()
    return f"- {'.'.join(map(str, ('input', *problem.loc)))}: {said}"


def _quoted(choice: Any) -> str:
    return f'"{choice}"' if isinstance(choice, str) else str(choice)
