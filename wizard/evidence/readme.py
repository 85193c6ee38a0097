"""README-VERIFY.txt: how to check the folder by hand. Its commands are those that the tests run."""

from functools import cache
from importlib import resources

from wizard.evidence.files import FOLDER, Files
from wizard.evidence.source import Source
from wizard.safe import safe_line

NAME = "README-VERIFY.txt"
_TEMPLATES = "wizard.evidence"


def readme(source: Source, files: Files) -> str:
    """The text for this session. `files` are those that it may take its example from."""
    sample, line = _sample(files)
    pin = source.state.pin
    simulated = "\nThe account was a SIMULATED one." if pin and pin.endpoint_url else ""
    text = _template("README-VERIFY.txt")
    for token, value in {
        "@NUMBER@": str(source.state.number),
        "@TITLE@": safe_line(source.pinned.checklist.title),
        "@STANDING@": _standing(source),
        "@LINES@": str(len(source.lines)),
        "@HEAD@": source.head_sha256,
        "@CHAIN@": _indented(_template("chain.sh")),
        "@SAMPLE_SAYS@": f"As an example, {sample}:",
        "@SAMPLE_LINE@": str(line),
        "@SAMPLE_FILE@": sample,
        "@SIMULATED@": simulated,
    }.items():
        text = text.replace(token, value)
    return text


def _standing(source: Source) -> str:
    state, result = source.state, safe_line(source.report.result, limit=500)
    if state.aborted:
        return f"ABORTED. {result}"
    return f"COMPLETE. {result}" if state.finished_at else f"INCOMPLETE. {result}"


def _sample(files: Files) -> tuple[str, int]:
    """A file that names lines of the journal, and the first of them: a call, if there was one."""
    numbered = [name for name in sorted(files) if name.startswith(f"{FOLDER}/") and "-" in name]
    calls = [name for name in numbered if "-observed-" not in name]
    for name in (*calls, *numbered):
        line = name.removeprefix(f"{FOLDER}/").partition("-")[0]
        if line.isdecimal():
            return name, int(line)
    return "manifest.json", len(files["journal.jsonl"].splitlines())


def _indented(script: str) -> str:
    return "".join(f"    {line}\n" for line in script.splitlines()).rstrip("\n")


@cache
def _template(name: str) -> str:
    return resources.files(_TEMPLATES).joinpath("templates", name).read_text(encoding="utf-8")
