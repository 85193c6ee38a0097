"""Whatever a checklist's file or a file of answers holds: read, or refused with line and reason."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checklist.fakes import REGISTRY
from tests.checklist.sample import ADVICE
from tests.checklist.sample import CHECKLIST as SAMPLE
from wizard.checklist import yaml_text
from wizard.checklist.answers import read_answers
from wizard.checklist.load import load_text
from wizard.checklist.pinned import Pinned
from wizard.checklist.yaml_text import MAX_BYTES, MAX_LINE, MAX_PARTS
from wizard.errors import ChecklistError, UsageError

CHECKLIST = SAMPLE.replace(
    "with: {name: 'x-${steps.first.arn}'}",
    "with: {name: 'x-${steps.first.arn}', tags: {a: '${inputs.tls_policy}', b: '${inputs.zone}'}}",
)
"""Free of lint, so that each of the following is refused for its own reason."""

SECONDS = 15.0
"""Of the processor: the longest that a hostile file may take; honest ones take a tenth of one."""

ROOM = MAX_BYTES - 100
SIZE = "size: 3"
FIRST = "title: First"
NEEDS = "needs: [first]"


def changed(old: str, new: str) -> str:
    assert CHECKLIST.count(old) == 1
    return CHECKLIST.replace(old, new)


def many_inputs(count: int) -> str:
    return changed(
        "inputs:\n", "inputs:\n" + "".join(f"  i{n}: {{label: x}}\n" for n in range(count))
    )


HOSTILE = {
    "deep lists": "[" * 200_000,
    "deep mappings": "{a: " * 100_000,
    "dashes": "- " * 200_000,
    "questions": "? " * 200_000,
    "one long flow": "[" + "a," * (ROOM // 2) + "]",
    "many parts on lines": "- [" + "a,a,a,a,\n" * (ROOM // 9) + "]",
    "one long line": "a: " + "x" * (MAX_LINE + 1),
    "a long tag": "!" * ROOM,
    "a long anchor": "&" + "a" * ROOM + " 1",
    "a bomb of aliases": 'a: &a ["x"]\n' + "".join(f"b{n}: [*a,*a,*a]\n" for n in range(40)),
    "an alias to itself": "a: &a [*a]\n",
    "a merge": "a: &a {b: 1}\nc: {<<: *a}\n",
    "many keys": "".join(f"k{n}: 1\n" for n in range(40_000)),
    "many inputs": many_inputs(9_000),
    "many documents": "---\n" * 100_000,
    "empty lines": "\n" * ROOM,
    "comments": "#\n" * (ROOM // 2),
    "a folded text": "a: >\n" + " x\n\n" * (ROOM // 5),
    "a tag of Python": "a: !!python/object/apply:os.system ['true']\n",
    "a directive": "%TAG ! tag:evil,2000:\n---\na: 1\n",
    "a large number": changed(SIZE, "size: " + "9" * 5000),
    "a number of 4000 digits": changed(SIZE, "size: " + "9" * 4000),
    "a number beyond all": changed(SIZE, "size: 1e999"),
    "half a character": changed(FIRST, 'title: "\\ud800"'),
    "half a character as a key": '"\\udfff": 1\n',
    "a duplicate key": changed(FIRST, "title: One\n        title: Two"),
    "a key like an attribute": changed(SIZE, "__class__: 3"),
    "needs itself": changed(NEEDS, "needs: [second]"),
    "needs nobody": changed(NEEDS, "needs: [nobody]"),
    "a cycle": changed("lines: L1", "needs: [second]\n        lines: L1"),
    "an open expression": changed("'${inputs.name}', size", "'${inputs.', size"),
    "an expression too deep": changed(SIZE, f"size: '${{{'!' * 900}inputs.name}}'"),
    "an expression of brackets": changed(SIZE, f"size: '${{{'[' * 900}}}'"),
    "a function that is not there": changed(SIZE, "size: '${system(inputs.name)}'"),
    "a bad pattern": changed("label: Zone", "label: Zone\n    pattern: '(a+)+b'"),
    "a null byte": changed(FIRST, "title: a\x00b"),
    "an escape": changed(FIRST, "title: a\x1b[2Jb"),
    "nothing": "",
    "a word": "hello",
    "a colon": ":",
    "tabs": "\t\t\ta: 1",
    "a byte order mark": "\ufeff\ufeffa: 1",
}
TAKEN = {
    "many spaces": CHECKLIST + " " * 4000,
    "a title of markup": changed(FIRST, "title: '[@click=app.boom]x[/]'"),
    "a text with an escape": changed(FIRST, 'title: "\\e]0;x\\a\\u202e"'),
    "a literal that opens often": changed("Make the thing", "'" + "$${" * 1300 + "'"),
}


def load(text: str) -> Pinned:
    return load_text(text, "f.yaml", advice=ADVICE, registry=REGISTRY)


def refusal(read: Callable[[], object]) -> str:
    """Why it is refused, or `taken`; everything else is a traceback."""
    try:
        read()
    except (UsageError, ChecklistError) as error:
        return str(error)
    return "taken"


def test_the_sample_itself_is_taken() -> None:
    assert refusal(lambda: load(CHECKLIST)) == "taken"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_line_in_time(name: str) -> None:
    began = time.process_time()
    with pytest.raises(ChecklistError) as caught:
        load(HOSTILE[name])
    assert time.process_time() - began < SECONDS
    told = str(caught.value)
    assert re.match(r"f\.yaml(:[0-9]+: |: line [0-9]+: )", told), told[:200]
    assert len(told) < 20_000


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("one long line", "longer than 8192"),
        ("a long tag", "longer than 8192"),
        ("many keys", "more than 20000 parts"),
        ("many inputs", "more than 20000 parts"),
        ("deep lists", "longer than 8192"),
        ("a bomb of aliases", "anchors and aliases"),
        ("a large number", "more than 18 digits"),
        ("a number beyond all", "too large"),
        ("half a character", "half a character"),
        ("a bad pattern", "for ever"),
        ("needs nobody", "nobody"),
        ("a tag of Python", "the tag"),
    ],
)
def test_it_is_refused_for_its_own_reason(name: str, words: str) -> None:
    assert words in refusal(lambda: load(HOSTILE[name]))


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_only_odd_is_taken(name: str) -> None:
    assert load(TAKEN[name]).checklist.id == "sample"


def test_a_file_just_within_the_limits_is_read_in_time() -> None:
    began = time.process_time()
    items = "".join(
        f"      - {{id: i{n}, title: t, letter: l, step: fake.thing, needs: [first]}}\n"
        for n in range((MAX_PARTS - 200) // 13)
    )
    assert len(load_text(CHECKLIST + items, "f.yaml", advice=ADVICE).checklist.items) > 1000
    assert time.process_time() - began < SECONDS


def test_a_file_has_so_many_parts_and_no_more() -> None:
    assert len(yaml_text.read("- a\n" * (MAX_PARTS - 1), "f.yaml").content) == MAX_PARTS - 1
    with pytest.raises(ChecklistError, match="more than 20000 parts") as caught:
        yaml_text.read("- a\n" * (MAX_PARTS + 1), "f.yaml")
    assert caught.value.where == f"f.yaml:{MAX_PARTS}"


SNIPPETS = (
    "{", "}", "[", "]", ":", ": ", "- ", "\n", "\n  ", "&a ", "*a", "!!int ", "'", '"', "|", ">",
    "%", "@", "`", "#", "${", "}", "${inputs.name}", "${steps.first}", "null", "1e999", "---\n",
    "\x00", "\x1b", "\u2028", "\ud800", "\x85", "\u202e", "9" * 30, "\t", "? ", "<<: ", "step: ",
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.integers(0, len(CHECKLIST)), st.integers(0, 30), st.sampled_from(SNIPPETS)),
        min_size=1,
        max_size=4,
    )
)
def test_a_damaged_file_is_read_or_refused(changes: list[tuple[int, int, str]]) -> None:
    text = CHECKLIST
    for at, gone, new in changes:
        text = text[:at] + new + text[at + gone :]
    assert refusal(lambda: load(text)).startswith(("f.yaml", "taken"))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.one_of(st.text(max_size=60), st.lists(st.sampled_from(SNIPPETS), max_size=12).map("".join))
)
def test_any_text_is_read_or_refused(text: str) -> None:
    assert refusal(lambda: load(text)).startswith(("f.yaml", "taken"))


@pytest.mark.parametrize("name", [*HOSTILE, "bytes that are no text"])
def test_a_hostile_file_of_answers_is_refused_with_its_reason(name: str, tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    text = HOSTILE.get(name)
    file.write_bytes(b"\xff\xfe" if text is None else text.encode("utf-8", "surrogatepass"))
    pinned = load_text(CHECKLIST, "sample.yaml", advice=ADVICE)
    began = time.process_time()
    refused = refusal(lambda: read_answers(file, pinned))
    assert "f.yaml" in refused or refused == "taken"
    assert time.process_time() - began < SECONDS
