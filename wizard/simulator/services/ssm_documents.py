"""SSM documents: they take account time to be made, have names of versions, and attachments that
are handed out for download only.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
"""

# ruff: noqa: SLF001  moto's own methods are private; patching is this module's job
from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.ssm.models import Document, Documents, SimpleSystemManagerBackend
from moto.ssm.responses import SimpleSystemManagerResponse

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import Method, put, replace, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock

CREATING_SECONDS = 5.0
PAGE = 50
_SOURCES = ("SourceUrl", "S3FileUrl", "AttachmentReference")


def install(clock: AccountClock) -> None:
    """Make documents take account time, and tell of them what moto does not."""
    _states(clock)
    _requests()
    _descriptions()
    _versions()


def _states(clock: AccountClock) -> None:
    def status(self: Any) -> str:
        kept: str = self.__dict__["status"]
        if kept != "Active" or clock.now() >= self.active_at:
            return kept
        return "Creating" if self.document_version == "1" else "Updating"

    def set_status(self: Any, value: str) -> None:
        self.__dict__["status"] = value

    put(Document, "status", property(status, set_status))
    put(Document, "active_at", 0.0)
    put(Document, "display_name", None)

    @wrap(Document, "__init__")
    def initialise(original: Method, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.__dict__["active_at"] = clock.now() + CREATING_SECONDS
        self.created_date = clock.utc()


def _requests() -> None:
    @wrap(SimpleSystemManagerResponse, "create_document")
    def create_document(original: Method, self: Any) -> ActionResult:
        _check_attachments(self)
        if self._get_param("DocumentType") == "Package" and not self._get_param("Attachments"):
            raise refusal("InvalidDocumentContent", "A package must have attachments.")
        original(self)
        return _shown(self, "1")

    @wrap(SimpleSystemManagerResponse, "update_document")
    def update_document(original: Method, self: Any) -> ActionResult:
        _check_attachments(self)
        original(self)
        documents = self.ssm_backend._get_documents(self._get_param("Name"))
        return _shown(self, documents.latest_version)


def _check_attachments(response: Any) -> None:
    for one in response._get_param("Attachments") or ():
        if one.get("Key") not in _SOURCES or not one.get("Values"):
            raise refusal("ValidationException", "Attachments need a Key and its Values.")


def _shown(response: Any, version: str) -> ActionResult:
    """Keeps the display name with the version, and describes it as AWS answers."""
    name = response._get_param("Name")
    documents = response.ssm_backend._get_documents(name)
    made = documents.versions[version]
    made.display_name = response._get_param("DisplayName") or made.display_name
    tags = response.ssm_backend._get_documents_tags(name)
    return ActionResult({"DocumentDescription": documents.describe(version, None, tags=tags)})


def _descriptions() -> None:
    @wrap(Documents, "describe")
    def describe(original: Method, self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = original(self, *args, **kwargs)
        document = self.versions[told["DocumentVersion"]]
        if document.display_name:
            told["DisplayName"] = document.display_name
        if document.requires:
            told["Requires"] = document.requires
        if document.attachments:
            told["AttachmentsInformation"] = [{"Name": _file(one)} for one in document.attachments]
        return told

    @wrap(SimpleSystemManagerBackend, "_generate_document_information")
    def information(
        original: Method, self: Any, document: Any, document_format: str
    ) -> dict[str, Any]:
        told: dict[str, Any] = original(self, document, document_format)
        if document.attachments:
            told["AttachmentsContent"] = [
                {
                    "Name": _file(one),
                    "Size": len(_file(one)),
                    "Hash": hashlib.sha256(_file(one).encode()).hexdigest(),
                    "HashType": "Sha256",
                    "Url": f"https://aws-ssm-document-attachments-{self.region_name}.s3."
                    f"{self.region_name}.amazonaws.com/{self.account_id}/{document.name}/"
                    f"{_file(one)}?X-Amz-Expires=300&X-Amz-Signature=0",
                }
                for one in document.attachments
            ]
        return told


def _file(attachment: dict[str, Any]) -> str:
    return str(attachment.get("Name") or attachment["Values"][0].rpartition("/")[2])


def _versions() -> None:
    @replace(SimpleSystemManagerResponse, "list_document_versions")
    def list_document_versions(self: Any) -> ActionResult:
        documents = self.ssm_backend._get_documents(str(self._get_param("Name")))
        rows = [
            {
                "Name": document.name,
                "DisplayName": document.display_name,
                "DocumentVersion": document.document_version,
                "VersionName": document.version_name or None,
                "CreatedDate": document.created_date,
                "IsDefaultVersion": document is documents.get_default_version(),
                "DocumentFormat": document.document_format,
                "Status": document.status,
            }
            for document in reversed(documents.versions.values())
        ]
        return paged(self, "DocumentVersions", rows)


def paged(response: Any, field: str, rows: list[Any]) -> ActionResult:
    """One page of a list, with the token of the next."""
    size = min(int(response._get_param("MaxResults") or PAGE), PAGE)
    try:
        part, token = page(rows, response._get_param("NextToken"), size)
    except BadTokenError as error:
        raise refusal("InvalidNextToken", "The specified token is not valid.") from error
    return ActionResult({field: part, "NextToken": token})
