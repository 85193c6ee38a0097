"""One answer of each type, typed or chosen."""

from collections.abc import Sequence

from wizard.checklist.inputs import LISTS, parse_answer
from wizard.checklist.model import Input
from wizard.console.plain.asker import Asker, Choice
from wizard.console.plain.words import value_text
from wizard.effects import Json
from wizard.engine.desk import Dropdown, Running
from wizard.step import Option


class Other:
    """Chosen when what is wanted is not in the list."""


class Nothing:
    """Chosen to leave an optional question unanswered."""


class Fields:
    """Asks for the value of one input; what comes back has passed `running.check`."""

    def __init__(self, running: Running, ask: Asker) -> None:
        self._running = running
        self._ask = ask

    def value(self, name: str, asked: Input, dropdown: Dropdown, proposed: Json) -> Json:
        """The answer of any type but `secret`; `proposed` is taken with Enter."""
        usable = [option for option in dropdown.options if not option.disabled]
        match asked.type:
            case "choices" | "ports" if usable:
                return self._several(name, asked, dropdown.options, proposed)
            case "texts" if usable:
                return self._texts(name, asked, dropdown.options, proposed)
            case _ if usable:
                return self._one(name, asked, dropdown.options, proposed)
            case _:
                return self.typed(name, asked, proposed)

    def typed(self, name: str, asked: Input, proposed: Json) -> Json:
        """Free text, read as the input's type."""

        def wrong(text: str) -> str:
            return self._running.check(name, _read(asked, text))

        hint = " (with commas between)" if asked.type in LISTS else ""
        text = self._ask.text(asked.label + hint, default=_written(proposed), check=wrong)
        return _read(asked, text)

    def _one(self, name: str, asked: Input, options: Sequence[Option], proposed: Json) -> Json:
        choices = _choices(options, [proposed] if proposed is not None else [])
        listed = any(choice.ticked for choice in choices)
        if asked.type != "choice":
            # What is proposed and not in the list stands in the text field.
            other = not listed and proposed not in (None, "")
            choices.append(Choice(Other, "Something else: type it", ticked=other))
        if asked.optional:
            choices.append(Choice(Nothing, "Leave it empty", ticked=not listed and not proposed))
        while True:
            chosen = self._ask.select(asked.label, choices)
            if chosen is Other:
                return self.typed(name, asked, proposed)
            if chosen is Nothing:
                return _empty(asked)
            if not self._running.check(name, chosen):
                return chosen
            # A list that was read again meanwhile may no longer hold it.
            return self.typed(name, asked, chosen)

    def _several(
        self, name: str, asked: Input, options: Sequence[Option], proposed: Json
    ) -> list[Json]:
        rows = proposed if isinstance(proposed, list | tuple) else []
        if asked.type == "choices":
            return self._ask.several(
                asked.label,
                _choices(options, rows),
                lambda values: self._running.check(name, values),
            )
        ports = dict(str(row).rsplit(":", 1) for row in rows if ":" in str(row))
        first = str(asked.port or "")

        def with_ports(values: list[Json]) -> list[Json]:
            return [f"{value}:{ports.get(str(value)) or first or 443}" for value in values]

        chosen = self._ask.several(
            asked.label,
            _choices(options, list(ports)),
            lambda values: self._running.check(name, with_ports(values)),
        )
        labels = {option.value: option.label for option in options}
        for value in chosen:
            ports[str(value)] = self._ask.text(
                f"Port of {labels.get(value, value)}",
                default=ports.get(str(value)) or first,
                check=_wrong_port,
            )
        return with_ports(chosen)

    def _texts(
        self, name: str, asked: Input, options: Sequence[Option], proposed: Json
    ) -> list[Json]:
        """What is suggested is ticked, anything else is typed."""
        rows = list(proposed) if isinstance(proposed, list | tuple) else []
        suggested = [option.value for option in options]
        ticked = self._ask.several(asked.label, _choices(options, rows), lambda _: "")

        def all_of(text: str) -> list[Json]:
            typed = parse_answer(asked, text) if text.strip() else None
            more = typed if isinstance(typed, list) else []
            return list(dict.fromkeys([*ticked, *more]))

        text = self._ask.text(
            f"{asked.label}: others (with commas between)",
            default=_written([row for row in rows if row not in suggested]),
            check=lambda text: self._running.check(name, all_of(text)),
        )
        return all_of(text) or _empty(asked)


def label_of(value: Json, options: Sequence[Option]) -> str:
    """How the answer reads in its dropdown; empty when it does not stand there."""
    labels = {value_text(option.value): option.label for option in options}
    rows = value if isinstance(value, list | tuple) else [value]
    return ", ".join(labels[value_text(row)] for row in rows if value_text(row) in labels)


def _choices(options: Sequence[Option], ticked: Sequence[Json]) -> list[Choice]:
    return [
        Choice(
            option.value,
            option.label,
            option.detail,
            option.disabled,
            any(option.value == one for one in ticked),
        )
        for option in options
    ]


def _wrong_port(text: str) -> str:
    good = text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535
    return "" if good else "A port is a number from 1 to 65535."


def _read(asked: Input, text: str) -> Json:
    return parse_answer(asked, text) if text.strip() else _empty(asked)


def _empty(asked: Input) -> Json:
    """No answer, in the way that the checklist writes it."""
    return "" if asked.default == "" else parse_answer(asked, "")


def _written(value: Json) -> str:
    match value:
        case None:
            return ""
        case list() | tuple():
            return ", ".join(str(part) for part in value)
        case _:
            return str(value)
