"""Listeners: ports, certificates, security policies, and the target groups they may use.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
"""

# ruff: noqa: SLF001  moto's own methods are private; patching is this module's job
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.acm.models import acm_backends
from moto.elbv2.models import ELBv2Backend, FakeListener
from moto.elbv2.responses import ELBV2Response
from moto.elbv2.ssl_policies import SSL_POLICIES

from wizard.simulator.services.elbv2_groups import forwarded
from wizard.simulator.services.errors import refusal, validation
from wizard.simulator.services.patching import Method, put, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock


def install(clock: AccountClock) -> None:
    """Patch creation and modification of listeners."""
    put(FakeListener, "created_at", 0.0)

    @wrap(ELBV2Response, "create_listener")
    def one_certificate(original: Method, self: Any) -> Any:
        _check_certificate_list(self._get_param("Certificates", []))
        return original(self)

    @wrap(ELBv2Backend, "create_listener")
    def create_listener(original: Method, self: Any, **asked: Any) -> Any:
        balancer = self.load_balancers.get(asked["load_balancer_arn"])
        if balancer is None:
            raise refusal(
                "LoadBalancerNotFound",
                f"Load balancer '{asked['load_balancer_arn']}' not found",
            )
        self._validate_port_and_protocol(balancer.type, asked["port"], asked["protocol"])
        if not asked["actions"]:
            raise validation("A listener must have at least one default action")
        _check_tls(self, asked)
        _check_groups(self, balancer, asked["actions"])
        for listener in balancer.listeners.values():
            if int(listener.port) == int(asked["port"]):
                if _same(listener, asked):
                    return listener
                raise refusal(
                    "DuplicateListener",
                    "A listener already exists on this port for this load balancer "
                    f"'{balancer.arn}'",
                )
        created = original(self, **asked)
        created.created_at = clock.now()
        return created

    @wrap(ELBv2Backend, "modify_listener")
    def modify_listener(original: Method, self: Any, arn: str, *asked: Any) -> Any:
        port, protocol, policy, certificates, actions = asked
        listener = self.describe_listeners(None, [arn])[0]
        balancer = self.load_balancers[listener.load_balancer_arn]
        _check_certificate_list(certificates or [])
        if certificates:
            _check_certificate(self, certificates[0]["CertificateArn"])
        if policy is not None and policy not in SSL_POLICIES:
            raise refusal("SSLPolicyNotFound", f"SSL policy '{policy}' not found")
        if protocol is not None:
            self._validate_port_and_protocol(balancer.type, port or listener.port, protocol)
        if actions:
            _check_groups(self, balancer, actions)
        for other in balancer.listeners.values():
            if port is not None and other is not listener and int(other.port) == int(port):
                raise refusal(
                    "DuplicateListener",
                    "A listener already exists on this port for this load balancer "
                    f"'{balancer.arn}'",
                )
        return original(self, arn, port, protocol, policy, certificates, actions)


def _check_certificate_list(certificates: list[dict[str, Any]]) -> None:
    if len(certificates) > 1:
        raise validation("You must provide a list containing exactly one certificate")


def _check_tls(backend: Any, asked: dict[str, Any]) -> None:
    certificate, policy = asked.get("certificate"), asked.get("ssl_policy")
    if asked["protocol"] not in {"HTTPS", "TLS"}:
        if certificate:
            raise validation(f"A certificate cannot be specified for {asked['protocol']} listeners")
        # moto hands its default policy to plain listeners too.
        asked["ssl_policy"] = None
        return
    if not certificate:
        raise validation(f"A certificate must be specified for {asked['protocol']} listeners")
    if policy not in SSL_POLICIES:
        raise refusal("SSLPolicyNotFound", f"SSL policy '{policy}' not found")
    _check_certificate(backend, certificate)


def _check_certificate(backend: Any, arn: str) -> None:
    if ":iam:" in arn:
        if not backend._certificate_exists(arn):
            raise refusal("CertificateNotFound", f"Certificate '{arn}' not found")
        return
    # Certificates of another region do not exist for this one.
    known = acm_backends[backend.account_id][backend.region_name]._certificates
    if arn not in known:
        raise refusal("CertificateNotFound", f"Certificate '{arn}' not found")
    known[arn].check()
    if known[arn].status != "ISSUED":
        raise refusal(
            "UnsupportedCertificate",
            f"The certificate '{arn}' must have a fully-qualified domain name, a supported "
            "signature, and a supported key size.",
        )


def _check_groups(backend: Any, balancer: Any, actions: list[dict[str, Any]]) -> None:
    for arn in forwarded(actions):
        group = backend.target_groups.get(arn)
        if group is None:
            raise refusal("TargetGroupNotFound", f"Target group '{arn}' not found")
        if balancer.type == "application" and group.protocol not in {"HTTP", "HTTPS", None}:
            raise refusal(
                "IncompatibleProtocols",
                f"The target group '{arn}' with the protocol '{group.protocol}' is not "
                "compatible with a load balancer of type 'application'",
            )
        if group.vpc_id is not None and group.vpc_id != balancer.vpc_id:
            raise refusal(
                "InvalidConfigurationRequest",
                f"The target group '{arn}' and the load balancer '{balancer.arn}' "
                "must be in the same VPC",
            )
        if any(used != balancer.arn for used in group.load_balancer_arns):
            raise refusal(
                "TargetGroupAssociationLimit",
                "The following target groups cannot be associated with more than one load "
                f"balancer: {arn}",
            )


def _same(listener: Any, asked: dict[str, Any]) -> bool:
    return (
        listener.protocol == asked["protocol"]
        and listener.ssl_policy == asked.get("ssl_policy")
        and listener.certificate == asked.get("certificate")
        and [_essence(action.data) for action in listener.default_actions]
        == [_essence(action) for action in asked["actions"]]
    )


def _essence(action: dict[str, Any]) -> tuple[Any, ...]:
    plain = {
        key: value
        for key, value in action.items()
        if key not in {"TargetGroupArn", "ForwardConfig", "Order"}
    }
    return tuple(forwarded([action])), tuple(sorted(plain.items(), key=str))
