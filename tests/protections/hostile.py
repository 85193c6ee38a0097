"""Attacked anywhere: hostile texts and files, secrets, and no more rights than are needed."""

from tests.hostile.payloads import PAYLOADS
from tests.protections.protection import Protection

GATE = "tests/hostile/test_payloads.py"
EXPORTS = "tests/hostile/test_exports.py"
COMMANDS = "tests/hostile/test_commands.py"
HOSTILE_SCREENS = "tests/hostile/test_screens.py"
SCREENS = "tests/screens/test_hostile.py"
FILES = "tests/checklist/test_hostile_files.py"
PATTERNS = "tests/checklist/test_patterns.py"
EXPRESSIONS = "tests/checklist/test_expressions_bounded.py"
INPUTS = "tests/checklist/test_inputs.py"
BROKEN = "tests/cli/test_broken.py"
SERVERS = "tests/gateway/test_http_hostile.py"
TRIED = f"{len(PAYLOADS)} payloads"

PROTECTIONS = (
    Protection(
        name="controls-visible",
        promise="Control characters in names, errors, notes and files reach no terminal.",
        file="wizard/safe.py",
        code="        return chr(0x2400 + code)\n",
        instead="        return char\n",
        tests=(
            f"{GATE}::test_the_gate_lets_nothing_active_through",
            f"{COMMANDS}::test_a_plan_a_comparison_and_a_summary_on_paper",
            f"{COMMANDS}::test_the_list_of_sessions",
        ),
        figures=TRIED,
    ),
    Protection(
        name="invisible-visible",
        promise="What reorders text or cannot be seen is shown by its code.",
        file="wizard/safe.py",
        code='return f"⟨U+{code:04X}⟩"',
        instead="return char",
        tests=(
            f"{GATE}::test_the_gate_lets_nothing_active_through",
            f"{COMMANDS}::test_the_log_of_a_run_has_one_line_for_each_thing_that_it_tells",
        ),
        figures=TRIED,
    ),
    Protection(
        name="no-markup",
        promise="Markup in what is shown on a screen is text: it colours nothing and does nothing.",
        file="screens/paint.py",
        code="    return Content.assemble(*_clean(parts, _one_line))\n",
        instead="    return Content.from_markup(\n"
        '        "".join(p if isinstance(p, str) else p[0] for p in _clean(parts, _one_line))\n'
        "    )\n",
        tests=(f"{HOSTILE_SCREENS}::test_a_finished_session_and_its_summary",),
        figures=TRIED,
    ),
    Protection(
        name="painted-lines",
        promise="A widget that let a control character through paints a dot.",
        file="screens/app.py",
        code="self._filters.append(NoControls())",
        instead="_ = NoControls()",
        tests=(f"{SCREENS}::test_the_filter_catches_what_a_widget_let_through",),
    ),
    Protection(
        name="known-sequences",
        promise="Of what is written to the terminal only Textual's own sequences pass.",
        file="screens/armour.py",
        code='return "".join(match.group() for match in _PASS.finditer(data))',
        instead="return data",
        tests=(f"{SCREENS}::test_the_driver_passes_only_what_textual_sends",),
    ),
    Protection(
        name="html",
        promise="No text of others becomes an element, an attribute or a link of the report.",
        file="wizard/evidence/html.py",
        code="autoescape=True",
        instead="autoescape=False",
        tests=(f"{EXPORTS}::test_the_report_has_no_element_that_it_had_not_and_leads_nowhere",),
        figures=TRIED,
    ),
    Protection(
        name="formulas",
        promise="No cell of a table is a formula.",
        file="wizard/evidence/table.py",
        code="if text.lstrip().startswith(_FORMULA) else text",
        instead="if False else text",
        tests=(f"{EXPORTS}::test_no_cell_of_a_table_is_a_formula",),
        figures=TRIED,
    ),
    Protection(
        name="json-on-a-terminal",
        promise="JSON that is printed means the same and obeys no terminal.",
        file="wizard/cli/printed.py",
        code="click.echo(json_safe(_encoded(value).decode()))",
        instead="click.echo(_encoded(value).decode())",
        tests=(
            f"{BROKEN}::test_json_means_the_same_and_obeys_no_terminal",
            f"{COMMANDS}::test_what_is_printed_for_programs",
        ),
    ),
    Protection(
        name="foreign-folder",
        promise="The evidence replaces no folder of others, and follows no link.",
        file="wizard/evidence/folder.py",
        code="    if held != session:\n",
        instead="    if False:\n",
        tests=("tests/evidence/test_folder_hostile.py::test_a_link_in_its_place_is_not_followed",),
    ),
    Protection(
        name="folder-name",
        promise="No name that a session holds leads out of the folder of the evidence.",
        file="wizard/evidence/folder.py",
        code='re.sub(r"[^a-z0-9-]+", "-", state.checklist_id.lower())',
        instead="state.checklist_id.lower()",
        tests=(
            "tests/evidence/test_folder_hostile.py"
            "::test_no_session_gives_its_folder_a_name_that_leads_elsewhere",
        ),
        figures=TRIED,
    ),
    Protection(
        name="file-parts",
        promise="A checklist's file is bounded in its parts, and so in time and memory.",
        file="wizard/checklist/yaml_text.py",
        code="        if self._parts > MAX_PARTS:\n",
        instead="        if False:\n",
        tests=(f"{FILES}::test_a_file_has_so_many_parts_and_no_more",),
    ),
    Protection(
        name="file-numbers",
        promise="Numbers that no computer holds are refused with their line.",
        file="wizard/checklist/yaml_text.py",
        code='if len(text.lstrip("-")) > MAX_DIGITS:',
        instead="if False:",
        tests=(
            f"{FILES}::test_a_hostile_file_is_refused_with_its_line_in_time",
            f"{FILES}::test_a_hostile_file_of_answers_is_refused_with_its_reason",
        ),
    ),
    Protection(
        name="file-texts",
        promise="Half characters are refused with their line.",
        file="wizard/checklist/yaml_text.py",
        code="        if not _HALF.search(text):\n",
        instead="        if True:\n",
        tests=(f"{FILES}::test_a_hostile_file_is_refused_with_its_line_in_time",),
    ),
    Protection(
        name="file-aliases",
        promise="Files have no anchors and aliases, and so no bombs of them.",
        file="wizard/checklist/yaml_text.py",
        code='if type(event).__name__ == "AliasEvent" or event.anchor is not None:',
        instead="if False:",
        tests=(f"{FILES}::test_it_is_refused_for_its_own_reason",),
    ),
    Protection(
        name="patterns",
        promise="No pattern of a checklist matches for ever, whatever is typed.",
        file="wizard/checklist/load.py",
        code="    _refuse_patterns(checklist, document)\n",
        instead="",
        tests=(f"{PATTERNS}::test_the_file_is_refused_with_the_patterns_line",),
        figures="24 catastrophic patterns, and thousands made at random",
    ),
    Protection(
        name="repeats-in-repeats",
        promise="So with a repeat within a repeat.",
        file="wizard/checklist/patterns.py",
        code="                    _told_apart(given[2])\n",
        instead="                    pass\n",
        tests=(f"{PATTERNS}::test_what_could_match_for_ever_is_refused",),
    ),
    Protection(
        name="expressions",
        promise="An expression of a few characters cannot fill the machine.",
        file="wizard/checklist/expressions.py",
        code="        self._weigh(found)\n",
        instead="",
        tests=(f"{EXPRESSIONS}::test_what_doubles_itself_is_stopped",),
    ),
    Protection(
        name="addresses",
        promise="An address leads where it seems to lead: no user, no backslash, no look-alikes.",
        file="wizard/checklist/inputs.py",
        code='if parts.scheme in {"http", "https"} and not _HOST.fullmatch(parts.netloc):',
        instead="if False:",
        tests=(f"{INPUTS}::test_an_address_that_leads_elsewhere_than_it_seems_is_refused",),
    ),
    Protection(
        name="redirects",
        promise="The scale API's redirects are not followed.",
        file="wizard/gateway/http.py",
        code='"follow_redirects": False',
        instead='"follow_redirects": True',
        tests=(f"{SERVERS}::test_no_redirect_is_followed",),
    ),
    Protection(
        name="certificates",
        promise="Nothing is sent to a server whose certificate nobody vouches for.",
        file="wizard/gateway/http.py",
        code='"follow_redirects": False}',
        instead='"follow_redirects": False, "verify": False}',
        tests=(f"{SERVERS}::test_a_certificate_that_nobody_vouches_for_gets_nothing",),
    ),
    Protection(
        name="this-machine",
        promise="Plain HTTP is spoken with this machine alone, whatever a resolver says.",
        file="wizard/gateway/loopback.py",
        code='    if host == "localhost":\n',
        instead='    if host == "localhost" or host.endswith(".localhost"):\n',
        tests=(
            "tests/gateway/test_network.py::test_what_is_on_this_machine",
            "tests/gateway/test_endpoints.py::test_an_endpoint_that_others_could_read_is_refused",
        ),
    ),
    Protection(
        name="endpoints",
        promise="An endpoint beyond this machine is reached by TLS only.",
        file="wizard/gateway/world.py",
        code="        _refuse_unsafe(endpoint_url)\n",
        instead="",
        tests=(
            "tests/gateway/test_endpoints.py::test_an_endpoint_that_others_could_read_is_refused",
        ),
    ),
    Protection(
        name="deep-answers",
        promise="An answer that is nested without end is an answer.",
        file="wizard/gateway/http.py",
        code="    except (ValueError, RecursionError):\n        return whole(body)",
        instead="    except ValueError:\n        return whole(body)",
        tests=(f"{SERVERS}::test_an_odd_body_is_an_answer_that_can_be_written_down",),
    ),
    Protection(
        name="half-characters",
        promise="Whatever is typed or answered can be written down.",
        file="wizard/session/canonical.py",
        code="        return _written(_whole_texts(plain))\n",
        instead="        raise\n",
        tests=(
            f"{GATE}::test_all_of_them_can_be_written_down_and_read_back",
            "tests/session/test_canonical.py::test_half_a_character_is_written_as_one_that_says_so",
        ),
        figures=TRIED,
    ),
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
