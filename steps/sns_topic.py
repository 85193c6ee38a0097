"""SNS topics for alarms.

https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
"""

from collections.abc import Iterable

from steps.sns_arn import name, respelled, spellings
from wizard.effects import Facts, Json, Read, Write
from wizard.step import Action, Difference, Differences, Reads, Writes, step

CLOUDWATCH = "cloudwatch.amazonaws.com"
_NO_KEY = ("NotFoundException", "AccessDeniedException", "DisabledException")


@step("sns.topic")
class Topic(Action, frozen=True, kw_only=True):
    """A standard topic that CloudWatch can publish to.

    A topic of the other spelling (`CloudWatchAlarms_…`) is the same topic (E6): no second is made.
    """

    name: str
    region: str = ""
    account_id: str = ""
    partition: str = "aws"
    """With region and account, the topic's ARN is known before it is there."""
    reference: str = ""
    """A region whose topics show which spelling is in use; empty: the name as it stands."""
    reference_name: str = ""
    """The topic's name there."""

    def observe(self) -> Reads[Facts | None]:
        listed = yield Read("sns", "ListTopics", pages="Topics")
        by_name = {name(one["TopicArn"]): str(one["TopicArn"]) for one in listed}
        there = [one for one in spellings(self.name) if one in by_name]
        if not there:
            if wrong_type := by_name.get(f"{self.name}.fifo"):
                return {"arn": wrong_type, "type": "FIFO"}
            return {"arn": None, "name": (yield from self._spelling())}
        arn = by_name[there[0]]
        answer = yield Read(
            "sns", "GetTopicAttributes", {"TopicArn": arn}, absent=("NotFound", "NotFoundException")
        )
        if answer is None:
            return None
        attributes = answer["Attributes"]
        key = str(attributes.get("KmsMasterKeyId") or "")
        return {
            "arn": arn,
            "name": there[0],
            "type": "FIFO" if attributes.get("FifoTopic") == "true" else "Standard",
            "key": key,
            "key_trouble": (yield from _key_trouble(key)) if key else "",
            "other_spellings": there[1:],
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None or found["arn"] is None:
            return (Difference("topic", None, self.name, "there is no topic of this name"),)
        wrong = []
        if found["type"] != "Standard":
            reason = (
                f"{name(str(found['arn']))} is a FIFO topic, which sends no e-mail: delete it, or "
                "choose another name"
            )
            wrong.append(Difference("type", found["type"], "Standard", reason, fixable=False))
        if trouble := found.get("key_trouble"):
            wanted = f"none, or a key that lets {CLOUDWATCH} in"
            wrong.append(Difference("key", found["key"], wanted, str(trouble), fixable=False))
        return tuple(wrong)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        # A region that is not enabled yet shows no topics, and the reference region still does.
        chosen = found["name"] if found else (yield from self._spelling())
        # Bare: attributes or tags that differ from an existing topic's are refused.
        yield Write("sns", "CreateTopic", {"Name": chosen}, title=f"Create topic {chosen}")

    def _spelling(self) -> Reads[str]:
        """The name as the reference region spells its own."""
        if not (self.reference and self.reference_name):
            return self.name
        listed = yield Read("sns", "ListTopics", pages="Topics", region=self.reference)
        return respelled(self.name, _in_use(self.reference_name, listed))

    def outputs(self, found: Facts | None) -> Facts:
        """`arn` and `name`."""
        there = found is not None and found["arn"] is not None
        return {"arn": found["arn"], "name": found.get("name")} if found and there else {}

    def compared(self, found: Facts | None) -> Facts | None:
        if found is None or found["arn"] is None:
            return None
        return {"type": found["type"], "key": found.get("key", ""), "name": found.get("name")}

    def planned(self, found: Facts | None) -> Facts | None:
        if found is not None and found["arn"] is not None:
            return None
        return {"type": "Standard", "key": "", "name": found["name"] if found else self.name}

    def promised(self, found: Facts | None) -> Facts:
        if not (self.region and self.account_id):
            return {}
        name = found["name"] if found else self.name
        return {
            "arn": f"arn:{self.partition}:sns:{self.region}:{self.account_id}:{name}",
            "name": name,
        }


def _in_use(wanted: str, listed: Iterable[Json]) -> str:
    """How the topic `wanted` is spelled among those listed; `wanted` when it is not there."""
    names = {name(one["TopicArn"]) for one in listed}
    return next((one for one in spellings(wanted) if one in names), wanted)


def _key_trouble(key: str) -> Reads[str]:
    """Why CloudWatch cannot publish through this key; empty when it can, or nobody may look.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    managed = (
        f"it is encrypted with {key}, a key that AWS manages: CloudWatch may not use it, and every "
        "alarm would fail in silence. Take the encryption off, or choose a key of your own that "
        f"allows {CLOUDWATCH} kms:Decrypt and kms:GenerateDataKey*"
    )
    if key.endswith("alias/aws/sns"):
        return managed
    described = yield Read("kms", "DescribeKey", {"KeyId": key}, absent=_NO_KEY)
    if described is None:
        return ""
    if described["KeyMetadata"].get("KeyManager") == "AWS":
        return managed
    policy = yield Read(
        "kms",
        "GetKeyPolicy",
        {"KeyId": described["KeyMetadata"]["KeyId"], "PolicyName": "default"},
        absent=_NO_KEY,
    )
    if policy is None or CLOUDWATCH in str(policy["Policy"]):
        return ""
    return (
        f"its key {key} does not let {CLOUDWATCH} in, so every alarm would fail in silence: allow "
        "it kms:Decrypt and kms:GenerateDataKey* in the key's policy"
    )
