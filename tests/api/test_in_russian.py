"""The refusals of the catalogue once more, in Russian. Apart, so that a missing translation shows here alone."""

from tests.api import test_bad_addresses, test_bad_bodies, test_bad_keys, test_bad_moments, test_bad_wishes
from tests.api.cases import Case, Scene, assert_refused, assert_said_in_russian, each

MODULES = (test_bad_bodies, test_bad_wishes, test_bad_keys, test_bad_addresses, test_bad_moments)


def one_of_each_kind() -> list[Case]:
    """The first case of each number and code, and all unreadable bodies: the others say the same."""
    found: dict[tuple[object, ...], Case] = {}
    for module in MODULES:
        for case in module.CASES:
            what = case.name if case.code == "invalid_json" else ""
            found.setdefault((case.number, case.code, case.fields, what), case)
    return list(found.values())


@each(one_of_each_kind())
def test_a_refusal_is_said_in_russian_to_those_who_ask_for_it(case: Case, scene: Scene) -> None:
    assert_said_in_russian(scene, case)


def test_the_sweeps_refuse_in_russian(scene: Scene) -> None:
    case = Case(number=34, name="cron", status=401, code="not_authenticated", path="/api/cron/cleanup")
    assert_refused(scene, case)
    assert_said_in_russian(scene, case)
