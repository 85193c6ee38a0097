"""No call lost and none made twice: intent before, result after, and a look in between."""

from tests.protections.protection import Protection

CRASHES = "tests/engine/test_crashes.py"
STORAGE = "tests/engine/test_storage.py"
CONSENT = "tests/engine/test_consent.py"
STOPPING = "tests/engine/test_stopping.py"
WIRE = "tests/gateway/test_aws_faults.py"

PROTECTIONS = (
    Protection(
        name="intent-first",
        promise="Each changing call is in the journal, on the disk, before it leaves.",
        file="wizard/engine/interpreter.py",
        code="self._record.append(intent(self._item, op, described, again))",
        instead="self._record.later(intent(self._item, op, described, again))",
        tests=(f"{STORAGE}::test_wherever_the_disk_gets_full_the_session_goes_on_later",),
    ),
    Protection(
        name="result-after",
        promise="What AWS answered, with its request id and date, is in the journal before "
        "anything rests on it, and a call in flight is awaited when the wizard is left.",
        file="wizard/engine/engine.py",
        code="        if self._scheduler.flights:\n            return False\n",
        instead="        pass\n",
        tests=(f"{STOPPING}::test_a_call_in_flight_is_awaited_and_its_receipt_kept",),
    ),
    Protection(
        name="hold",
        promise="Once the wizard is to end, or is paused, no call leaves.",
        file="wizard/engine/scheduler.py",
        code="        if self.hold:\n            return\n",
        instead="        pass\n",
        tests=(f"{STOPPING}::test_no_call_leaves_once_it_is_to_end",),
    ),
    Protection(
        name="read-back",
        promise="After each change it is looked whether it is there: AWS's 200 is not enough.",
        file="wizard/engine/lifecycle.py",
        code="            found, differences = yield from self._waiting.verify(step)\n",
        instead="            found, differences = found, ()\n",
        tests=(f"{STOPPING}::test_a_change_that_does_not_show_is_no_change",),
    ),
    Protection(
        name="read-back-many",
        promise="So for each of thousands.",
        file="wizard/engine/member.py",
        code="        if late and left and not",
        instead="        if False and not",
        tests=(
            "tests/engine/test_fan_out_crashes.py::test_what_aws_never_shows_fails_that_member",
        ),
    ),
    Protection(
        name="shown-late",
        promise="What AWS shows late is waited for before it is made again.",
        file="wizard/engine/doubts.py",
        code="                found, differences = yield from self._waiting.verify(step, open_)\n",
        instead="                pass\n",
        tests=(f"{STOPPING}::test_what_aws_shows_late_is_not_made_again",),
    ),
    Protection(
        name="sdk-retries-off",
        promise="A changing call leaves once: the SDK does not repeat it.",
        file="wizard/gateway/clients.py",
        code='"retries": {"total_max_attempts": 1,',
        instead='"retries": {"total_max_attempts": 3,',
        tests=(f"{WIRE}::test_a_mutating_call_leaves_once_and_is_in_doubt",),
    ),
    Protection(
        name="own-retries-off",
        promise="Nor does the wizard, which repeats reads only.",
        file="wizard/gateway/aws.py",
        code="if mutating or attempt >= self._backoff.attempts",
        instead="if attempt >= self._backoff.attempts",
        tests=(f"{WIRE}::test_a_mutating_call_leaves_once_and_is_in_doubt",),
    ),
    Protection(
        name="reads-again",
        promise="A read that was reset, cut, slow or answered by 5xx is made again.",
        file="wizard/gateway/aws.py",
        code="or not is_transient(problem):",
        instead="or True:",
        tests=(f"{WIRE}::test_a_read_is_made_again",),
    ),
    Protection(
        name="in-doubt",
        promise="A changing call whose answer was lost is in doubt, not failed.",
        file="wizard/gateway/aws_errors.py",
        code="if site.mutating and (lost or site.sent):",
        instead="if False:",
        tests=(f"{WIRE}::test_a_mutating_call_leaves_once_and_is_in_doubt",),
    ),
    Protection(
        name="whole-answers",
        promise="An answer that was cut short is not taken for a whole one.",
        file="wizard/gateway/clients.py",
        code='made.meta.events.register("before-parse", check_whole)',
        instead="_ = check_whole",
        tests=(f"{WIRE}::test_a_truncated_json_answer_is_in_doubt_too",),
    ),
    Protection(
        name="look-first",
        promise="After a kill, an intent without a result is settled by looking before anything "
        "is called.",
        file="wizard/engine/lifecycle.py",
        code="        if unsettled(self._state):\n",
        instead="        if False:\n",
        tests=(f"{CRASHES}::test_killed_between_intent_and_result",),
        figures="`make crash` kills at each point of each change",
    ),
    Protection(
        name="several",
        promise="Where several are found, none is chosen: they are shown, and a person sees to it.",
        file="steps/iam.py",
        code='        if len(seen["arns"]) != 1:\n',
        instead='        if not seen["arns"]:\n',
        tests=("tests/steps/test_cases.py::test_case",),
        only="shown and neither",
    ),
    Protection(
        name="ask-a-person",
        promise="What can be neither found nor repeated needs a person's word.",
        file="wizard/engine/doubts.py",
        code="if call.again is Again.ASK:",
        instead="if False:",
        tests=(
            f"{CRASHES}::test_what_cannot_be_looked_up_is_asked",
            f"{CRASHES}::test_killed_before_an_answer_that_cannot_be_looked_up",
        ),
    ),
    Protection(
        name="unseen",
        promise="Of what cannot be seen by looking it is not said that it happened.",
        file="wizard/engine/doubts.py",
        code="happened = not open_(differences) and not unseen",
        instead="happened = not open_(differences)",
        tests=(
            "tests/engine/test_deeds.py::"
            "test_of_what_nobody_can_see_it_is_not_said_that_it_happened",
        ),
    ),
    Protection(
        name="stale-look",
        promise="What was looked at more than a minute ago is looked at again before a write "
        "leaves.",
        file="wizard/engine/scheduler.py",
        code="            if now > make.not_after:\n",
        instead="            if False:\n",
        tests=(
            f"{CONSENT}::test_a_write_that_was_held_back_looks_again_before_it_leaves",
            f"{CONSENT}::test_a_write_that_waited_in_a_pause_looks_again_before_it_leaves",
        ),
    ),
    Protection(
        name="expired",
        promise="Credentials that end in the middle pause the session; after the log-in it goes "
        "on.",
        file="wizard/engine/interpreter.py",
        code="                    yield from self._log_in_again(error)\n"
        "                    continue\n",
        instead="                    raise\n",
        tests=(f"{CRASHES}::test_expired_credentials_pause_and_go_on",),
    ),
    Protection(
        name="throttled",
        promise="A throttled call is put off and made.",
        file="wizard/engine/interpreter.py",
        code="if isinstance(error, ThrottledError) and throttled < THROTTLED_AT_MOST:",
        instead="if False:",
        tests=(f"{CRASHES}::test_throttled_calls_are_put_off_and_made",),
    ),
)
"""In the order of `docs/promises.md`."""
