"""What is printed: lines and blocks of plain text, in no way interpreted."""

from rich.console import Console
from rich.text import Text

from wizard.console.plain.words import ASCII
from wizard.errors import DeniedError, WizardError
from wizard.safe import safe
from wizard.session.state import Problem

Part = str | tuple[str, str]
"""A text, or a text and its style."""


class Paper:
    """Writes to a console. All texts pass the one gate between outside and terminal."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def text(self, *parts: Part, limit: int = 2000, keep_newlines: bool = False) -> Text:
        """One text of parts, safe to show on this terminal."""
        made = Text(overflow="fold")
        for part in parts:
            plain, style = part if isinstance(part, tuple) else (part, "")
            shown = safe(plain, limit=limit, keep_newlines=keep_newlines)
            made.append(self._fitting(shown), style)
        return made

    def line(self, *parts: Part, indent: int = 0) -> None:
        """A line; long ones go on below, indented alike."""
        self._print(self.text(*parts), indent)

    def block(self, text: object, *, indent: int = 0, style: str = "") -> None:
        """Several lines, as they come."""
        made = self.text((str(text), style), limit=8000, keep_newlines=True)
        self._print(made, indent)

    def command(self, text: str, *, indent: int = 0) -> None:
        """A command to copy: the terminal wraps it, no line break is written into it."""
        made = self.text((" " * indent + text, "cyan"), limit=20000)
        self.console.print(made, highlight=False, soft_wrap=True)

    def blank(self) -> None:
        """An empty line."""
        self.console.print()

    def title(self, text: str) -> None:
        """A heading with space before it."""
        self.blank()
        self.line((text, "bold"))

    def problem(self, problem: Problem | WizardError, *, indent: int = 0) -> None:
        """Where, what, and what to do next; the policy too when a permission is missing."""
        policy = problem.policy if isinstance(problem, Problem | DeniedError) else ""
        if problem.where:
            self.line((f"at {problem.where}", "dim"), indent=indent)
        self.block(problem.what, indent=indent)
        if problem.todo:
            self.block(f"→ {problem.todo}", indent=indent)
        if policy:
            self.line("This policy would grant it:", indent=indent)
            self.block(policy, indent=indent + 2, style="cyan")

    def _print(self, text: Text, indent: int) -> None:
        # Not by rich's Padding, which fills every line to its end with spaces.
        width = max(20, self.console.width - indent)
        for row in text.wrap(self.console, width, overflow="fold"):
            row.rstrip()
            self.console.print(Text(" " * indent) + row, highlight=False, soft_wrap=True)

    def _fitting(self, text: str) -> str:
        encoding = self.console.encoding or "utf-8"
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            return text.translate(ASCII).encode(encoding, "replace").decode(encoding)
        return text
