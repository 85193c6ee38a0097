"""Secrets are written and shown nowhere, and no more rights are asked for than are needed."""

from tests.protections.protection import Protection

INPUTS = "tests/checklist/test_inputs.py"
BROKEN = "tests/cli/test_broken.py"
SERVERS = "tests/gateway/test_http_hostile.py"

PROTECTIONS = (
    Protection(
        name="scrubbed-forms",
        promise="A secret that a server repeats is gone, escaped, encoded or in base64.",
        file="wizard/gateway/secrets.py",
        code="for form in forms(value):",
        instead="for form in (value,):",
        tests=(f"{SERVERS}::test_a_secret_is_gone_in_whatever_form_it_is_repeated",),
    ),
    Protection(
        name="keyrings",
        promise="Keyrings that store in the clear are neither read nor written.",
        file="wizard/gateway/secrets.py",
        code="return type(backend).__module__ in SECURE_BACKENDS",
        instead="return True",
        tests=(
            "tests/gateway/test_secrets.py::test_insecure_keyrings_are_neither_read_nor_written",
        ),
    ),
    Protection(
        name="sensitive-shapes",
        promise="What AWS's models call sensitive, as a function's environment, is not written.",
        file="wizard/gateway/redact.py",
        code="        if shape is not None and _is_sensitive(shape) and value is not None:\n",
        instead="        if False:\n",
        tests=(
            "tests/gateway/test_describe.py::test_redaction_by_name_and_by_model",
            "tests/gateway/test_describe.py::test_what_functions_are_given_is_not_written_down",
        ),
        figures="two whole runs with canaries, tests/e2e/test_canaries.py",
    ),
    Protection(
        name="no-chain",
        promise="No exception that holds a secret hangs on the error that is told.",
        file="wizard/gateway/aws.py",
        code="raise known from (None if sensitive or _has_secret(effect.params) else problem)",
        instead="raise known from problem",
        tests=("tests/gateway/test_aws_secrets.py::test_a_secret_in_a_parameter_is_in_no_error",),
    ),
    Protection(
        name="secret-answers",
        promise="A secret is no answer: a file that holds one is refused, and it is not repeated.",
        file="wizard/checklist/inputs.py",
        code="    if not named or (fixed and value != asked.default):\n",
        instead="    if False:\n",
        tests=(f"{INPUTS}::test_a_secret_is_refused_and_not_repeated",),
    ),
    Protection(
        name="masked",
        promise="What is pasted as a secret is masked, on the screen and in a picture of it.",
        file="screens/deed_dialog.py",
        code="Paste(password=self._deed.secret,",
        instead="Paste(password=False,",
        tests=("tests/screens/test_deeds.py::test_what_is_pasted_is_masked_and_forgotten",),
    ),
    Protection(
        name="broken-command",
        promise="A command that breaks says where, and shows nothing that it held.",
        file="wizard/cli/__init__.py",
        code="        sys.stderr.write(report(error))\n        return FAILED\n",
        instead="        raise\n",
        tests=(f"{BROKEN}::test_a_command_that_breaks_shows_no_text_of_python",),
    ),
    Protection(
        name="broken-screen",
        promise="So does the full screen.",
        file="screens/app.py",
        code="        self.panic(Text(self._report(error) if error is not None else "
        '"st-wizard broke."))\n',
        instead="        super()._fatal_error()\n",
        tests=("tests/screens/test_breaking.py::test_nothing_that_was_held_is_shown",),
    ),
    Protection(
        name="broken-step",
        promise="What breaks in a step is journaled by its kind and place alone.",
        file="wizard/errors.py",
        code='return f"{type(error).__name__}{place}"',
        instead='return f"{type(error).__name__}: {error}"',
        tests=(f"{BROKEN}::test_what_breaks_in_a_step_is_journaled_by_its_place_alone",),
    ),
    Protection(
        name="read-only-policy",
        promise="The policy of --read-only lets nothing be changed.",
        file="wizard/cli/policy.py",
        code="reads_only=read_only",
        instead="reads_only=False",
        tests=("tests/cli/test_policy.py::test_reading_needs_less_and_changes_nothing",),
    ),
)
"""In the order of `docs/promises.md`."""
