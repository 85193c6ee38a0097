"""What the calls that make a document are given of its model.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
"""

from wizard.effects import Facts, Json

_FACTS = {
    "TargetType": "target_type",
    "VersionName": "version_name",
    "DisplayName": "display_name",
}


def given(model: Facts, *names: str) -> dict[str, Json]:
    """The parameters of these names that the model has."""
    return {name: model[_FACTS[name]] for name in names if model[_FACTS[name]]}


def tags_of(tags: Facts) -> list[dict[str, Json]]:
    """Tags as the call takes them."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
