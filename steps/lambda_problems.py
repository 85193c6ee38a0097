"""What keeps a function from being imported until a person has mended it. Pure."""

from collections.abc import Iterator

from steps.lambda_arns import moved
from steps.lambda_layers import account_of
from steps.lambda_made import ZIP_LIMIT
from steps.lambda_runtimes import why_blocked
from steps.lambda_wanted import Import
from wizard.effects import Facts


def problems_of(step: Import, found: Facts) -> Iterator[tuple[str, str]]:
    """What only a person can mend, before anything is written."""
    there, here = found["source"], found["here"]
    blocked = why_blocked(there["Runtime"]) if there["PackageType"] == "Zip" else ""
    if here is None and blocked:
        yield "Runtime", f"{blocked}."
    for one, region in ((there, step.source), (here or {}, step.region)):
        # What cannot be read would be overwritten unseen.
        if error := one.get("environment_error"):
            yield (
                "environment",
                f"Its environment in {region} cannot be read ({error}): you need kms:Decrypt on "
                "its key.",
            )
    if found["environment_too_large"]:
        yield "environment", "With the new region's name its environment is over 4 KB."
    for arn in there["FileSystemConfigs"]:
        yield (
            "FileSystemConfigs",
            f"It mounts {arn}, which belongs to {step.source}: make its file system here, and "
            "import the function by hand.",
        )
    for arn in there["Layers"]:
        if account_of(arn) != step.account_id:
            yield (
                "Layers",
                f"Layer {arn} is of another account, which has another one for each region: "
                "look its ARN up and import the function by hand.",
            )
    yield from _of_place(step, found)


def _of_place(step: Import, found: Facts) -> Iterator[tuple[str, str]]:
    there, here = found["source"], found["here"]
    if there["VpcConfig"]["SubnetIds"] and not step.subnets:
        yield "VpcConfig", "It is in a VPC: answer in which subnets it is to be here."
    for group in found["there"]["groups"].values():
        if group["id"] is None:
            yield (
                "VpcConfig",
                f"There is no security group {group['name']} in {step.vpc_id}: make it, then "
                "retry.",
            )
    if there["code"]["image"] and not found["there"]["image"]:
        yield (
            "code",
            f"Its image is not in this region: push or replicate "
            f"{moved(there['code']['image'], step.source, step.region)}, then retry.",
        )
    if here is None and there["code"]["size"] > ZIP_LIMIT and not step.code_bucket:
        yield (
            "code",
            f"Its package has {there['code']['size']} bytes, over the 50 MB that a call can "
            "carry: name a bucket of this region.",
        )
