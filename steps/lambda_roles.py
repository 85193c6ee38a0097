"""The roles of functions: whether a function that runs in this region may write its logs.

A role that the console made allows it in the region in which it was made only, and its copies run
without logs. https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
"""

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from wizard.effects import Facts, Json, Read, Write
from wizard.step import Action, Difference, Differences, Reads, Writes, step

ACTIONS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
_GONE = ("NoSuchEntity",)


def _list(value: Json) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _document(text: Json) -> Mapping[str, Any]:
    if isinstance(text, Mapping):
        return text
    found: Mapping[str, Any] = json.loads(text if text.lstrip().startswith("{") else unquote(text))
    return found


def allowed_logs(documents: Iterable[Mapping[str, Any]]) -> list[str]:
    """The resources on which these policies let log events be put, each once."""
    resources: list[str] = []
    for document in documents:
        for statement in _list(document.get("Statement", [])):
            actions = [str(one) for one in _list(statement.get("Action", []))]
            if statement.get("Effect") == "Allow" and any(
                fnmatchcase("logs:putlogevents", action.lower()) for action in actions
            ):
                resources += [str(one) for one in _list(statement.get("Resource", []))]
    return sorted(set(resources))


def reaches(resources: Iterable[str], region: str, account: str) -> bool:
    """Whether one of the resources takes in a function's log stream in that region."""
    where = f"arn:aws:logs:{region}:{account}"
    stream = f"{where}:log-group:/aws/lambda/any:log-stream:any"
    for resource in resources:
        if fnmatchcase(stream, resource):
            return True
        head, _, group = resource.partition(":log-group:")
        if group.startswith("/aws/lambda/") and fnmatchcase(where, head):
            return True  # of single functions
    return False


@step("lambda.role_logs")
class RoleLogs(Action, frozen=True, kw_only=True):
    """A function's role lets it write logs in this region, if it does in the source region.

    What is missing is added as one more inline policy; no policy that is there is touched.
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
    """

    role: str
    """Its name."""
    source: str
    region: str
    account_id: str
    partition: str = "aws"
    mend: bool = True
    """False: only tell."""

    @property
    def policy_name(self) -> str:
        """Of the inline policy that is added."""
        return f"lambda-logs-{self.region}"

    def lock(self) -> str | None:
        return f"iam role {self.role}"

    def observe(self) -> Reads[Facts | None]:
        role = yield Read("iam", "GetRole", {"RoleName": self.role}, absent=_GONE)
        if role is None:
            return None
        documents: list[Mapping[str, Any]] = []
        inline = yield Read("iam", "ListRolePolicies", {"RoleName": self.role}, pages="PolicyNames")
        for name in inline:
            answer = yield Read("iam", "GetRolePolicy", {"RoleName": self.role, "PolicyName": name})
            documents.append(_document(answer["PolicyDocument"]))
        attached = yield Read(
            "iam",
            "ListAttachedRolePolicies",
            {"RoleName": self.role},
            pages="AttachedPolicies[].PolicyArn",
        )
        for arn in attached:
            policy = yield Read("iam", "GetPolicy", {"PolicyArn": arn})
            version = yield Read(
                "iam",
                "GetPolicyVersion",
                {"PolicyArn": arn, "VersionId": policy["Policy"]["DefaultVersionId"]},
            )
            documents.append(_document(version["PolicyVersion"]["Document"]))
        resources = allowed_logs(documents)
        return {
            "role": self.role,
            "logs_allowed_on": resources,
            "in_source": reaches(resources, self.source, self.account_id),
            "here": reaches(resources, self.region, self.account_id),
            # PutRolePolicy replaces a policy of the same name, whatever it allows.
            **({"taken": True} if self.policy_name in inline else {}),
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            reason = "The role does not exist, so the function in the source region cannot run."
            return (Difference("role", None, self.role, reason=reason, fixable=False),)
        if found["here"] or not found["in_source"] or not self.mend:
            return ()
        reason = f"Its policies let it write logs in {self.source} only: copies run without logs."
        if found.get("taken"):
            reason += (
                f" Its inline policy {self.policy_name} is there and allows something else: add "
                f"{', '.join(ACTIONS)} to it by hand, then retry."
            )
            return (Difference("here", "no", "yes", reason=reason, fixable=False),)
        return (Difference("here", "no", "yes", reason=reason),)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        where = f"arn:{self.partition}:logs:{self.region}:{self.account_id}:"
        document = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": list(ACTIONS),
                    "Resource": f"{where}log-group:/aws/lambda/*",
                }
            ],
        }
        yield Write(
            "iam",
            "PutRolePolicy",
            {
                "RoleName": self.role,
                "PolicyName": self.policy_name,
                "PolicyDocument": json.dumps(document),
            },
            title=f"Let role {self.role} write Lambda logs in {self.region}",
        )

    def outputs(self, found: Facts | None) -> Facts:
        """With `why`, when its copies will run without logs."""
        have = found or {}
        silent = found is not None and not have["here"]
        why = f"functions with this role write no logs in {self.region}" if silent else ""
        return {**have, "why": why}
