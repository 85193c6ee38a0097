"""Listeners of a load balancer, and whether what is behind them answers.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from steps.target_health import sick, summary
from steps.target_health import targets as read_targets
from wizard.effects import Facts, Handshake, Json, Read, Write
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, compare, step

_SETTINGS = ("protocol", "ssl_policy", "certificate_arn", "target_group_arn")


@step("elbv2.listener")
class Listener(Action, frozen=True, kw_only=True):
    """A listener that forwards to one target group, with healthy targets and a good certificate.

    It is right when its settings are, when every target is healthy, and when a TLS connection to
    the load balancer that asks for the final name gets a certificate for it and `path` answers
    200: so the name can be switched to it.
    """

    volatile: ClassVar[tuple[str, ...]] = ("targets", "tls.not_after")
    """Whether targets are sick is a difference of its own."""

    patience: ClassVar[Patience] = Patience(every=15, limit=900)

    load_balancer_arn: str
    load_balancer_dns: str
    protocol: str
    port: int
    certificate_arn: str
    ssl_policy: str
    """Always said: AWS takes ELBSecurityPolicy-2016-08 when it is left out."""
    target_group_arn: str
    host_name: str
    """The name that clients will use: asked for in the TLS connection."""
    path: str

    def observe(self) -> Reads[Facts | None]:
        groups = yield Read(
            "elbv2",
            "DescribeTargetGroups",
            {"TargetGroupArns": [self.target_group_arn]},
            pages="TargetGroups",
            absent=("TargetGroupNotFound",),
        )
        owners = list(groups[0].get("LoadBalancerArns") or ()) if groups else []
        listeners = yield Read(
            "elbv2",
            "DescribeListeners",
            {"LoadBalancerArn": self.load_balancer_arn},
            pages="Listeners",
            absent=("LoadBalancerNotFound", "ListenerNotFound"),
        )
        listener = next((one for one in listeners if one.get("Port") == self.port), None)
        if listener is None:
            return {"arn": None, "target_group_used_by": owners}
        found = {**_described(listener), "target_group_used_by": owners}
        if self._unset(found):
            return found
        described = yield from read_targets(self.target_group_arn)
        if sick(described):
            return {**found, "targets": described, "tls": None}
        tls = yield Handshake(self.load_balancer_dns, self.port, self.host_name, self.path)
        return {**found, "targets": described, "tls": _shown(tls)}

    def differences(self, found: Facts | None) -> Differences:
        if found is None or found["arn"] is None:
            wanted = {"port": self.port, **self._wanted()}
            return (*self._taken(found), *compare(wanted, None))
        wrong = self._unset(found)
        if wrong:
            return (*self._taken(found), *wrong)
        return sick(found["targets"]) or self._unanswered(found["tls"])

    def _wanted(self) -> dict[str, Json]:
        return {field: getattr(self, field) for field in _SETTINGS}

    def _unset(self, found: Facts) -> Differences:
        return tuple(
            self._elsewhere(difference) if difference.field == "target_group_arn" else difference
            for difference in compare(self._wanted(), found)
        )

    def _elsewhere(self, difference: Difference) -> Difference:
        """A listener that forwards is in use: whose clients it serves is not ours to guess."""
        to = str(difference.found or "several groups, or none").rpartition(":")[2]
        reason = (
            f"a listener on port {self.port} is there and forwards to {to}, perhaps for another "
            "app: choose another load balancer, or point it at the new group by hand, then retry"
        )
        return Difference(
            difference.field, difference.found, difference.wanted, reason, fixable=False
        )

    def _taken(self, found: Facts | None) -> Differences:
        owners = [
            arn
            for arn in (found["target_group_used_by"] if found else ())
            if arn != self.load_balancer_arn
        ]
        if not owners:
            return ()
        reason = (
            f"the target group already belongs to {owners[0].partition(':loadbalancer/')[2]}, and "
            "AWS lets a target group have one load balancer: choose another name for the group"
        )
        return (Difference("target_group_used_by", owners, [], reason, fixable=False),)

    def _unanswered(self, tls: Mapping[str, Any]) -> Differences:
        where = f"{self.load_balancer_dns}:{self.port}"
        if not tls["protocol"]:
            reason = f"{where} does not answer yet: {tls['error'] or 'no reason given'}"
            return (Difference("tls", None, "a TLS connection", reason, settles=True),)
        if not (tls["matches"] and tls["trusted"]):
            fault = "is not trusted" if tls["matches"] else f"is not for {self.host_name}"
            reason = f"the certificate that {where} shows {fault}: choose another"
            return (Difference("certificate", tls["names"], self.host_name, reason, fixable=False),)
        if tls["status"] != 200:
            reason = f"https://{where}{self.path} answers {tls['status'] or tls['error']}"
            return (Difference(f"GET {self.path}", tls["status"], 200, reason, settles=True),)
        return ()

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        settings: dict[str, Json] = {
            "Protocol": self.protocol,
            "Port": self.port,
            "SslPolicy": self.ssl_policy,
            "Certificates": [{"CertificateArn": self.certificate_arn}],
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": self.target_group_arn}],
        }
        if found is None or found["arn"] is None:
            yield Write(
                "elbv2",
                "CreateListener",
                {"LoadBalancerArn": self.load_balancer_arn, **settings},
                title=f"Create listener {self.protocol} {self.port}",
            )
            return
        yield Write(
            "elbv2",
            "ModifyListener",
            {"ListenerArn": found["arn"], **settings},
            title=f"Set listener {self.protocol} {self.port}",
        )

    def waiting_for(self, found: Facts | None) -> str:
        if found is None or "targets" not in found:
            return f"listener {self.protocol} {self.port}"
        tls = found["tls"] or {"status": None, "error": "is asked for when all are healthy"}
        return f"{summary(found['targets'])}; {self.path}: {tls['status'] or tls['error']}"

    def outputs(self, found: Facts | None) -> Facts:
        return {"arn": found["arn"], "tls": found["tls"]} if found else {}


def _described(listener: Facts) -> dict[str, Json]:
    certificates = listener.get("Certificates") or ()
    actions: list[Any] = list(listener.get("DefaultActions") or ())
    return {
        "arn": listener["ListenerArn"],
        "port": listener.get("Port"),
        "protocol": listener.get("Protocol"),
        "ssl_policy": listener.get("SslPolicy"),
        "certificate_arn": certificates[0]["CertificateArn"] if certificates else None,
        "target_group_arn": _forwards_to(actions[0]) if len(actions) == 1 else None,
    }


def _forwards_to(action: Mapping[str, Any]) -> Json:
    """The one target group that the action forwards all requests to; None when it is not so."""
    if action.get("Type") != "forward":
        return None
    groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or ()
    if len(groups) > 1:
        return None
    return action.get("TargetGroupArn") or (groups[0]["TargetGroupArn"] if groups else None)


def _shown(tls: Mapping[str, Any]) -> Facts:
    """The answer of a handshake as a fact: what the core says in its body is not one."""
    fields = ("protocol", "names", "not_after", "trusted", "matches", "status", "error")
    return {field: tls.get(field) for field in fields}
