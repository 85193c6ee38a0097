"""Dropdowns over the tags in use in the account."""

from collections import Counter

from steps.s3_tags import unusable
from wizard.effects import Read
from wizard.step import Option, Options, options


@options("tagging.owners")
def owners(key: str = "VantaOwner", region: str | None = None) -> Options:
    """The values that the tag `key` has in the region (by default the session's), the only or the
    most usual one suggested.

    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetTagValues.html
    """
    values = yield Read(
        "resourcegroupstaggingapi", "GetTagValues", {"Key": key}, pages="TagValues", region=region
    )
    used: Counter[str] = Counter(values)
    if len(used) > 1:
        resources = yield Read(
            "resourcegroupstaggingapi",
            "GetResources",
            {"TagFilters": [{"Key": key}]},
            pages="ResourceTagMappingList",
            region=region,
        )
        used = Counter(dict.fromkeys(values, 0))
        used.update(
            tag["Value"] for resource in resources for tag in resource["Tags"] if tag["Key"] == key
        )
    usual = most_usual(used)
    return [
        Option(
            value,
            value,
            detail=f"on {count} resources" if len(used) > 1 else "the only one in use",
            suggested=value == usual,
            disabled=unusable(value),
        )
        for value, count in sorted(used.items(), key=lambda entry: (-entry[1], entry[0]))
    ]


def most_usual(used: Counter[str]) -> str | None:
    """The usable value that more resources carry than any other; None when two share that."""
    ranked = [(value, count) for value, count in used.most_common() if not unusable(value)]
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        return None
    return ranked[0][0] if ranked else None
