"""What the documents say is so: commands parse, examples run, links lead somewhere."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest
from ruamel.yaml import YAML

import wizard
import wizard.step
from tests.evidence.tampering import CHECKS, TAMPERINGS
from tests.steps import cases_of_steps, test_cases
from wizard.checklist.lint import lint
from wizard.checklist.load import load_text
from wizard.cli.main import cli
from wizard.step import Registry

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/promises.md")

BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
SPAN = re.compile(r"`(st-wizard(?: [^`]*)?)`")
HOST = re.compile(r"https?://([^/\s)\"'`]+)")

KNOWN_HOSTS = {"docs.aws.amazon.com", "keepachangelog.com", "semver.org"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    found = BLOCK.finditer(text_of(name))
    return [block["text"] for block in found if block["language"] == language]


def commands(name: str) -> Iterator[str]:
    """Every command line of the wizard, in blocks and in sentences."""
    for block in blocks(name, "sh"):
        for line in block.splitlines():
            if line.startswith("st-wizard"):
                yield line
    yield from SPAN.findall(text_of(name))


def parse(line: str) -> str:
    """Parses a command line with click's own parser, runs nothing; returns the command's path."""
    words = shlex.split(line, comments=True)
    if ">" in words:
        words = words[: words.index(">")]
    command: click.Command = cli
    context = command.make_context(words[0], words[1:])
    while isinstance(command, click.Group):
        left = [*context._protected_args, *context.args]
        if not left:
            break
        name, found, rest = command.resolve_command(context, left)
        assert found is not None
        context = found.make_context(name, list(rest), parent=context)
        command = found
    return context.command_path


@pytest.fixture
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the files are that commands name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "answers.yaml").touch()


@pytest.mark.usefixtures("in_a_folder")
@pytest.mark.parametrize("line", sorted({*commands("README.md"), *commands("CHANGELOG.md")}))
def test_every_command_line_parses(line: str) -> None:
    if line == "st-wizard secret set":
        line += " scale-api-password"
    elif line in {"st-wizard answers", "st-wizard run", "st-wizard plan"}:
        line += " add-load-balancer"
    assert parse(line).startswith("st-wizard")


def test_a_command_line_that_is_wrong_does_not_parse() -> None:
    for wrong in ("st-wizard sesions", "st-wizard run --nope", "st-wizard --profle x"):
        with pytest.raises(click.UsageError):
            parse(wrong)


@pytest.mark.usefixtures("in_a_folder")
def test_the_readme_shows_every_command() -> None:
    shown = {parse(line) for line in commands("README.md")}
    assert {f"st-wizard {name}" for name in cli.commands if name != "secret"} <= shown
    assert "st-wizard secret set" in shown


def test_the_readme_tells_the_exit_codes_as_they_are() -> None:
    from wizard import cli as codes

    rows = dict(re.findall(r"^\| (\d) \| (\w+)", text_of("README.md"), re.MULTILINE))
    assert set(map(int, rows)) == {0, codes.FAILED, codes.USAGE, codes.WAITING, codes.REFUSED}
    assert rows[str(codes.WAITING)] == "waiting"
    assert rows[str(codes.REFUSED)] == "refused"


def test_the_table_of_tamperings_is_what_the_tests_do() -> None:
    rows = re.findall(r"^\| (.+?) \| (.*?) \| (.*?) \|$", text_of("docs/evidence.md"), re.MULTILINE)
    told = {kind: (steps, checks) for kind, steps, checks in rows}
    for one in TAMPERINGS:
        steps = ", ".join(str(step) for step in sorted(one.steps)) or "–"
        checks = ", ".join(f"`{check}`" for check in CHECKS if check in one.checks)
        assert told.pop(one.kind) == (steps, checks)
    assert set(told) <= {"Kind of tampering", "---"}


def test_the_changelog_tells_of_this_version() -> None:
    assert re.search(
        rf"^## \[{re.escape(wizard.__version__)}\] - \d{{4}}-\d\d-\d\d$",
        text_of("CHANGELOG.md"),
        re.MULTILINE,
    )


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The steps and dropdowns that CONTRIBUTING declares, and no others."""
    monkeypatch.setattr(wizard.step, "_steps", {})
    monkeypatch.setattr(wizard.step, "_options", {})
    (source,) = blocks("CONTRIBUTING.md", "python")
    module = ModuleType("steps_example")
    exec(compile(source, "CONTRIBUTING.md", "exec"), module.__dict__)  # noqa: S102  our own text
    return Registry(dict(wizard.step._steps), dict(wizard.step._options))


def test_the_example_step_does_what_its_cases_say(
    example: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kind,) = example.steps
    (cases,) = (text for text in blocks("CONTRIBUTING.md", "yaml") if "\ncases:" in text)
    (tmp_path / kind).mkdir()
    (tmp_path / kind / "example.yaml").write_text(cases, encoding="utf-8")
    monkeypatch.setattr(cases_of_steps, "FOLDER", tmp_path)
    monkeypatch.setattr(test_cases, "REGISTRY", example)
    ran = list(cases_of_steps.all_cases())
    assert len(ran) == 2
    for case in ran:
        test_cases.test_case(case)


def test_the_example_checklist_has_no_lint(example: Registry) -> None:
    (checklist,) = (text for text in blocks("CONTRIBUTING.md", "yaml") if "\nsections:" in text)
    (advice,) = (text for text in blocks("CONTRIBUTING.md", "yaml") if text.startswith("E1:"))
    pinned = load_text(checklist, "CONTRIBUTING.md", advice=advice)
    assert lint(pinned, example) == []
    assert pinned.checklist.inputs["group"].choices.source in example.options  # type: ignore[union-attr]
    assert set(pinned.advice) == {"E1"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_yaml_block_is_yaml(name: str) -> None:
    for text in blocks(name, "yaml"):
        assert YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_link_to_a_file_leads_to_one(name: str) -> None:
    targets = [link["target"] for link in LINK.finditer(text_of(name))]
    files = [target for target in targets if "://" not in target]
    assert files
    assert [file for file in files if not (ROOT / file.partition("#")[0]).is_file()] == []


def test_pictures_are_small_and_the_run_is_shown() -> None:
    pictures = sorted((ROOT / "docs").glob("*.png"))
    assert pictures
    assert [one.name for one in pictures if one.stat().st_size >= 300_000] == []
    assert "docs/run.png" in LINK.findall(text_of("README.md"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_host_is_named_but_those_of_documentation(name: str) -> None:
    assert set(HOST.findall(text_of(name))) <= KNOWN_HOSTS


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_path_of_a_machine_is_named(name: str) -> None:
    assert re.findall(r"(?<![\w./~])/(?:home|root|work|Users|opt|srv|mnt)\b", text_of(name)) == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_exists(name: str) -> None:
    makefile = text_of("Makefile")
    for block in blocks(name, "sh"):
        for target in re.findall(r"^make (\w+)", block, re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
