"""Who stands for the evidence, and what it gives away: commitments, signatures, a time."""

from tests.protections.protection import Protection

SEAL = "tests/session/test_seal.py"
COMMITS = "tests/gateway/test_commits.py"
SSH = "tests/gateway/test_ssh.py"
TIMES = "tests/gateway/test_timestamps.py"
SIGNING = "tests/evidence/test_vouching.py"
CHECKED = "tests/evidence/test_vouched.py"
REVIEWED = "tests/evidence/test_reviewed.py"

PROTECTIONS = (
    Protection(
        name="sealed",
        promise="Nobody can try guesses at a value that is left out: its salt needs the session's "
        "key.",
        file="wizard/session/seal.py",
        code="hmac.digest(self._key, name",
        instead='hmac.digest(b"", name',
        tests=(f"{SEAL}::test_no_guess_can_be_tried_without_the_key",),
    ),
    Protection(
        name="hash-of-answers",
        promise="The hash of an answer gives away nothing of what is left out of it.",
        file="wizard/gateway/http.py",
        code="response_sha256=hash_of(safe)",
        instead="response_sha256=hash_of(value)",
        tests=(f"{COMMITS}::test_answers_are_committed_to_and_hashed_as_they_are_written_down",),
    ),
    Protection(
        name="same-request",
        promise="A call is known again at a resume, and consent is to the same call, with commits "
        "or without.",
        file="wizard/gateway/describe.py",
        code="    params = redact(effect.params, shape)\n",
        instead="    params = redact(effect.params, shape, commits)\n",
        tests=(f"{COMMITS}::test_what_is_left_out_is_committed_to",),
    ),
    Protection(
        name="two-people",
        promise="Nobody signs as operator and as reviewer, from whatever file or agent.",
        file="wizard/evidence/vouching.py",
        code="    by = signature(armored).key\n    refuse_same(by, role, beside)\n",
        instead="    by = signature(armored).key\n",
        tests=(f"{SIGNING}::test_nobody_signs_as_both",),
    ),
    Protection(
        name="fitting",
        promise="A signature that no longer fits is never left beside the evidence.",
        file="wizard/evidence/vouching.py",
        code="        if (folder / SUMS).read_bytes() != sums:\n",
        instead="        if not sums:\n",
        tests=(
            f"{SIGNING}::test_signatures_stay_while_they_fit_and_go_when_not",
            f"{CHECKED}::test_an_old_signature_is_never_left_beside_new_evidence",
        ),
    ),
    Protection(
        name="no-askpass",
        promise="No passphrase is asked for but on the terminal, by ssh-keygen itself.",
        file="wizard/gateway/ssh_programs.py",
        code='            environ["SSH_ASKPASS_REQUIRE"] = "never"\n',
        instead="            pass\n",
        tests=(f"{SSH}::test_the_askpass_program_of_a_desktop_is_not_called",),
    ),
    Protection(
        name="whose-key",
        promise="With a file of allowed signers, a signature of anybody else fails.",
        file="wizard/evidence/verify/vouched.py",
        code="    if not names:\n",
        instead="    if allowed is None:\n",
        tests=(f"{CHECKED}::test_who_signed_is_said_by_the_auditors_file",),
    ),
    Protection(
        name="own-review",
        promise="A review with the operator's own key, however it was made, fails.",
        file="wizard/evidence/verify/vouched.py",
        code="other is not None and one.bare == other.bare",
        instead="other is not None and one is other",
        tests=(f"{CHECKED}::test_one_key_or_one_person_for_both_fails",),
    ),
    Protection(
        name="verified-review",
        promise="What is not what was exported cannot be reviewed.",
        file="wizard/cli/review.py",
        code="    if verdict.outcome is Outcome.FAILED:\n",
        instead="    if not verdict.findings:\n",
        tests=(f"{REVIEWED}::test_what_was_tampered_with_is_not_reviewed",),
    ),
    Protection(
        name="typed-review",
        promise="A review is signed only by who types that they have looked.",
        file="wizard/cli/review.py",
        code="    if said.strip() != CONSENT:\n",
        instead="    if said is CONSENT:\n",
        tests=(f"{REVIEWED}::test_nothing_is_signed_but_by_the_typed_word",),
    ),
    Protection(
        name="own-timestamp",
        promise="A timestamp that was not given to this very question is not kept.",
        file="wizard/gateway/timestamps.py",
        code="read.tst_info.nonce != asked.nonce or problem_of(reply, data)",
        instead="problem_of(reply, data)",
        tests=(f"{TIMES}::test_a_reply_to_another_question_is_not_kept",),
    ),
)
