"""The folder `evidence/`: single calls and observations, and the table of them."""

import csv
import io
from collections.abc import Iterable

from wizard.evidence.call_files import call_files, calls_made
from wizard.evidence.files import FOLDER, Files
from wizard.evidence.observation_files import looks, observation_files
from wizard.evidence.table import cell
from wizard.session.events import Entry

INDEX = f"{FOLDER}/index.csv"
HEADER = ("line", "at_utc", "item", "what", "outcome", "request_id", "file")


def evidence_files(entries: Iterable[Entry]) -> Files:
    """All files below `evidence/` that are read from the journal."""
    entries = tuple(entries)
    calls = calls_made(entries)
    looked = looks(entries)
    of_calls, call_places = call_files(calls)
    of_looks, look_places = observation_files(looked)
    rows: list[tuple[int, str, str, str, str, str, str]] = [
        (
            call.line,
            call.at,
            call.item,
            f"{call.service}:{call.operation}",
            call.outcome,
            call.request_id,
            call_places[call.line],
        )
        for call in calls
    ]
    rows += [
        (
            look.line,
            look.at,
            look.item,
            "observed",
            "as it should be" if look.right else "not as it should be",
            "",
            look_places[look.item],
        )
        for look in looked.last.values()
    ]
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    for row in sorted(rows):
        writer.writerow([cell(value) for value in row])
    return {**of_calls, **of_looks, INDEX: out.getvalue().encode()}
