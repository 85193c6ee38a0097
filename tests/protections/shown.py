"""Whatever others wrote, what is shown or exported of it is text and nothing else."""

from tests.hostile.payloads import PAYLOADS
from tests.protections.protection import Protection

GATE = "tests/hostile/test_payloads.py"
EXPORTS = "tests/hostile/test_exports.py"
COMMANDS = "tests/hostile/test_commands.py"
HOSTILE_SCREENS = "tests/hostile/test_screens.py"
SCREENS = "tests/screens/test_hostile.py"
BROKEN = "tests/cli/test_broken.py"
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
)
"""In the order of `docs/promises.md`."""
