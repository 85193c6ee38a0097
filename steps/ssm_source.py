"""Systems Manager documents as they are in one region: what of them can be copied, as data.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetDocument.html
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from wizard.effects import Facts, Json, Read
from wizard.step import Option, Options, Reads, options

ABSENT = ("InvalidDocument", "InvalidDocumentVersion")
PUBLIC = "all"
AT_ONCE = 20
"""Accounts that one call shares a document with."""


def document(name: str, region: str | None) -> Reads[Facts | None]:
    """The default version of a document with all that belongs to it; None when there is none."""
    described = yield Read("ssm", "DescribeDocument", {"Name": name}, region=region, absent=ABSENT)
    if described is None:
        return None
    about = described["Document"]
    text = yield from content(name, str(about["DefaultVersion"]), about["DocumentFormat"], region)
    versions = yield Read(
        "ssm",
        "ListDocumentVersions",
        {"Name": name},
        pages="DocumentVersions",
        region=region,
        absent=ABSENT,
    )
    tags = yield Read(
        "ssm",
        "ListTagsForResource",
        {"ResourceType": "Document", "ResourceId": name},
        region=region,
        absent=("InvalidResourceId",),
    )
    latest = str(about["LatestVersion"])
    newer: Json = None
    if latest != str(about["DefaultVersion"]):
        status = next((v["Status"] for v in versions if v["DocumentVersion"] == latest), None)
        later = yield from content(name, latest, about["DocumentFormat"], region)
        newer = {"version": latest, "status": status, "content": later}
    return {
        "content": text,
        "format": about["DocumentFormat"],
        "type": about["DocumentType"],
        "target_type": about.get("TargetType") or "",
        "version_name": about.get("VersionName") or "",
        "display_name": about.get("DisplayName") or "",
        "requires": list(about.get("Requires") or ()),
        # AWS sets tags of its own, such as CloudFormation's, and refuses them from anybody else.
        "tags": {
            tag["Key"]: tag["Value"]
            for tag in (tags or {}).get("TagList") or ()
            if not tag["Key"].startswith("aws:")
        },
        "shared_with": (yield from _shared_with(name, region)),
        "attachments": sorted(
            str(one["Name"]) for one in about.get("AttachmentsInformation") or ()
        ),
        "default_version": str(about["DefaultVersion"]),
        "version_names": {
            str(v["VersionName"]): str(v["DocumentVersion"])
            for v in versions
            if v.get("VersionName")
        },
        "versions": [str(v["DocumentVersion"]) for v in versions],
        "status": about["Status"],
        "status_information": about.get("StatusInformation") or "",
        "latest": newer,
    }


def content(name: str, version: str, kind: str, region: str | None) -> Reads[str]:
    """The text of one version, in the format it was written in; empty when it is gone."""
    # Without its own format a document is converted to JSON.
    params = {"Name": name, "DocumentVersion": version, "DocumentFormat": kind}
    answer = yield Read("ssm", "GetDocument", params, region=region, absent=ABSENT)
    return str(answer["Content"]) if answer else ""


def _shared_with(name: str, region: str | None) -> Reads[dict[str, str]]:
    """Account ids, or `all`, → the version that each sees."""
    ids: list[str] = []
    versions: dict[str, str] = {}
    params: dict[str, Json] = {"Name": name, "PermissionType": "Share"}
    while params:
        page = yield Read("ssm", "DescribeDocumentPermission", params, region=region, absent=ABSENT)
        found: Facts = page or {}
        ids += [str(one) for one in found.get("AccountIds") or ()]
        versions |= {
            str(one["AccountId"]): str(one.get("SharedDocumentVersion") or "")
            for one in found.get("AccountSharingInfoList") or ()
        }
        params = {**params, "NextToken": found["NextToken"]} if found.get("NextToken") else {}
    return {account: versions.get(account, "") for account in sorted(ids)}


def portions(shared: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Sequence[str]]]:
    """Version → accounts, in as many as one call takes.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ModifyDocumentPermission.html
    """
    for version, accounts in shared.items():
        for start in range(0, len(accounts), AT_ONCE):
            yield version, accounts[start : start + AT_ONCE]


def in_short(one: Facts) -> dict[str, Json]:
    """What of a document is compared between regions."""
    same = ("type", "format", "target_type", "version_name", "display_name", "tags", "attachments")
    return {
        "content": str(one["content"]).strip(),
        **{name: one[name] for name in same},
        "shared_with": sorted(one["shared_with"]),
    }


def not_copied(model: Facts) -> list[str]:
    """What a copy does not have of its model, in words."""
    left = []
    if others := len(model["versions"]) - 1:
        left.append(f"its history: {others} other version{'s' if others > 1 else ''}")
    if model["attachments"]:
        left.append(f"its attachments: {', '.join(model['attachments'])}")
    if PUBLIC in model["shared_with"]:
        left.append("its sharing with everybody (all)")
    return left


def in_region(text: str, source: str, region: str) -> str:
    """The text with each mention of the region `source` replaced; `us-east-1a` becomes a zone of
    the other region, `us-east-10` is another word."""
    return _mention(source).sub(region, text)


def mentions(text: str, region: str) -> list[str]:
    """The lines that name the region, each as `7: "default": "us-east-1"`."""
    return [
        f"{number}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        if _mention(region).search(line)
    ]


def _mention(region: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(region)}(?![0-9])")


def same_content(one: str, other: str, kind: str) -> bool:
    """Whether two contents say the same: AWS may lay JSON out anew."""
    if one.strip() == other.strip():
        return True
    if kind != "JSON":
        return False
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def own_documents(region: str) -> Reads[list[Facts]]:
    """The account's own documents in a region, by name.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListDocuments.html
    """
    found: list[Facts] = yield Read(
        "ssm",
        "ListDocuments",
        {"Filters": [{"Key": "Owner", "Values": ["Self"]}]},
        pages="DocumentIdentifiers",
        region=region,
    )
    return sorted(found, key=lambda one: str(one["Name"]))


@options("ssm.documents")
def documents(region: str) -> Options:
    """The account's own documents of a region, ticked; those with attachments are not, because
    AWS hands attachments out for download only."""
    listed = []
    for one in (yield from own_documents(region)):
        name = str(one["Name"])
        about = yield Read("ssm", "DescribeDocument", {"Name": name}, region=region, absent=ABSENT)
        found: Facts = about["Document"] if about else one
        files = [str(part["Name"]) for part in found.get("AttachmentsInformation") or ()]
        words = [f"{found['DocumentType']}, {found['DocumentFormat']}"]
        if str(found.get("LatestVersion", "1")) != "1":
            words.append(f"version {found['DefaultVersion']} of {found['LatestVersion']}")
        if files:
            words.append(f"has attachments ({', '.join(files)}): a person copies it")
        listed.append(
            Option(
                name,
                name,
                detail=", ".join(words),
                suggested=not files,
                disabled="its name is reserved for AWS" if reserved(name) else "",
            )
        )
    nothing = not any(one.suggested for one in listed)
    return [*listed, Option("none", "none: copy no document", suggested=nothing)]


@options("ssm.region_names")
def region_names(reference: str, region: str) -> Options:
    """Whether to replace the reference region's name in the documents, with where it stands."""
    places = []
    for one in (yield from own_documents(reference)):
        name, kind = str(one["Name"]), one["DocumentFormat"]
        answer = yield Read(
            "ssm",
            "GetDocument",
            {"Name": name, "DocumentFormat": kind},
            region=reference,
            absent=ABSENT,
        )
        places += [f"{name} line {line}" for line in mentions(answer["Content"], reference)]
    shown = "; ".join(places[:6]) + (f"; and {len(places) - 6} more" if len(places) > 6 else "")
    return [
        Option(
            "yes",
            f"Write {region} where {reference} stands",
            detail=shown or f"no document names {reference}",
            suggested=bool(places),
        ),
        Option(
            "no",
            "Copy the texts as they are",
            detail=f"{len(places)} places go on naming {reference}" if places else "",
            suggested=not places,
        ),
    ]


def reserved(name: str) -> bool:
    """Whether AWS keeps names that begin so for itself."""
    return name.lower().startswith(("aws", "amazon", "amzn"))


def shared_accounts(model: Facts) -> list[str]:
    """Those that the model is shared with: everybody is none."""
    return [account for account in model["shared_with"] if account != PUBLIC]
