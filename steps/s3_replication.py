"""One more replication rule beside those that are there: the configuration is replaced whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from steps.s3 import GONE, LOCATIONS, owned
from wizard.effects import Facts, Json, Read, Write
from wizard.errors import StepError
from wizard.step import (
    Action,
    Difference,
    Differences,
    Option,
    Options,
    Reads,
    Writes,
    options,
    step,
)

Rule = Mapping[str, Any]

COMPARED = (
    "Status",
    "Filter",
    "DeleteMarkerReplication",
    "SourceSelectionCriteria",
    "Destination",
)
"""What of a rule is compared with another destination's."""


def region_of(bucket: str, account_id: str) -> Reads[str | None]:
    """The region of a bucket of ours, None when there is no such bucket. us-east-1 answers for
    buckets of all regions.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
    """
    location = yield Read(
        "s3", "GetBucketLocation", owned(bucket, account_id), absent=(GONE,), region="us-east-1"
    )
    if location is None:
        return None
    constraint = location.get("LocationConstraint")
    region: str = LOCATIONS.get(constraint, constraint)
    return region


def configuration_of(bucket: str, account_id: str, region: str) -> Reads[dict[str, Any]]:
    """The replication configuration, `{"Role", "Rules"}`; empty when there is none."""
    answer = yield Read(
        "s3",
        "GetBucketReplication",
        owned(bucket, account_id),
        absent=("ReplicationConfigurationNotFoundError", GONE),
        region=region,
    )
    found: dict[str, Any] = answer["ReplicationConfiguration"] if answer else {}
    return found


def destination(rule: Rule) -> str:
    """The name of the bucket that the rule copies to."""
    return str(rule["Destination"]["Bucket"]).rpartition(":::")[2]


def is_old(rule: Rule) -> bool:
    """Whether the rule is of version 1, which takes one destination only."""
    return "Filter" not in rule


def moved(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """The rules as version 2, which does what they do: version 1 copies delete markers.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
    """
    taken = {rule["Priority"] for rule in rules if "Priority" in rule and not is_old(rule)}
    after = []
    for rule in rules:
        if not is_old(rule):
            after.append(dict(rule))
            continue
        priority = next(number for number in range(len(rules) + 1) if number not in taken)
        taken.add(priority)
        plain = {key: value for key, value in rule.items() if key not in {"Prefix", "Priority"}}
        markers = {"DeleteMarkerReplication": {"Status": "Enabled"}}
        filtered = {"Filter": {"Prefix": rule.get("Prefix", "")}, "Priority": priority}
        after.append({**markers, **plain, **filtered})
    return after


@options("s3.replication_rules")
def rules(source: str, bucket: str, account_id: str) -> Options:
    """The rules to copy from, the one of the lowest priority number suggested."""
    region = yield from region_of(source, account_id)
    if region is None:
        return []
    found = yield from configuration_of(source, account_id, region)
    siblings = [rule for rule in found.get("Rules", ()) if destination(rule) != bucket]
    fitting = [rule for rule in siblings if not _unfit(rule)]
    first = min(fitting, key=lambda rule: int(rule.get("Priority", 0)), default=None)
    return [
        Option(
            rule["ID"],
            f"{rule['ID']} → {destination(rule)}",
            detail=f"{rule['Status']}, {_scope(rule)}, priority {rule.get('Priority', 'none')}"
            + (", of version 1" if is_old(rule) else ""),
            suggested=rule is first,
            disabled=_unfit(rule),
        )
        for rule in siblings
    ]


def _scope(rule: Rule) -> str:
    chosen = rule.get("Filter", {"Prefix": rule.get("Prefix", "")})
    return "everything" if chosen in ({}, {"Prefix": ""}) else f"only {chosen}"


def _unfit(rule: Rule) -> str:
    if "EncryptionConfiguration" in rule["Destination"]:
        return "It encrypts the copies with a KMS key of its destination's region."
    if rule["Status"] != "Enabled":
        return "It is switched off."
    return ""


@step("s3.replication_rule")
class ReplicationRule(Action, frozen=True, kw_only=True):
    """`source` replicates into `bucket` too, by a rule like `like`; all other rules stay.

    Rules of version 1 take one destination only: they move to version 2 when `move` says so.
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html
    """

    source: str
    bucket: str
    region: str
    """Of `bucket`."""
    account_id: str
    like: str
    """The ID of the rule that it is copied from."""
    move: bool = False
    partition: str = "aws"

    def lock(self) -> str:
        return f"s3 replication {self.source}"

    def observe(self) -> Reads[Facts | None]:
        region = yield from region_of(self.source, self.account_id)
        if region is None:
            return None
        there = yield Read(
            "s3", "GetBucketVersioning", owned(self.source, self.account_id), region=region
        )
        here = yield Read(
            "s3",
            "GetBucketVersioning",
            owned(self.bucket, self.account_id),
            absent=(GONE,),
            region=self.region,
        )
        known = yield from configuration_of(self.source, self.account_id, region)
        return {
            "region": region,
            "source_versioning": there.get("Status", "never enabled"),
            "destination_versioning": None if here is None else here.get("Status", "never enabled"),
            "role": known.get("Role"),
            "rules": list(known.get("Rules", ())),
        }

    def compared(self, found: Facts | None) -> Facts | None:
        rule = next((r for r in (found or {}).get("rules", ()) if self._ours(r)), None)
        return rule and {name: rule.get(name) for name in COMPARED}

    def planned(self, found: Facts | None) -> Facts | None:
        if found is None:
            return None
        ours = next((rule for rule in found["rules"] if self._ours(rule)), None)
        if ours is None and self._uncopied(found):
            return None
        rule = {**ours, "Status": "Enabled"} if ours else self.rule(found)
        return {name: rule.get(name) for name in COMPARED}

    def _ours(self, rule: Rule) -> bool:
        return destination(rule) == self.bucket

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            why = f"There is no bucket {self.source} in this account."
            return (_stuck("source", None, self.source, why),)
        wrong = tuple(self._unready(found))
        if wrong:
            return wrong
        ours = [rule for rule in found["rules"] if self._ours(rule)]
        if any(rule["Status"] == "Enabled" for rule in ours):
            return ()
        if ours:
            return (Difference(f"rule {ours[0]['ID']}", ours[0]["Status"], "Enabled"),)
        return tuple(self._uncopied(found)) or (
            *(
                Difference(f"rule {rule['ID']}", "version 1", "version 2")
                for rule in found["rules"]
                if is_old(rule)
            ),
            Difference(f"rule to {self.bucket}", None, self.rule(found)),
        )

    def _unready(self, found: Facts) -> list[Difference]:
        wrong = []
        if found["source_versioning"] != "Enabled":
            why = f"{self.source} must be versioned to replicate: its owner is to enable it."
            wrong.append(_stuck("source_versioning", found["source_versioning"], "Enabled", why))
        if found["destination_versioning"] != "Enabled":
            why = f"{self.bucket} must be there and versioned: that is the item that creates it."
            have = found["destination_versioning"]
            wrong.append(_stuck("destination_versioning", have, "Enabled", why))
        return wrong

    def _uncopied(self, found: Facts) -> list[Difference]:
        ids = [rule["ID"] for rule in found["rules"]]
        template = next((rule for rule in found["rules"] if rule["ID"] == self.like), None)
        if template is None:
            why = f"{self.source} has no rule {self.like} to copy from: choose one of {ids}."
            return [_stuck("like", ids, self.like, why)]
        if _unfit(template):
            return [_stuck("like", self.like, None, _unfit(template))]
        old = [rule["ID"] for rule in found["rules"] if is_old(rule)]
        if old and not self.move:
            why = (
                f"{', '.join(old)} are rules of version 1, which allow one destination only. All "
                "must move to version 2, where each says by itself whether delete markers are "
                "copied; the wizard keeps them copied. Choose to move them, or do it by hand."
            )
            return [_stuck("rules", "version 1", "version 2", why)]
        return []

    def rule(self, found: Facts) -> dict[str, Any]:
        """The new rule: its template with an ID, a priority and a destination of its own."""
        known = moved(found["rules"])
        template = next(rule for rule in known if rule["ID"] == self.like)
        sibling = destination(template)
        ids = {rule["ID"] for rule in known}
        wished = template["ID"].replace(sibling, self.bucket)
        name = wished if wished not in ids else f"to-{self.bucket}"[:255]
        priority = max(int(rule["Priority"]) for rule in known) + 1
        arn = f"arn:{self.partition}:s3:::{self.bucket}"
        where = {**template["Destination"], "Bucket": arn}
        return {**template, "ID": name, "Priority": priority, "Destination": where}

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        seen: Facts = found or {}
        before: list[Rule] = seen["rules"]
        if any(self._ours(rule) for rule in before):
            after = [
                {**rule, "Status": "Enabled"} if self._ours(rule) else dict(rule) for rule in before
            ]
        else:
            after = [*moved(before), self.rule(seen)]
        lost = {rule["ID"] for rule in before} - {rule["ID"] for rule in after}
        if lost:
            raise StepError(
                f"The rules {', '.join(sorted(lost))} would vanish; nothing was written.",
                where=f"replication of {self.source}",
                todo="Look at the configuration of the bucket before going on.",
            )
        yield Write(
            "s3",
            "PutBucketReplication",
            {
                **owned(self.source, self.account_id),
                "ReplicationConfiguration": {"Role": seen["role"], "Rules": after},
            },
            region=seen["region"],
            title=f"Replicate {self.source} into {self.bucket} too, beside {len(before)} rules",
        )

    def outputs(self, found: Facts | None) -> Facts:
        return {"source_region": (found or {}).get("region")}


def _stuck(field: str, found: Json, wanted: Json, reason: str) -> Difference:
    return Difference(field, found, wanted, reason=reason, fixable=False)
