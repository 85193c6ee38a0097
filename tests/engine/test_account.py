"""Which account a session may be resumed on, and on which one it may be read again."""

from msgspec.structs import replace

from tests.engine.world import PIN
from wizard.engine.account import changed_account, changed_pin

OTHER = "arn:aws:sts::111122223333:assumed-role/Auditor/eve"


def test_an_auditor_s_role_may_recheck_and_not_resume() -> None:
    auditor = replace(PIN, caller_arn=OTHER)
    assert changed_account(PIN, auditor) == ""
    assert "caller" in changed_pin(PIN, auditor)


def test_another_account_partition_or_endpoint_may_neither() -> None:
    for other in (
        replace(PIN, account_id="999999999999", caller_arn=OTHER),
        replace(PIN, partition="aws-cn", caller_arn=OTHER),
        replace(PIN, endpoint_url="https://elsewhere.example", caller_arn=OTHER),
    ):
        assert changed_account(PIN, other)
        assert changed_pin(PIN, other)
