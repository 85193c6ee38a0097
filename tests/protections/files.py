"""Files and answers that are given to the wizard are bounded in parts, time and memory."""

from tests.protections.protection import Protection

FILES = "tests/checklist/test_hostile_files.py"
PATTERNS = "tests/checklist/test_patterns.py"
EXPRESSIONS = "tests/checklist/test_expressions_bounded.py"
INPUTS = "tests/checklist/test_inputs.py"

PROTECTIONS = (
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
        file="wizard/checklist/bounded.py",
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
)
"""In the order of `docs/promises.md`."""
