"""What is promised of evidence that is kept elsewhere, and of what it says by control."""

from tests.protections.protection import Protection

_S3 = "tests/evidence/test_s3_upload.py"
_BUCKET = "tests/evidence/test_s3_bucket.py"
_VANTA = "tests/evidence/test_vanta_upload.py"
_KEPT = "tests/cli/test_export_kept.py"

PROTECTIONS = (
    Protection(
        name="kept-once",
        promise="Evidence is not in a bucket twice, even where a lost answer cannot be looked for.",
        file="wizard/evidence/s3_upload.py",
        code='            "IfNoneMatch": "*",\n',
        instead="",
        tests=(f"{_S3}::test_who_may_not_look_puts_it_again_and_it_is_not_there_twice",),
    ),
    Protection(
        name="kept-lost-answer",
        promise="An upload whose answer was lost is settled by looking.",
        file="wizard/evidence/s3_upload.py",
        code="except (UnknownOutcomeError, ThrottledError) as error:",
        instead="except ThrottledError as error:",
        tests=(f"{_S3}::test_a_lost_answer_is_settled_by_looking_and_nothing_is_there_twice",),
    ),
    Protection(
        name="kept-other-bundle",
        promise="Another bundle in the place is left alone, and nothing is uploaded beside it.",
        file="wizard/evidence/s3_upload.py",
        code='if not same and not (said and "-" not in said and name in _VOUCHING):',
        instead="if not said:",
        tests=(f"{_S3}::test_another_bundle_in_the_place_is_left_alone",),
    ),
    Protection(
        name="kept-checksum",
        promise="An upload that S3 answers with another checksum does not count as kept.",
        file="wizard/evidence/s3_upload.py",
        code="if said is not None and said != _checksum(content):",
        instead="if said is None and content is None:",
        tests=(f"{_S3}::test_an_answer_with_another_checksum_is_not_believed",),
    ),
    Protection(
        name="kept-owner",
        promise="Evidence goes to a bucket of the named account and to no other.",
        file="wizard/evidence/s3_place.py",
        code='    params = {"Bucket": bucket, "ExpectedBucketOwner": owner}\n',
        instead='    params = {"Bucket": bucket}\n',
        tests=(f"{_BUCKET}::test_a_bucket_of_another_account_than_said_gets_nothing",),
    ),
    Protection(
        name="kept-promise",
        promise="A retention is not promised of a bucket that cannot give one.",
        file="wizard/evidence/s3_place.py",
        code="    if not bucket.locks:\n",
        instead="    if not bucket.name:\n",
        tests=(f"{_BUCKET}::test_a_bucket_without_object_lock_promises_nothing",),
    ),
    Protection(
        name="kept-compliance",
        promise="What nobody can delete any more is uploaded only after it was typed.",
        file="wizard/cli/keep_in_s3.py",
        code="    if said != CONSENT:\n",
        instead="    if said is None:\n",
        tests=(f"{_KEPT}::test_compliance_takes_the_typed_words_however_it_comes_about",),
    ),
    Protection(
        name="kept-account",
        promise="A real account is typed, or named, before anything is uploaded with it.",
        file="wizard/cli/keep_in_s3.py",
        code="    if said != phrase:\n",
        instead="    if said is None:\n",
        tests=(f"{_KEPT}::test_a_real_account_is_confirmed_by_its_alias",),
    ),
    Protection(
        name="vanta-once",
        promise="A report is not in Vanta twice.",
        file="wizard/evidence/vanta_upload.py",
        code="there = _there(vanta, document, file) or _uploaded(vanta, document, file)",
        instead="there = _uploaded(vanta, document, file)",
        tests=(f"{_VANTA}::test_it_is_never_uploaded_twice_even_without_a_receipt",),
    ),
    Protection(
        name="vanta-https",
        promise="The secrets of Vanta leave over TLS only.",
        file="wizard/gateway/vanta.py",
        code='secure = parts.scheme == "https" or (',
        instead='secure = parts.scheme in {"http", "https"} or (',
        tests=(f"{_VANTA}::test_only_https_leads_beyond_this_machine",),
    ),
    Protection(
        name="vanta-secrets",
        promise="What Vanta answers cannot bring a secret back onto the screen.",
        file="wizard/gateway/vanta.py",
        code="safe_line(self._secrets.scrub(str(what) or type(what).__name__), limit=300)",
        instead="safe_line(str(what) or type(what).__name__, limit=300)",
        tests=(f"{_VANTA}::test_wrong_credentials_are_not_repeated_to_anybody",),
    ),
    Protection(
        name="oscal-methods",
        promise="What was not tested is not called a test.",
        file="wizard/evidence/oscal_observations.py",
        code='return known or ["EXAMINE"]',
        instead='return known or ["TEST"]',
        tests=("tests/evidence/test_oscal.py::test_what_was_not_tested_is_not_called_a_test",),
    ),
    Protection(
        name="control-weakest",
        promise="A criterion stands as the weakest of what bears on it.",
        file="wizard/evidence/controls.py",
        code="if not all(supports(one) for one in states) or",
        instead="if not found or",
        tests=("tests/evidence/test_controls.py::test_a_criterion_stands_as_its_weakest_item",),
    ),
)
