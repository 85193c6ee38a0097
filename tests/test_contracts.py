"""The rooms' import contracts hold, and each of them bites; what must start fast imports little."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("wizard", "screens", "steps", "checklists")

HEAVY = {
    "boto3",
    "botocore",
    "click",
    "httpx",
    "jinja2",
    "jmespath",
    "keyring",
    "moto",
    "questionary",
    "ruamel",
    "sqlalchemy",
    "steps",
    "yaml",
}

PLANTED = {
    "steps/planted_time.py": "import time",
    "steps/planted_os.py": "import os",
    "steps/planted_gateway.py": "import wizard.gateway.protocol",
    "steps/planted_session.py": "import wizard.session.state",
    "screens/planted_steps.py": "import steps",
    "screens/planted_load.py": "import wizard.checklist.load",
    "screens/planted_gateway.py": "def late():\n    import wizard.gateway",
    "wizard/engine/planted_screens.py": "import screens",
    "wizard/engine/planted_boto3.py": "import boto3",
    "wizard/engine/planted_textual.py": "import textual.app",
    "wizard/engine/planted_evidence.py": "import wizard.evidence",
    "wizard/checklist/planted_session.py": "import wizard.session.state",
    "wizard/session/planted_sqlalchemy.py": "import sqlalchemy",
    "wizard/gateway/planted_click.py": "import click",
    "wizard/gateway/planted_simulator.py": "import wizard.simulator",
    "wizard/simulator/planted_effects.py": "import wizard.effects",
}
"""Files that each break a contract, and the import that does it."""


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--config", ROOT / ".importlinter", "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "COLUMNS": "400", "NO_COLOR": "1"},
    )


def loaded(code: str) -> set[str]:
    """The modules that are loaded once `code` has run in a Python of its own."""
    said = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('|', *sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(said.stdout.rpartition("|")[2].split())


def test_every_contract_is_kept() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the contracts say of a copy in which every planted import stands."""
    copy = tmp_path_factory.mktemp("planted")
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, copy / package, ignore=ignored)
    for name, code in PLANTED.items():
        (copy / name).write_text(f'"""Planted."""\n\n{code}\n')
    return lint_imports(copy).stdout


@pytest.mark.parametrize("name", PLANTED)
def test_every_contract_bites(report: str, name: str) -> None:
    assert name.removesuffix(".py").replace("/", ".") in report


def test_the_screens_start_without_anything_heavy() -> None:
    roots = {module.partition(".")[0] for module in loaded("import screens.app")}
    assert "textual" in roots
    assert not roots & HEAVY


def test_version_costs_nothing_but_the_entry() -> None:
    before = loaded("pass")
    after = loaded(
        "import sys; sys.argv[1:] = ['--version']\nfrom wizard.entry import main; main()"
    )
    assert after - before - set(sys.stdlib_module_names) == {"wizard", "wizard.entry"}


def test_the_room_of_evidence_and_the_loader_import_their_libraries_late() -> None:
    roots = {
        module.partition(".")[0]
        for module in loaded("import wizard.evidence.bundle, wizard.checklist.load")
    }
    assert not roots & {"jinja2", "ruamel", "sqlalchemy"}
