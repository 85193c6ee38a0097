"""Systems Manager documents, copied from one region to another.

https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html
"""

from typing import ClassVar, Literal

from steps.ssm_parameters import given, tags_of
from steps.ssm_source import (
    content,
    document,
    in_region,
    in_short,
    mentions,
    not_copied,
    portions,
    reserved,
    same_content,
    shared_accounts,
)
from wizard.effects import Facts, Json, Write
from wizard.errors import CallError
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, compare, step

BUSY = {"Creating", "Updating"}
NOT_READY = {"InvalidDocument", "InvalidDocumentVersion", "InvalidDocumentOperation"}
"""What sharing and setting a default version meet while the version is still being made; when it
is Active, the next look asks for them again."""


@step("ssm.document")
class Document(Action, frozen=True, kw_only=True):
    """A document with the default version's content, settings, tags and sharing of its model in
    the region `reference`.

    AWS hands out one version at a time: the copy's history begins anew. Attachments stay in the
    region they are in, and sharing with everybody is nobody's to repeat unseen: both are named.
    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("model",)
    """The reference region's document."""

    patience: ClassVar[Patience] = Patience(every=5, limit=600)

    name: str
    reference: str
    region: str
    substitute: Literal["yes", "no"] = "yes"
    """Whether the content names `region` where the model names `reference`."""

    def observe(self) -> Reads[Facts | None]:
        model = yield from document(self.name, self.reference)
        here = yield from document(self.name, None)
        return {"model": model, "here": here}

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            # A preview that may not look yet: the region is still to be enabled.
            return (Difference("document", None, self.name, f"{self.region} is not open yet"),)
        model: Facts | None = found["model"]
        here: Facts | None = found["here"]
        if model is None:
            reason = f"{self.reference} has no document {self.name} any more: untick it."
            return (Difference("model", None, self.name, reason, fixable=False),)
        if reserved(self.name):
            reason = f"{self.name} begins as AWS's own documents do: AWS refuses the name."
            return (Difference("name", self.name, "another name", reason, fixable=False),)
        if model["attachments"] and (here is None or not here["attachments"]):
            return (self._attachments(model),)
        if here is None:
            return (Difference("document", None, self.name),)
        return self._status(here) or self._settings(model, here)

    def _attachments(self, model: Facts) -> Difference:
        reason = (
            f"{self.name} has attachments ({', '.join(model['attachments'])}), which AWS hands "
            f"out for download only: the wizard cannot copy it to {self.region}."
        )
        names = model["attachments"]
        return Difference("attachments", None, names, reason, fixable=False, person=True)

    def _status(self, here: Facts) -> Differences:
        if here["status"] in BUSY:
            return (Difference("status", here["status"], "Active", settles=True),)
        if here["status"] == "Failed":
            reason = f"AWS could not make it ({here['status_information']}): delete it and retry."
            return (Difference("status", "Failed", "Active", reason, fixable=False),)
        return ()

    def _settings(self, model: Facts, here: Facts) -> Differences:
        wrong = [
            Difference(
                field,
                here[field],
                model[field],
                reason=f"The {field} of a document cannot change: delete {self.name} in "
                f"{self.region}, or untick it and keep it as it is.",
                fixable=False,
            )
            for field in ("type", "format")
            if here[field] != model[field]
        ]
        if wrong:
            return tuple(wrong)
        wrong += self._text(model, here)
        wrong += [
            Difference(f"tag {one.field}", one.found, one.wanted)
            for one in compare(model["tags"], here["tags"])
        ]
        wrong += [
            Difference("shared with", None, account)
            for account in shared_accounts(model)
            if account not in here["shared_with"]
        ]
        return tuple(wrong)

    def _text(self, model: Facts, here: Facts) -> list[Difference]:
        wanted = self._content(model)
        if same_content(here["content"], wanted, here["format"]):
            return []
        latest = here["latest"]
        if latest and same_content(latest["content"], wanted, here["format"]):
            busy = latest["status"] in BUSY
            if busy:
                return [Difference("version", latest["status"], "Active", settles=True)]
            return [Difference("default version", here["default_version"], latest["version"])]
        return [Difference("content", here["content"], wanted)]

    def _content(self, model: Facts) -> str:
        text = str(model["content"])
        if self.substitute == "no" or self.reference == self.region:
            return text
        return in_region(text, self.reference, self.region)

    def waiting_for(self, found: Facts | None) -> str:
        status = found["here"]["status"] if found and found["here"] else "absent"
        return f"document {self.name} to become Active (now {status})"

    def instructions(self, found: Facts | None) -> str:
        return (
            f"Copy {self.name} by hand: download its attachments in {self.reference} "
            f"(`aws ssm get-document --name {self.name} --region {self.reference}` gives their "
            f"addresses for some minutes), put them into a bucket of {self.region}, and create "
            "the document there with --attachments Key=SourceUrl,Values=s3://… . The wizard sees "
            "it when it is there."
        )

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        model: Facts | None = found["model"] if found else None
        here: Facts | None = found["here"] if found else None
        if model is None:
            return
        fields = {one.field for one in differences}
        if here is None:
            yield self._create(model)
            have: set[str] = set()
        else:
            have = set(here["shared_with"])
            if "content" in fields:
                yield from self._update(model, here)
            if "default version" in fields:
                yield self._default(here["latest"]["version"])
            tags = {key: value for key, value in model["tags"].items() if f"tag {key}" in fields}
            if tags:
                yield Write(
                    "ssm",
                    "AddTagsToResource",
                    {"ResourceType": "Document", "ResourceId": self.name, "Tags": tags_of(tags)},
                    title=f"Tag document {self.name}",
                )
        yield from self._share(model, have)

    def _create(self, model: Facts) -> Write:
        params: dict[str, Json] = {
            "Name": self.name,
            "Content": self._content(model),
            "DocumentType": model["type"],
            "DocumentFormat": model["format"],
            **given(model, "TargetType", "VersionName", "DisplayName"),
        }
        if model["requires"]:
            params["Requires"] = model["requires"]
        if model["tags"]:
            params["Tags"] = tags_of(model["tags"])
        title = f"Create document {self.name} in {self.region}"
        return Write("ssm", "CreateDocument", params, title=title)

    def _update(self, model: Facts, here: Facts) -> Writes:
        params: dict[str, Json] = {
            "Name": self.name,
            "Content": self._content(model),
            "DocumentVersion": "$LATEST",
            "DocumentFormat": model["format"],
            **given(model, "TargetType", "DisplayName"),
        }
        if model["version_name"] and model["version_name"] not in here["version_names"]:
            params["VersionName"] = model["version_name"]
        try:
            answer = yield Write(
                "ssm", "UpdateDocument", params, title=f"Update document {self.name}"
            )
        except CallError as error:
            if error.code != "DuplicateDocumentContent":
                raise
            yield from self._older(model, here)
            return
        version = answer["DocumentDescription"]["DocumentVersion"]
        try:
            yield self._default(version)
        except CallError as error:
            if error.code not in NOT_READY:
                raise

    def _older(self, model: Facts, here: Facts) -> Writes:
        """AWS keeps no text twice: makes the version that has it already the default."""
        for version in reversed(here["versions"]):
            text = yield from content(self.name, version, here["format"], None)
            if same_content(text, self._content(model), here["format"]):
                yield self._default(version)
                return

    def _default(self, version: Json) -> Write:
        return Write(
            "ssm",
            "UpdateDocumentDefaultVersion",
            {"Name": self.name, "DocumentVersion": version},
            title=f"Make version {version} the default of {self.name}",
        )

    def _share(self, model: Facts, have: set[str]) -> Writes:
        by_version: dict[str, list[str]] = {}
        for account in shared_accounts(model):
            if account not in have:
                version = model["shared_with"][account]
                by_version.setdefault(version if version[:1] == "$" else "", []).append(account)
        for version, accounts in portions(by_version):
            share = Write(
                "ssm",
                "ModifyDocumentPermission",
                {
                    "Name": self.name,
                    "PermissionType": "Share",
                    "AccountIdsToAdd": accounts,
                    **({"SharedDocumentVersion": version} if version else {}),
                },
                title=f"Share {self.name} with {', '.join(accounts)}",
            )
            try:
                yield share
            except CallError as error:
                if error.code not in NOT_READY:
                    raise

    def outputs(self, found: Facts | None) -> Facts:
        model: Facts | None = found["model"] if found else None
        here: Facts | None = found["here"] if found else None
        return {
            "name": self.name,
            "default_version": here["default_version"] if here else None,
            "not_copied": not_copied(model) if model else [],
            "replaced": mentions(model["content"], self.reference)
            if model and self.substitute == "yes"
            else [],
        }

    def compared(self, found: Facts | None) -> Facts | None:
        here: Facts | None = found["here"] if found else None
        return in_short(here) if here else None

    def planned(self, found: Facts | None) -> Facts | None:
        model: Facts | None = found["model"] if found else None
        if model is None:
            return None
        here: Facts = (found and found["here"]) or {}
        new = not here or self._text(model, here)
        return {
            **in_short(model if new else here),
            "content": self._content(model).strip(),
            "tags": {**here.get("tags", {}), **model["tags"]},
            "shared_with": sorted({*here.get("shared_with", {}), *shared_accounts(model)}),
            "attachments": here.get("attachments", []),
        }
