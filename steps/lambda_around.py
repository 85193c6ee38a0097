"""What stands around a function in another region, from what does in the source region. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from steps.lambda_arns import moved, service_of
from wizard.effects import Facts, Json


class Around:
    """What is to stand around a function."""

    def __init__(self, name: str, source: str, region: str, found: Facts) -> None:
        """`found` is what `lambda.triggers` observes."""
        self.name = name
        self.source = source
        self.region = region
        self.there: Mapping[str, Any] = found["source"]
        self._existing = found["existing"]

    def at_home(self, arn: str | None) -> str | None:
        """The ARN in this region, if what it names is here."""
        here = moved(arn, self.source, self.region)
        return here if here in self._existing else None

    def permissions(self) -> dict[str, dict[str, Json]]:
        """Who may invoke it, those left out whose events cannot come here."""
        return {
            key: moved(one, self.source, self.region)
            for key, one in self.there["permissions"].items()
            if service_of(str(one.get("SourceArn", ""))) != "s3"
        }

    def mappings(self) -> dict[str, dict[str, Json]]:
        """Event source mappings whose source is in this region."""
        return {
            home: moved(one, self.source, self.region)
            for arn, one in self.there["mappings"].items()
            if (home := self.at_home(arn)) is not None
        }

    def invoke(self) -> dict[str, Json]:
        """Asynchronous invocation, destinations that are not here left out."""
        found = dict(self.there["invoke"])
        destinations = {
            on: {"Destination": home}
            for on, one in (found.pop("DestinationConfig", None) or {}).items()
            if (home := self.at_home(one.get("Destination"))) is not None
        }
        return {**found, **({"DestinationConfig": destinations} if destinations else {})}

    def aliases(self) -> list[str]:
        """Aliases that can be made here: of the latest code, or of a version that equals it."""
        sha = self.there["sha256"]
        return [
            name
            for name, one in self.there["aliases"].items()
            if one["version"] == "$LATEST" or one["sha256"] == sha
        ]

    def urls(self) -> list[str]:
        """Qualifiers of the URLs that can be made here, empty for the function's own."""
        return [one for one in self.there["urls"] if not one or one in self.aliases()]

    def notes(self) -> Iterator[str]:
        """What is not copied, or is to be known, in the operator's words."""
        there = self.there
        for arn in there["mappings"]:
            if self.at_home(arn) is None:
                yield f"no event source mapping: {arn} has no counterpart in {self.region}"
        for one in there["permissions"].values():
            kind = service_of(str(one.get("SourceArn", "")))
            if kind == "s3":
                yield f"{one['SourceArn']} cannot invoke a function of another region"
            elif kind == "sns":
                yield f"{one['SourceArn']} is not subscribed to it: subscribe a topic yourself"
        for on, one in ((there["invoke"] or {}).get("DestinationConfig") or {}).items():
            if one.get("Destination") and self.at_home(one["Destination"]) is None:
                yield f"no destination {on}: {one['Destination']} is not in {self.region}"
        for name, one in there["aliases"].items():
            if name not in self.aliases():
                yield f"alias {name} is of an older version, whose code is not copied"
            elif one["weighted"]:
                yield f"alias {name} points to one version here, without weights"
        if there["runtime_updates"] == "Manual":
            yield "its runtime is updated by AWS here: a pinned version belongs to its region"
        if any(url["AuthType"] == "NONE" for url in there["urls"].values()):
            yield "its URL can be called by anybody, as in the source region"
        if there["provisioned"]:
            yield "no provisioned concurrency, which costs while nothing calls it"
        if there["code_signing"]:
            yield f"no code signing: {there['code_signing']} belongs to {self.source}"
