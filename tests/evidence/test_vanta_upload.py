"""The report in Vanta: by its published contract, never twice, and no secret in any text."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.evidence.session import Story, story
from tests.gateway.vanta_server import CLIENT, VantaServer
from wizard.cli.keep_in_vanta import keep_in_vanta
from wizard.cli.keeping import Keeping
from wizard.errors import (
    CallError,
    CredentialsError,
    RefusedError,
    ThrottledError,
    UnknownOutcomeError,
    UnreachableError,
    UsageError,
    WizardError,
)
from wizard.evidence.bundle import SUMS
from wizard.evidence.local_copy import LocalCopy
from wizard.evidence.receipt import Kept, Place
from wizard.evidence.vanta_upload import report_file
from wizard.gateway.secrets import Secrets
from wizard.gateway.vanta import Vanta
from wizard.session import events

PDF = b"%PDF-1.7 the report"
SHA256 = hashlib.sha256(PDF).hexdigest()
COPY = LocalCopy(folder=Path("/kept/st-wizard-7"), files={"report.pdf": PDF, SUMS: b"sums"})
DOCUMENT = "access-requests"


@pytest.fixture
def server() -> Iterator[VantaServer]:
    made = VantaServer()
    yield made
    made.shutdown()
    made.server_close()


class Told:
    """A receipt in memory."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}

    @property
    def kept(self) -> Kept:
        def told(place: Place) -> None:
            self.places[place.where] = place

        return Kept(before=self.places.get, told=told)


def secrets(**more: str) -> Secrets:
    known = {
        "ST_WIZARD_SECRET_VANTA_CLIENT_ID": CLIENT["client_id"],
        "ST_WIZARD_SECRET_VANTA_CLIENT_SECRET": CLIENT["client_secret"],
        **more,
    }
    return Secrets(known, keyring=object())


def hand_in(
    server: VantaServer, told: Told, *, submit: bool = False, copy: LocalCopy = COPY
) -> Place:
    keep = Keeping(vanta=DOCUMENT, vanta_submit=submit, vanta_url=server.url)
    return keep_in_vanta(keep, copy, story().state, kept=told.kept, secrets=secrets())


def test_the_report_is_uploaded_as_the_contract_says(server: VantaServer) -> None:
    place = hand_in(server, Told())
    [made] = server.uploads
    assert server.contents == [PDF]
    assert made["fileName"] == "st-wizard-7.pdf"
    assert made["mimeType"] == "application/pdf"
    assert made["description"].endswith(f"AWS account 000011112222. SHA-256 {SHA256}")
    assert "session 7, add-load-balancer, incomplete" in made["description"]
    assert made["effectiveDate"].startswith("2026-11-22T17:")
    assert len(made["effectiveDate"]) == len("2024-03-17T00:00:00.000Z")
    assert place.where == f"{server.url}/v1/documents/{DOCUMENT}"
    assert place.files["report.pdf"].key == "upload-1"
    assert place.files["report.pdf"].sha256 == SHA256
    assert server.submitted == 0
    assert server.tokens == 1


def test_it_is_submitted_only_when_that_is_asked(server: VantaServer) -> None:
    told = Told()
    hand_in(server, told)
    assert hand_in(server, told, submit=True).about["submitted"] == "yes"
    assert (server.submitted, len(server.uploads)) == (1, 1)
    hand_in(server, told, submit=True)
    assert (server.submitted, len(server.uploads)) == (1, 1)


def test_it_is_never_uploaded_twice_even_without_a_receipt(server: VantaServer) -> None:
    for number in range(25):
        other = {"id": f"o{number}", "description": "other", "deletionDate": None}
        server.uploads.append(other)
    hand_in(server, Told())
    hand_in(server, Told())
    assert len(server.contents) == 1


def test_all_pages_are_looked_through(server: VantaServer) -> None:
    server.uploads += [{"id": str(n), "description": "", "deletionDate": None} for n in range(250)]
    server.uploads.append({"id": "mine", "description": f"x {SHA256}", "deletionDate": None})
    assert hand_in(server, Told()).files["report.pdf"].key == "mine"
    assert server.contents == []
    assert len([call for call in server.calls if call.startswith("GET")]) == 3


def test_one_that_was_deleted_there_does_not_count(server: VantaServer) -> None:
    gone = {"id": "gone", "description": SHA256, "deletionDate": "2026-11-27T00:00:00.000Z"}
    server.uploads.append(gone)
    hand_in(server, Told())
    assert server.contents == [PDF]


def test_an_answer_that_was_lost_is_settled_by_looking(server: VantaServer) -> None:
    server.lose = {"upload after"}
    assert hand_in(server, Told()).files["report.pdf"].key == "upload-1"
    assert server.contents == [PDF]


def test_what_did_not_arrive_is_not_repeated_by_itself(server: VantaServer) -> None:
    server.lose = {"upload before"}
    with pytest.raises(UnknownOutcomeError, match="looked for first"):
        hand_in(server, Told())
    assert server.contents == []
    hand_in(server, Told())
    assert server.contents == [PDF]


def test_a_lost_submission_leaves_the_receipt_of_the_upload(server: VantaServer) -> None:
    told = Told()
    server.lose = {"submit after"}
    with pytest.raises(UnknownOutcomeError):
        hand_in(server, told, submit=True)
    [place] = told.places.values()
    assert (place.complete, place.about["submitted"]) == (True, "no")
    with pytest.raises(CallError, match="Nothing to submit"):
        hand_in(server, told, submit=True)
    assert (server.submitted, len(server.contents)) == (1, 1)


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, CredentialsError, "developer console"),
        (403, CredentialsError, "vanta-api.documents:upload"),
        (404, CallError, "no such document"),
        (429, ThrottledError, "in a minute"),
        (422, CallError, "refused it"),
        (500, CallError, "lost"),
        (302, CallError, "refused it"),
    ],
)
def test_each_refusal_says_what_to_do(
    status: int, kind: type[CallError], words: str, server: VantaServer
) -> None:
    server.refuse = status
    with pytest.raises(kind, match=words) as caught:
        hand_in(server, Told())
    assert_no_secret(caught.value)
    assert server.contents == []


def test_wrong_credentials_are_not_repeated_to_anybody(server: VantaServer) -> None:
    wrong = secrets(ST_WIZARD_SECRET_VANTA_CLIENT_SECRET="hunter2-hunter2")
    keep = Keeping(vanta=DOCUMENT, vanta_url=server.url)
    with pytest.raises(CredentialsError) as caught:
        keep_in_vanta(keep, COPY, story().state, kept=Told().kept, secrets=wrong)
    assert "hunter2" not in str(caught.value)
    assert "bad client ***" in str(caught.value)
    assert caught.value.__cause__ is None


def test_without_the_secrets_nothing_is_sent(server: VantaServer) -> None:
    keep = Keeping(vanta=DOCUMENT, vanta_url=server.url)
    none = Secrets({}, keyring=object())
    with pytest.raises(CallError, match="st-wizard secret set vanta-client-id"):
        keep_in_vanta(keep, COPY, story().state, kept=Told().kept, secrets=none)
    assert server.calls == []


@pytest.mark.parametrize(
    "url",
    ["http://api.vanta.com", "ftp://api.vanta.com", "https://u:p@api.vanta.com", "https://", "x"],
)
def test_only_https_leads_beyond_this_machine(url: str) -> None:
    with pytest.raises(UsageError, match="https address"):
        Vanta(secrets(), url)


@pytest.mark.parametrize("document", ["", "../people", "a/b", "a?b", "a" * 101])
def test_what_is_no_id_of_a_document_is_not_asked_for(document: str, server: VantaServer) -> None:
    vanta = Vanta(secrets(), server.url)
    with pytest.raises(UsageError, match="id of a document"):
        vanta.uploads(document)
    vanta.close()
    assert server.calls == []


@pytest.mark.parametrize("wrong", [b"[]", b"{}", b'{"results": {}}', b"<html>"])
def test_a_list_that_is_not_as_documented_stops_it(wrong: bytes, server: VantaServer) -> None:
    server.wrong = wrong
    with pytest.raises(CallError):
        hand_in(server, Told())
    assert server.contents == []


def test_where_nobody_answers_nothing_was_sent() -> None:
    server = VantaServer()
    url = server.url
    server.shutdown()
    server.server_close()
    vanta = Vanta(secrets(), url)
    with pytest.raises(UnreachableError, match="Nothing was sent"):
        vanta.uploads(DOCUMENT)
    vanta.close()


def test_a_bundle_without_the_pdf_has_nothing_for_vanta() -> None:
    with pytest.raises(RefusedError, match=r"no report\.pdf"):
        report_file(LocalCopy(folder=Path("/kept"), files={SUMS: b""}), story().state)


def test_the_description_says_how_it_ended() -> None:
    aborted = Story().tell(events.SessionAborted(reason="enough")).state
    assert "aborted" in report_file(COPY, aborted).description


def assert_no_secret(error: WizardError) -> None:
    for secret in (*CLIENT.values(), "token-number-1"):
        assert secret not in f"{error} {error.__cause__} {error.__context__}"
