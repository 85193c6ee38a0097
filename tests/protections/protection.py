"""A protection, where it stands in the code, and what must fail without it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[2]


class Protection(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of code that keeps a promise, with the text that switches it off."""

    name: str
    """A few words without spaces: `make protections ONLY=name`."""
    promise: str
    """What an operator is promised, in a sentence."""
    file: str
    """Where the code stands, from the root of the project."""
    code: str
    """A part of it that occurs once."""
    instead: str
    """What stands there with the protection off: code that runs."""
    tests: tuple[str, ...]
    """Node ids without parameters: of each at least one case fails with the protection off."""
    only: str = ""
    """Which of their cases are run, as `pytest -k`; empty for all. Those of some take long."""
    figures: str = ""
    """What was tried, beyond the cases of these tests."""

    def off(self, text: str) -> str:
        """The file's text without the protection."""
        return text.replace(self.code, self.instead)

    def problems(self, root: Path = ROOT) -> Iterator[str]:
        """Why it cannot be switched off or seen to fail, in words; nothing when it can."""
        text = (root / self.file).read_text(encoding="utf-8")
        if (times := text.count(self.code)) != 1:
            yield f"{self.name}: its code occurs {times} times in {self.file}"
        elif self.off(text) == text:
            yield f"{self.name}: nothing is switched off"
        elif self.file.endswith(".py"):
            try:
                ast.parse(self.off(text))
            except SyntaxError as error:
                yield f"{self.name}: {self.file} cannot be read with it off: {error}"
        if not self.tests:
            yield f"{self.name}: no test sees to it"
        yield from (
            f"{self.name}: there is no test {test}" for test in self.tests if not _is_there(test)
        )


def _is_there(test: str) -> bool:
    file, _, name = test.partition("::")
    path = ROOT / file
    if not path.is_file():
        return False
    defined = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    wanted = name.rpartition("::")[2]
    return any(
        isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == wanted
        for one in defined
    )
