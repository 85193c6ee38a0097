"""Whatever a session was told, its evidence runs nothing, loads nothing and computes nothing."""

import io
import json
from pathlib import PurePosixPath
from typing import Any

import pytest
from pypdf import PdfReader

from tests.evidence.session import Story, pinned, story
from tests.hostile.judge import active, formulas, kinds, leads_out
from tests.hostile.payloads import PAYLOADS
from tests.hostile.poison import Poison
from wizard.evidence.bundle import bundle
from wizard.evidence.source import source


def files(poison: Poison | None) -> dict[str, bytes]:
    """The bundle of a story, hostile in every text when there is a poison."""
    clean = story()
    if poison is None:
        return bundle(source(pinned(), clean.entries, clean.state))
    told = Story(7, poison.struct(clean.entries[0].event.pin))  # type: ignore[union-attr]
    told.tell(*(poison.struct(entry.event) for entry in clean.entries[1:]))
    return bundle(source(poison.checklist(pinned()), told.entries, told.state))


@pytest.fixture(scope="module")
def clean() -> dict[str, bytes]:
    return files(None)


@pytest.fixture(scope="module")
def hostile() -> list[dict[str, bytes]]:
    """As many bundles as it takes until every payload was in one, and in other places again."""
    poison = Poison()
    made: list[dict[str, bytes]] = []
    while len(poison.used) < len(PAYLOADS) or len(made) < 4:
        made.append(files(poison))
    return made


def test_the_report_has_no_element_that_it_had_not_and_leads_nowhere(
    clean: dict[str, bytes], hostile: list[dict[str, bytes]]
) -> None:
    known, links = kinds(clean["report.html"].decode()), leads_out(clean["report.html"].decode())
    for made in hostile:
        page = made["report.html"].decode()
        assert kinds(page) <= known
        assert leads_out(page) <= links
        assert not active(page)


def test_no_cell_of_a_table_is_a_formula(hostile: list[dict[str, bytes]]) -> None:
    tables = [made[name].decode() for made in hostile for name in made if name.endswith(".csv")]
    assert len(tables) >= 2 * len(hostile)
    for table in tables:
        assert list(formulas(table)) == []
        assert not active(table, "\r\n")


def test_what_is_for_programs_is_whole_json(hostile: list[dict[str, bytes]]) -> None:
    for made in hostile:
        for name, content in made.items():
            if name.endswith(".json"):
                json.loads(content)
            if name.endswith(".jsonl"):
                assert [json.loads(line) for line in content.splitlines()]


def test_no_file_has_a_name_that_leaves_the_folder(hostile: list[dict[str, bytes]]) -> None:
    for made in hostile:
        for name in made:
            path = PurePosixPath(name)
            assert not path.is_absolute()
            assert ".." not in path.parts
            assert len(path.name) < 150
            assert name.isascii()
            assert name.isprintable()
            assert not set(name) & set('\\:*?"<>|')


def test_the_pdf_opens_runs_and_links_to_nothing(hostile: list[dict[str, bytes]]) -> None:
    for made in hostile[:2]:
        document = PdfReader(io.BytesIO(made["report.pdf"]))
        root: Any = document.trailer["/Root"]
        assert not {"/AA", "/AcroForm"} & set(root)
        # Where it opens, and nothing to be done there.
        assert isinstance(root.get("/OpenAction", []), list)
        names = root.get("/Names", {})
        assert "/JavaScript" not in names
        assert names["/EmbeddedFiles"]["/Names"][0::2] == ["bundle.zip"]
        pages: Any = document.pages
        for page in pages:
            assert "/AA" not in page
            for one in page.get("/Annots", ()):
                action = one.get_object().get("/A", {})
                assert action.get("/S", "/GoTo") == "/GoTo", action
