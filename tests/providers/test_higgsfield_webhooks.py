"""Higgsfield's deliveries: signed, signed twice, with the old API's word, or not at all; and what counts as proof."""

import json
from pathlib import Path

import pytest

from providers.adapters.higgsfield import Higgsfield
from providers.adapters.higgsfield_deliveries import old_word
from providers.contract import JobState, Verified
from providers.errors import BadSignature, SecretUnavailable
from tests.providers.conftest import MakeLine
from tests.providers.recorded import recorded
from tests.providers.signing import NOW, OTHER_SECRET, SECRET, signature, signed

ADDRESS = "https://api.example.org"
DONE = recorded("higgsfield", "succeeded")
BODY = DONE.body
OLD_BODY = recorded("higgsfield", "job_set").body
VECTOR = json.loads((Path(__file__).parent / "fixtures" / "higgsfield" / "signed_vector.json").read_text("utf-8"))


@pytest.fixture
def open_ear(line_to: MakeLine) -> Higgsfield:
    """Without a secret."""
    return Higgsfield(line_to(ADDRESS))


@pytest.fixture
def strict_ear(line_to: MakeLine) -> Higgsfield:
    return Higgsfield(line_to(ADDRESS, webhook_secrets=(OTHER_SECRET, SECRET)))


def test_the_published_vector_verifies_and_an_altered_one_does_not(line_to: MakeLine) -> None:
    adapter = Higgsfield(line_to(ADDRESS, webhook_secrets=(VECTOR["secret"],)))
    headers = {name: VECTOR["headers"][name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}
    now, body = float(headers["webhook-timestamp"]), VECTOR["body"].encode()
    assert adapter.verify_webhook(headers, body, now) == Verified(key=headers["webhook-id"])
    for changed, altered in ((headers, body + b" "), (headers | {"webhook-id": "msg_other"}, body)):
        with pytest.raises(BadSignature):
            adapter.verify_webhook(changed, altered, now)


def test_a_signed_delivery_is_proof_and_its_id_is_its_key(strict_ear: Higgsfield) -> None:
    assert strict_ear.verify_webhook(signed(BODY, identifier="msg_7"), BODY, NOW) == Verified(key="msg_7")


def test_while_a_secret_is_replaced_either_signature_will_do(line_to: MakeLine) -> None:
    both = signed(BODY, webhook_signature=f"{signature(BODY, secret=OTHER_SECRET)} {signature(BODY)}")
    for secret in (SECRET, OTHER_SECRET):
        assert Higgsfield(line_to(ADDRESS, webhook_secrets=(secret,))).verify_webhook(both, BODY, NOW).is_proof


FORGED = {
    "unsigned": {},
    "of another body": signed(BODY + b" "),
    "of another version": signed(BODY, webhook_signature="v2,x"),
    "too old": signed(BODY, timestamp=NOW - 301),
    "with a wrong word": {"X-Webhook-Secret-Key": "word"},
    "with an empty word": {"x-webhook-secret-key": ""},
    "with a word that is not ascii": {"X-Webhook-Secret-Key": "\u0441\u043b\u043e\u0432\u043e"},
    "with the secret itself as word": {"X-Webhook-Secret-Key": SECRET},
    "with the word and a bad signature": signed(BODY + b" ", X_Webhook_Secret_Key=old_word(SECRET)),
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED.keys())
def test_with_a_secret_whatever_does_not_prove_itself_is_refused(
    headers: dict[str, str], strict_ear: Higgsfield
) -> None:
    with pytest.raises(BadSignature):
        strict_ear.verify_webhook(headers, BODY, NOW)


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED.keys())
def test_without_a_secret_everything_readable_is_kept_and_proves_nothing(
    headers: dict[str, str], open_ear: Higgsfield
) -> None:
    verified = open_ear.verify_webhook(headers, BODY, NOW)
    assert not verified.is_proof
    assert verified.key.startswith(f"{DONE.object['request_id']}.succeeded.")
    assert len(verified.key) < 300


def test_a_repetition_has_the_same_key_and_other_news_has_another(open_ear: Higgsfield) -> None:
    other = recorded("higgsfield", "cancelled").body
    keys = [open_ear.verify_webhook({}, body, NOW).key for body in (BODY, BODY, other, BODY + b" ")]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b'{"request_id": "../x", "status": "completed"}'])
def test_what_is_neither_signed_nor_about_a_job_is_refused(body: bytes, open_ear: Higgsfield) -> None:
    with pytest.raises(BadSignature):
        open_ear.verify_webhook({}, body, NOW)


def test_the_word_that_was_sent_along_proves_a_delivery_of_the_old_api(strict_ear: Higgsfield) -> None:
    verified = strict_ear.verify_webhook({"X-Webhook-Secret-Key": old_word(SECRET)}, OLD_BODY, NOW)
    assert verified.is_proof
    assert verified == strict_ear.verify_webhook({"x-webhook-secret-key": old_word(OTHER_SECRET)}, OLD_BODY, NOW)
    assert SECRET.removeprefix("whsec_") not in old_word(SECRET)


@pytest.mark.parametrize("headers", [signed(BODY), {"X-Webhook-Secret-Key": "word"}])
def test_a_malformed_secret_in_the_settings_leaves_it_open(headers: dict[str, str], line_to: MakeLine) -> None:
    adapter = Higgsfield(line_to(ADDRESS, webhook_secrets=("whsec_nonsense!",)))
    with pytest.raises(SecretUnavailable) as caught:
        adapter.verify_webhook(headers, BODY, NOW)
    assert "nonsense" not in str(caught.value)


def test_a_delivery_says_what_a_poll_would(open_ear: Higgsfield) -> None:
    update = open_ear.parse_webhook({}, BODY)
    assert (update.external_id, update.state) == (DONE.object["request_id"], JobState.SUCCEEDED)
    assert open_ear.parse_webhook({}, OLD_BODY).state is JobState.WAITING
