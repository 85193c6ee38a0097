"""SSM documents of the simulated account: states, versions, sharing, attachments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.in_process import Account, refused, simulated

NAME = "Restart"
STEP = {"action": "aws:runShellScript", "name": "run", "inputs": {"runCommand": ["true"]}}
FILE = {"Key": "SourceUrl", "Values": ["s3://bucket/files"], "Name": "a.tar.gz"}


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("ec2", "ssm") as made:
        yield made


@pytest.fixture
def ssm(account: Account) -> Any:
    return account.client("ssm")


def text(description: str = "first") -> str:
    return json.dumps({"schemaVersion": "2.2", "description": description, "mainSteps": [STEP]})


def make(ssm: Any, **more: Any) -> Any:
    asked = {"Name": NAME, "Content": text(), "DocumentType": "Command", **more}
    return ssm.create_document(**asked)["DocumentDescription"]


def status(ssm: Any) -> str:
    return str(ssm.describe_document(Name=NAME)["Document"]["Status"])


def test_document_is_made_in_a_while(account: Account, ssm: Any) -> None:
    made = make(ssm, DisplayName="Restart it", VersionName="one")
    assert (made["Status"], made["DisplayName"]) == ("Creating", "Restart it")
    assert status(ssm) == "Creating"
    account.clock.advance(5)
    assert status(ssm) == "Active"
    with refused("DocumentAlreadyExists"):
        make(ssm)


def test_versions_are_listed_newest_first(account: Account, ssm: Any) -> None:
    make(ssm, VersionName="one")
    account.clock.advance(5)
    updated = ssm.update_document(Name=NAME, Content=text("second"), DocumentVersion="$LATEST")
    assert updated["DocumentDescription"]["Status"] == "Updating"
    found = ssm.list_document_versions(Name=NAME)["DocumentVersions"]
    assert [(v["DocumentVersion"], v["IsDefaultVersion"], v["Status"]) for v in found] == [
        ("2", False, "Updating"),
        ("1", True, "Active"),
    ]
    assert found[1]["VersionName"] == "one"
    assert "VersionName" not in found[0]
    about = ssm.describe_document(Name=NAME)["Document"]
    assert (about["DefaultVersion"], about["LatestVersion"]) == ("1", "2")
    ssm.update_document_default_version(Name=NAME, DocumentVersion="2")
    assert json.loads(ssm.get_document(Name=NAME)["Content"])["description"] == "second"
    with refused("DuplicateDocumentContent"):
        ssm.update_document(Name=NAME, Content=text(), DocumentVersion="$LATEST")
    first = ssm.list_document_versions(Name=NAME, MaxResults=1)
    rest = ssm.list_document_versions(Name=NAME, MaxResults=1, NextToken=first["NextToken"])
    assert rest["DocumentVersions"][0]["DocumentVersion"] == "1"


def test_sharing_is_described(ssm: Any) -> None:
    make(ssm)
    ssm.modify_document_permission(
        Name=NAME, PermissionType="Share", AccountIdsToAdd=["210987654321"]
    )
    found = ssm.describe_document_permission(Name=NAME, PermissionType="Share")
    assert found["AccountIds"] == ["210987654321"]
    with refused("InvalidDocumentOperation"):
        ssm.delete_document(Name=NAME)


def test_attachments_are_named_and_handed_out_for_download(ssm: Any) -> None:
    make(ssm, Attachments=[FILE])
    about = ssm.describe_document(Name=NAME)["Document"]
    assert about["AttachmentsInformation"] == [{"Name": "a.tar.gz"}]
    (content,) = ssm.get_document(Name=NAME)["AttachmentsContent"]
    assert content["Name"] == "a.tar.gz"
    assert content["Url"].startswith("https://")
    with refused("ValidationException"):
        make(ssm, Name="Other", Attachments=[{"Key": "Elsewhere", "Values": ["x"]}])
    with refused("InvalidDocumentContent"):
        make(ssm, Name="Other", DocumentType="Package")
