"""Which operation of which service a request is, in botocore's words."""

import io
import uuid
from typing import Any
from urllib.parse import parse_qs

from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound
from werkzeug.wsgi import get_input_stream

from wizard.simulator.middleware.call import Call

# Signing names that are not the name of the botocore client.
_CLIENT_NAMES = {
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
    "access-analyzer": "accessanalyzer",
    "states": "stepfunctions",
    "email": "ses",
}
_CLASSIC_ELB_VERSION = "2012-06-01"
UNKNOWN = "Unknown"


def identify(environ: dict[str, Any], account_time: float) -> Call:
    """Read the request; the body stays readable for the one who does the work."""
    body = get_input_stream(environ).read()
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    access_key, region, signing_name = _scope(environ)
    service = _CLIENT_NAMES.get(signing_name, signing_name)
    if service == "s3" and environ.get("PATH_INFO", "").startswith("/v20180820/"):
        service = "s3control"
    protocol, operation, version = _operation(environ, body, service)
    if service == "elbv2" and version == _CLASSIC_ELB_VERSION:
        service = "elb"
    return Call(
        service=service,
        operation=operation,
        region=region,
        protocol=protocol,
        access_key=access_key,
        request_id=str(uuid.uuid4()),
        arrived=account_time,
        environ=environ,
        body=body,
    )


def _scope(environ: dict[str, Any]) -> tuple[str, str, str]:
    """Access key, region and signing name from the signature (in the header or a presigned URL)."""
    credential = ""
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    if "Credential=" in authorization:
        credential = authorization.split("Credential=", 1)[1].split(",", 1)[0]
    elif "X-Amz-Credential=" in environ.get("QUERY_STRING", ""):
        credential = parse_qs(environ["QUERY_STRING"])["X-Amz-Credential"][0]
    match credential.split("/"):
        case [access_key, _, region, service, "aws4_request"]:
            return access_key, region, service.lower()
        case _:
            return "", "us-east-1", "s3"


def _operation(environ: dict[str, Any], body: bytes, service: str) -> tuple[str, str, str]:
    """Protocol, operation and API version."""
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return "json", target.rpartition(".")[2], ""
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
        return "smithy-rpc-v2-cbor", environ["PATH_INFO"].rpartition("/operation/")[2], ""
    form = body.decode("utf-8", "replace") if _is_form(environ) else environ.get("QUERY_STRING", "")
    fields = parse_qs(form)
    if "Action" in fields and "Version" in fields:
        protocol = "ec2" if service == "ec2" else "query"
        return protocol, fields["Action"][0], fields["Version"][0]
    try:
        protocol = str(get_service_model(service).metadata["protocol"])
    except FileNotFoundError:  # how moto's loader says that it knows no such service
        return "rest-json", UNKNOWN, ""
    try:
        operation, _ = get_service_router(service).match(Request(environ))
    except (NotFound, NotImplementedError):
        return protocol, UNKNOWN, ""
    return protocol, str(operation.name), ""


def _is_form(environ: dict[str, Any]) -> bool:
    content_type = str(environ.get("CONTENT_TYPE", ""))
    return content_type.startswith("application/x-www-form-urlencoded")
