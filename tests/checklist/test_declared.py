"""What a step can call is seen in its source, and what cannot be seen is an error."""

import importlib
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

import steps
from tests.steps.cases_of_steps import all_cases
from wizard.checklist.declared import Declared, UnseenError, calls_of, declared, roots
from wizard.checklist.load import bundled, load_bundled
from wizard.checklist.sources import Place
from wizard.gateway.redact import input_shape
from wizard.step import Attest, Registry

REGISTRY = Registry.of(steps)
Plant = Callable[..., frozenset[Declared]]
HEAD = """
    from wizard.effects import Read, Write

"""


def is_operation(service: str, operation: str) -> bool:
    return input_shape(service, operation) is not None


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    """Calls of `Root` in a package made of these texts; the first is `planted.one`."""
    package = f"planted_{tmp_path.name}"
    folder = tmp_path / package
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    def planted(*texts: str, without: tuple[str, ...] = ()) -> frozenset[Declared]:
        for name, text in zip(("one", "two"), texts, strict=False):
            source = dedent(HEAD) + dedent(text).replace("PACKAGE", package)
            (folder / f"{name}.py").write_text(source)
        importlib.invalidate_caches()
        importlib.import_module(f"{package}.one")
        return calls_of(Place(f"{package}.one", "Root"), is_operation, without=without)

    yield planted
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


def names(calls: frozenset[Declared]) -> set[str]:
    return {f"{one.service}.{one.operation}" for one in calls}


def test_calls_are_found_through_helpers_of_other_modules_and_bases(plant: Plant) -> None:
    found = plant(
        """
        from PACKAGE.two import Base, TABLE, helper

        class Root(Base):
            def observe(self):
                yield from helper("a")
                yield from self._private()

            def _private(self):
                yield Read("sns", "ListTopics", region="eu-west-1")

            def _nobody_calls_it(self):
                yield Read("sns", "ListPhoneNumbersOptedOut")
        """,
        """
        def helper(name):
            def inner():
                yield Read("s3", "ListBuckets")
            yield from inner()

        TABLE = Read("sqs", "ListQueues")

        class Base:
            def observe(self):
                yield Read("ec2", "DescribeImages")

            def converge(self, found, differences):
                yield Write("ec2", "CreateVpc")
        """,
    )
    assert names(found) == {"s3.ListBuckets", "sns.ListTopics", "ec2.CreateVpc"}
    assert {one.operation for one in found if one.writes} == {"CreateVpc"}
    assert {one.operation for one in found if one.elsewhere} == {"ListTopics"}


def test_an_overridden_method_counts_where_super_calls_it(plant: Plant) -> None:
    found = plant(
        """
        class Base:
            def observe(self):
                yield Read("ec2", "DescribeImages")

        class Root(Base):
            def observe(self):
                yield from super().observe()
        """
    )
    assert names(found) == {"ec2.DescribeImages"}


def test_operations_come_as_parameters_and_from_tables(plant: Plant) -> None:
    found = plant(
        """
        TABLE = {"policy": "GetBucketPolicy", "word": "GetOut", "put": "PutBucketPolicy"}

        def ask(service, operation="ListTopics", *, region=None):
            return Read(service, operation, region=region)

        class Root:
            def observe(self):
                yield ask("sns")
                yield ask("sqs", "ListQueues")
                yield ask(operation="ListStreams", service="kinesis")
                yield self.mine("DescribeVpcs")
                for name in TABLE.values():
                    yield Read("s3", name)

            def mine(self, operation):
                return Read("ec2", operation)
        """
    )
    expected = {"sns.ListTopics", "sqs.ListQueues", "kinesis.ListStreams", "ec2.DescribeVpcs"}
    assert names(found) == {*expected, "s3.GetBucketPolicy"}


def test_what_is_only_done_from_a_pause_can_be_left_out(plant: Plant) -> None:
    text = """
        class Root:
            def observe(self):
                yield Read("sns", "ListTopics")

            def act(self):
                yield from self._send()

            def _send(self):
                yield Write("sns", "Publish")
        """
    assert names(plant(text, without=("act",))) == {"sns.ListTopics"}


def test_act_is_followed_otherwise(plant: Plant) -> None:
    found = plant('class Root:\n    def act(self):\n        yield Write("sns", "Publish")\n')
    assert names(found) == {"sns.Publish"}


@pytest.mark.parametrize(
    "hidden",
    [
        'yield Read("s" + "ns", "ListTopics")',
        'yield Read("sns", "List" + "Topics")',
        'yield Read("sns", "ListTopicz")',
        'yield from map(Read, ["sns"], ["ListTopics"])',
        "yield Read(*found)",
        "made = Write\n        yield made('sns', 'Publish')",
        'yield from map(self.asked, ["ListTopics"])',
    ],
)
def test_what_cannot_be_seen_is_refused(plant: Plant, hidden: str) -> None:
    with pytest.raises(UnseenError) as caught:
        plant(
            "class Root:\n"
            "    def observe(self, found):\n"
            f"        {hidden}\n\n"
            "    def asked(self, operation):\n"
            '        return Read("sns", operation)\n'
        )
    assert ".one, line " in caught.value.where


@cache
def calls_of_cases() -> dict[str, set[str]]:
    """By kind of step, what its cases read and write."""
    found: dict[str, set[str]] = {}
    for case in all_cases():
        for effect in (*(case.reads or ()), *(case.writes or ())):
            found.setdefault(case.kind, set()).add(str(effect["call"]))
    return found


@pytest.mark.parametrize("name", sorted(REGISTRY.steps))
def test_every_step_can_be_seen_and_makes_the_calls_of_its_cases(name: str) -> None:
    step = REGISTRY.steps[name]
    if issubclass(step, Attest):
        return
    found = names(calls_of(Place(step.__module__, step.__name__), is_operation))
    shown = calls_of_cases().get(name, set())
    of_aws = {call for call in shown if is_operation(*call.partition(".")[::2])}
    assert of_aws <= found


@pytest.mark.parametrize("name", sorted(REGISTRY.options))
def test_every_dropdown_can_be_seen_and_only_reads(name: str) -> None:
    source = REGISTRY.options[name]
    calls = calls_of(Place(source.__module__, source.__name__), is_operation)
    assert not [one for one in calls if one.writes]


@pytest.mark.parametrize("name", bundled())
def test_reading_is_a_part_of_everything(name: str) -> None:
    checklist = load_bundled(name).checklist
    assert roots(checklist, REGISTRY)
    reads = declared(checklist, REGISTRY, is_operation, reads_only=True)
    assert reads < declared(checklist, REGISTRY, is_operation)
    assert not [one for one in reads if one.writes]
