"""Dropdowns of Elastic Load Balancing."""

from collections.abc import Sequence

from wizard.effects import Facts, Read
from wizard.step import Option, Options, options

# What AWS's console takes today, and what it took before; both know TLS 1.3.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
RECOMMENDED = ("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "ELBSecurityPolicy-TLS13-1-2-2021-06")
LETTER = "ELBSecurityPolicy-2016-08"
_OLD = ("TLSv1", "TLSv1.1")


@options("elbv2.ssl_policies")
def ssl_policies() -> Options:
    """The TLS policies of this region: recommended ones first, then the runbook's."""
    listed = yield Read(
        "elbv2", "DescribeSSLPolicies", {"LoadBalancerType": "application"}, pages="SslPolicies"
    )
    by_name = {str(one["Name"]): one for one in listed}
    leading = [name for name in (*RECOMMENDED, LETTER) if name in by_name]
    best = next((name for name in RECOMMENDED if name in by_name), None)
    others = sorted(set(by_name) - set(leading))
    return [
        Option(name, name, detail=_words(name, by_name[name]), suggested=name == best)
        for name in (*leading, *others)
    ]


def _words(name: str, policy: Facts) -> str:
    protocols: Sequence[str] = policy.get("SslProtocols") or ()
    words = [", ".join(protocols)]
    if name == LETTER:
        words.append("the runbook's")
    if any(old in protocols for old in _OLD):
        words.append("lets clients in that speak TLS 1.0 or 1.1")
    return "; ".join(words)
