"""The protocol `Asker` on a real terminal, by questionary."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import questionary

from wizard.console.plain.asker import Check, CheckMany, Choice
from wizard.console.plain.quiet import line_as_it_was
from wizard.effects import Json
from wizard.safe import safe_line

FILTER = "(arrows to move, type to filter)"
TICK = "(space to tick, arrows to move, type to filter)"


class Questions:
    """Asks with questionary; every text passes the gate between outside and terminal."""

    def select(self, question: str, choices: Sequence[Choice]) -> Json:
        """The value of one choice."""
        shown = _shown(choices, ticking=False)
        first = next((n for n, one in enumerate(choices) if one.ticked and not one.disabled), None)
        chosen = _ask(
            questionary.select(
                safe_line(question),
                shown,
                default=shown[first] if first is not None else None,
                instruction=FILTER,
                use_search_filter=True,
                use_jk_keys=False,
            )
        )
        return choices[chosen].value

    def several(self, question: str, choices: Sequence[Choice], check: CheckMany) -> list[Json]:
        """The values of the ticked choices."""

        def wrong(chosen: list[Any]) -> bool | str:
            return safe_line(check([choices[place].value for place in chosen])) or True

        chosen = _ask(
            questionary.checkbox(
                safe_line(question),
                _shown(choices, ticking=True),
                validate=wrong,
                instruction=TICK,
                use_search_filter=True,
                use_jk_keys=False,
            )
        )
        return [choices[place].value for place in chosen]

    def text(self, question: str, *, default: str = "", check: Check | None = None) -> str:
        """A line of text."""
        typed = _ask(
            questionary.text(
                safe_line(question), default=safe_line(default, limit=4000), validate=_rule(check)
            )
        )
        return str(typed).strip()

    def password(self, question: str) -> str:
        """A line that is not shown."""
        return str(_ask(questionary.password(safe_line(question))))

    def confirm(self, question: str, *, default: bool) -> bool:
        """Yes or no."""
        return bool(_ask(questionary.confirm(safe_line(question), default=default)))


def _ask(question: questionary.Question) -> Any:
    """Ctrl-D is Ctrl-C here: there is nobody left to answer."""
    try:
        with line_as_it_was(), _ended_by_signals(question):
            return question.unsafe_ask()
    except EOFError:
        raise KeyboardInterrupt from None


@contextlib.contextmanager
def _ended_by_signals(question: questionary.Question) -> Iterator[None]:
    """SIGTERM and SIGHUP end a question as Ctrl-C does. An exception out of their handler would
    strike in the middle of its event loop, and leave the terminal as the question has it."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    heard = [number for number, handler in before.items() if callable(handler)]
    app = question.application

    def leave() -> None:
        if app.is_running and not app.is_done:
            app.exit(exception=KeyboardInterrupt)

    def hear() -> None:
        for number in heard:
            asyncio.get_running_loop().add_signal_handler(number, leave)

    app.pre_run_callables.append(hear)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])


def _rule(check: Check | None) -> Callable[[str], bool | str]:
    def rule(text: str) -> bool | str:
        return safe_line(check(text.strip())) or True if check is not None else True

    return rule


def _shown(choices: Sequence[Choice], *, ticking: bool) -> list[questionary.Choice]:
    # By place, since questionary takes a value of None for "the title".
    return [
        questionary.Choice(
            title=_title(choice),
            value=place,
            disabled=safe_line(choice.disabled) or None,
            checked=ticking and choice.ticked and not choice.disabled,
        )
        for place, choice in enumerate(choices)
    ]


def _title(choice: Choice) -> str:
    label = safe_line(choice.label)
    return f"{label}  ·  {safe_line(choice.detail)}" if choice.detail else label
