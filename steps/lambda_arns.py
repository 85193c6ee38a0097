"""ARNs and texts as they read in another region, and whether what they name is there."""

import re
from collections.abc import Iterable

from wizard.effects import Json, Read
from wizard.step import Reads

_GONE = ("ResourceNotFoundException",)
_REGION = re.compile(
    r"\b(?:af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-"
    r"(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-[1-9]\b"
)


def moved(value: Json, source: str, region: str) -> Json:
    """The same with the source region's name replaced in every text."""
    match value:
        case str():
            return re.sub(rf"\b{re.escape(source)}\b", region, value)
        case dict():
            return {key: moved(part, source, region) for key, part in value.items()}
        case list() | tuple():
            return [moved(part, source, region) for part in value]
        case _:
            return value


def regions_in(text: str) -> list[str]:
    """The AWS regions that a text names, each once."""
    return sorted(set(_REGION.findall(text)))


def service_of(arn: str) -> str:
    """The service of an ARN; empty when it is none."""
    parts = arn.split(":", 5)
    return parts[2] if len(parts) == 6 and parts[0] == "arn" else ""


def name_in(arn: str) -> str:
    """The end of an ARN: the name of a queue, a topic, a function, a stream."""
    return re.split(r"[:/]", arn)[-1]


def exists(arn: str) -> Reads[bool]:
    """Whether what the ARN names is in the session's region; False for what cannot be told.

    A DynamoDB stream's ARN has the time of its making in it, so there is never the same twice.
    """
    name = name_in(arn)
    match service_of(arn):
        case "sqs":
            gone = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
            asked = Read("sqs", "GetQueueUrl", {"QueueName": name}, absent=gone, keeps=30.0)
        case "sns":
            gone = ("NotFound", "NotFoundException")
            asked = Read("sns", "GetTopicAttributes", {"TopicArn": arn}, absent=gone, keeps=30.0)
        case "kinesis":
            stream = {"StreamName": name}
            asked = Read("kinesis", "DescribeStreamSummary", stream, absent=_GONE, keeps=30.0)
        case "lambda":
            function = {"FunctionName": arn.partition(":function:")[2].partition(":")[0]}
            asked = Read("lambda", "GetFunctionConfiguration", function, absent=_GONE, keeps=30.0)
        case _:
            return False
    return (yield asked) is not None


def existing(arns: Iterable[str]) -> Reads[list[str]]:
    """Those of the ARNs whose things are in the session's region, in their order."""
    found = []
    for arn in dict.fromkeys(arns):
        if (yield from exists(arn)):
            found.append(arn)
    return found
