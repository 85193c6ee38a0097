"""`policy`: documents that IAM takes, on standard output, and what they are on standard error."""

import json

import pytest
from click.testing import CliRunner

from wizard.checklist.load import bundled
from wizard.cli.main import cli
from wizard.errors import UsageError
from wizard.gateway.least_privilege import LIMIT, allowed_actions, size

READING = ("Describe", "Get", "Head", "List", "Simulate", "Validate")


def printed(*arguments: str) -> tuple[str, str]:
    done = CliRunner().invoke(cli, ["policy", *arguments], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.stdout, done.stderr


@pytest.mark.parametrize("name", bundled())
def test_the_documents_are_small_enough_and_the_same_in_both_forms(name: str) -> None:
    documents = json.loads(printed(name, "--json")[0])
    assert documents
    assert all(size(document) <= LIMIT for document in documents)
    out, err = printed(name)
    found, decoder = [], json.JSONDecoder()
    while out := out.strip():
        document, end = decoder.raw_decode(out)
        found.append(document)
        out = out[end:]
    assert found == documents
    assert ("attach all" in err) == (len(documents) > 1)


@pytest.mark.parametrize("name", bundled())
def test_reading_needs_less_and_changes_nothing(name: str) -> None:
    whole = allowed_actions(json.loads(printed(name, "--json")[0]))
    reads = allowed_actions(json.loads(printed(name, "--json", "--read-only")[0]))
    assert reads < whole
    changing = {one for one in reads if not one.partition(":")[2].startswith(READING)}
    # It opens the environment of functions, which AWS encrypts with the key named there.
    assert changing <= {"kms:Decrypt"}


def test_a_region_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match="no region called mars-1"):
        printed("add-region", "--region", "mars-1")
