"""What Lambda refuses to create: ended runtimes, foreign layers, images and subnets not there.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html#API_CreateFunction_Errors
"""

from __future__ import annotations

from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import LambdaBackend
from moto.ec2.models import ec2_backends
from moto.ecr.models import ecr_backends

from wizard.simulator.services.patching import Method, wrap

# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-deprecated
ENDED = frozenset(
    {
        "dotnetcore1.0",
        "dotnetcore2.0",
        "dotnetcore2.1",
        "dotnetcore3.1",
        "go1.x",
        "java8",
        "nodejs",
        "nodejs4.3",
        "nodejs6.10",
        "nodejs8.10",
        "nodejs10.x",
        "nodejs12.x",
        "nodejs14.x",
        "provided",
        "python2.7",
        "python3.6",
        "python3.7",
        "ruby2.5",
        "ruby2.7",
    }
)
CODE_STORAGE = 75 * 1024**3
CALL_LIMIT = 50 * 1024**2


def patch_refusals() -> None:
    """Check what CreateFunction is given; moto takes it all."""

    @wrap(LambdaBackend, "create_function")
    def create_function(original: Method, self: LambdaBackend, spec: dict[str, Any]) -> Any:
        _refuse_runtime(spec.get("Runtime"))
        _refuse_layers(spec.get("Layers") or [], self.region_name)
        _refuse_subnets(self, (spec.get("VpcConfig") or {}).get("SubnetIds") or [])
        _refuse_image(self, (spec.get("Code") or {}).get("ImageUri"))
        held = sum(int(one.code_size or 0) for one in self.list_functions(None))
        if held > CODE_STORAGE:
            raise LambdaClientError("CodeStorageExceededException", "Code storage limit exceeded.")
        return original(self, spec)


def _refuse_runtime(runtime: str | None) -> None:
    if runtime in ENDED:
        raise InvalidParameterValueException(
            f"The runtime parameter of {runtime} is no longer supported for creating or updating "
            "AWS Lambda functions. We recommend you use a supported runtime while creating or "
            "updating functions."
        )


def _refuse_layers(arns: list[str], region: str) -> None:
    for arn in arns:
        if arn.split(":")[3] != region:
            raise InvalidParameterValueException(
                "Layers are not in the same region as the function. Layers are expected to be in "
                f"region {region}."
            )


def _refuse_subnets(backend: LambdaBackend, subnets: list[str]) -> None:
    if not subnets:
        return
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    known = {subnet.id for subnet in ec2.describe_subnets()}
    for subnet in subnets:
        if subnet not in known:
            raise InvalidParameterValueException(
                f"Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. "
                f"EC2 Error Message: The subnet ID '{subnet}' does not exist"
            )


def _refuse_image(backend: LambdaBackend, image: str | None) -> None:
    if not image:
        return
    address, _, tag = image.partition(":")
    host, _, name = address.partition("/")
    ecr = ecr_backends[backend.account_id][backend.region_name]
    repository = ecr.repositories.get(name)
    tags = {tag for one in (repository.images if repository else ()) for tag in one.image_tags}
    if f".{backend.region_name}." not in host or tag not in tags:
        raise InvalidParameterValueException(
            f"Source image {image} does not exist. Provide a valid source image."
        )
