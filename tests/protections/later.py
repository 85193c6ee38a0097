"""What is looked at later: a recheck only reads and misses nothing, CloudTrail is not flattered."""

from tests.protections.protection import Protection

RECHECKS = "tests/engine/test_rechecks.py"
OPENED = "tests/evidence/test_opened.py"
ACCOUNT = "tests/engine/test_account.py"
TRAIL = "tests/evidence/test_corroboration.py"

PROTECTIONS = (
    Protection(
        name="only-looks",
        promise="What rechecks and corroborates lets no call through that changes anything, "
        "whatever a step asks for.",
        file="wizard/gateway/read_only.py",
        code="if is_mutating(effect) or unsafe",
        instead="if unsafe",
        tests=(f"{RECHECKS}::test_the_gateway_lets_no_write_through",),
    ),
    Protection(
        name="recorded-facts",
        promise="A fact that is right by itself, yet not as it was recorded, is drift.",
        file="wizard/engine/verdicts.py",
        code="    if recorded is None or found is None:\n",
        instead="    if True:\n",
        tests=(f"{RECHECKS}::test_a_field_is_drift_unless_it_is_volatile",),
    ),
    Protection(
        name="new-members",
        promise="What came after the session is judged by the same rule as what it saw.",
        file="wizard/engine/rechecks.py",
        code="new = tuple(member for member in now if member.key not in known)",
        instead="new: tuple[Member, ...] = ()",
        tests=(f"{RECHECKS}::test_each_of_many_has_its_verdict_and_new_ones_are_judged_too",),
    ),
    Protection(
        name="whole-bundle",
        promise="A bundle of which any byte was changed is not rechecked.",
        file="wizard/evidence/opened.py",
        code="        if finding.outcome is Outcome.FAILED:\n",
        instead="        if finding.outcome is Outcome.ABSENT:\n",
        tests=(f"{OPENED}::test_what_was_changed_is_refused",),
    ),
    Protection(
        name="same-account",
        promise="Another role of the account may recheck; another account, partition or endpoint "
        "may not.",
        file="wizard/engine/account.py",
        code="    return changed_pin(replace(pinned, caller_arn=now.caller_arn), now)\n",
        instead='    return ""\n',
        tests=(f"{ACCOUNT}::test_another_account_partition_or_endpoint_may_neither",),
    ),
    Protection(
        name="request-id",
        promise="A call that has a request id is found in CloudTrail by it alone.",
        file="wizard/evidence/corroboration.py",
        code="event = None if call.request_id else _alike(call, found, taken, callers)",
        instead="event = _alike(call, found, taken, callers)",
        tests=(f"{TRAIL}::test_another_request_id_is_no_match_and_its_event_is_unexpected",),
    ),
    Protection(
        name="delivery",
        promise="What CloudTrail may still deliver is not called missing.",
        file="wizard/evidence/corroboration.py",
        code="    if now - at < DELIVERY:\n",
        instead="    if now < at:\n",
        tests=(f"{TRAIL}::test_what_is_fresh_may_still_come_and_what_is_old_is_gone",),
    ),
)
