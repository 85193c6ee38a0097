"""Answers as people write them, and as the checklist wants them."""

from typing import TYPE_CHECKING, Any

from screens.paint import value_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wizard.checklist.model import Input, Item
    from wizard.checklist.pinned import Pinned
    from wizard.step import Option


def parse(question: "Input", text: str) -> Any:
    """What was typed, in the question's type; text that does not fit stays text, for the check."""
    text = text.strip()
    match question.type:
        case "integer":
            return _number(text, int)
        case "number":
            return _number(text, float)
        case "choices" | "ports" | "texts":
            return [part.strip() for part in text.split(",") if part.strip()]
        case _:
            return text


def _number(text: str, kind: type[int] | type[float]) -> Any:
    try:
        return kind(text)
    except ValueError:
        return text


def written(value: Any) -> str:
    """An answer in a text field."""
    match value:
        case None:
            return ""
        case list() | tuple():
            return ", ".join(str(part) for part in value)
        case str():
            return str.__str__(value)
        case _:
            return value_text(value)


def is_empty(value: Any) -> bool:
    """Whether nothing was answered: nothing, no text, or none of several."""
    return value is None or (isinstance(value, str | list | tuple) and not value)


def with_ticked(
    entries: "list[str]", offered: "tuple[Option, ...]", ticked: "tuple[Option, ...]"
) -> "list[str]":
    """The entries without offered ones that are not ticked, and with those that are; the order
    stays, what is new comes last."""
    wanted = [str(one.value) for one in ticked]
    known = {str(one.value) for one in offered}
    kept = [entry for entry in entries if entry not in known or entry in wanted]
    return kept + [one for one in wanted if one not in kept]


def label_of(value: Any, options: "tuple[Option, ...]") -> str:
    """How the answer reads in its dropdown."""
    by_value = {value_text(option.value): option.label for option in options}
    if isinstance(value, list | tuple):
        return ", ".join(by_value.get(value_text(part), value_text(part)) for part in value)
    return by_value.get(value_text(value), value_text(value))


def with_port(value: Any, ports: "dict[str, str]", default: int | None) -> str:
    """`value:port` of one chosen row."""
    return f"{value}:{ports.get(str(value)) or default or ''}"


def split_ports(value: Any) -> "dict[str, str]":
    """Ports by what they belong to, of an answer of `value:port` texts."""
    rows = value if isinstance(value, list | tuple) else []
    return {name: port for name, _, port in (str(row).rpartition(":") for row in rows) if name}


def inputs_of(item: "Item", names: "tuple[str, ...]") -> "tuple[str, ...]":
    """The inputs that the item's expressions use, in the checklist's order."""
    text = f"{dict(item.with_)!r} {item.when}"
    return tuple(name for name in names if _mentions(text, name))


def mentions(text: str, names: "Iterable[str]") -> bool:
    """Whether an expression in the text uses one of these inputs."""
    return any(_mentions(text, name) for name in names)


def _mentions(text: str, name: str) -> bool:
    start = text.find(f"inputs.{name}")
    while start >= 0:
        after = text[start + len("inputs.") + len(name) :][:1]
        if not (after.isalnum() or after == "_"):
            return True
        start = text.find(f"inputs.{name}", start + 1)
    return False


def grouped(pinned: "Pinned", names: "tuple[str, ...]") -> "list[tuple[str, tuple[str, ...]]]":
    """The inputs below the title of the first section that uses them."""
    groups: dict[str, list[str]] = {}
    for name in names:
        title = next(
            (
                section.title
                for section in pinned.checklist.sections
                if any(inputs_of(item, (name,)) for item in section.items)
            ),
            "Others",
        )
        groups.setdefault(title, []).append(name)
    return [(title, tuple(group)) for title, group in groups.items()]
