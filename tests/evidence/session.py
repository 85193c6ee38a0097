"""A session with something of everything, built from its events as the journal builds it."""

from datetime import UTC, datetime, timedelta

from wizard.checklist.load import load_text
from wizard.checklist.pinned import Pinned
from wizard.effects import Again
from wizard.session import calls, events, pauses
from wizard.session.base import Actor, Pin
from wizard.session.events import AnyEvent, Entry
from wizard.session.lines import FIRST, chain
from wizard.session.reduce import fold
from wizard.session.state import SessionState
from wizard.step import Difference

HOSTILE = '<script>alert("x")</script>\u202e=1+1'

ADVICE = """\
E11:
  severity: WARN
  says: "Security Policy: 2016-08"
  fact: It allows TLS 1.0 and 1.1 and has no TLS 1.3.
  wizard: Preselects the policy AWS recommends; the letter's stays selectable.
  reason: Old TLS versions are not offered to anybody.
"""

CHECKLIST = """\
schema: st-wizard/1
id: add-load-balancer
title: Adding Load Balancer for production deployment
source: "Contributors guide, Adding Load Balancer for production deployment"
inputs:
  tls_policy: {label: Security Policy, letter: ELBSecurityPolicy-2016-08, advice: E11}
  name: {label: Name of the load balancer}
  scale_password: {label: Password, type: secret}
sections:
  - title: Before you start
    items:
      - {id: pre.identity, title: Account and caller, letter: "who am I, which account", step: a.b}
  - title: Load balancer
    items:
      - id: lb.alb.create
        title: Create load balancer
        letter: |-
          Application Load Balancer
          Scheme: internet-facing
        lines: L24-27
        step: elbv2.load_balancer
        needs: [pre.identity]
      - id: lb.listener.create
        title: Create listener HTTPS 3567
        letter: "Security Policy: 2016-08"
        lines: L28,30-31
        step: elbv2.listener
        needs: [lb.alb.create]
        advice: [E11]
      - {id: lb.dns.alias, title: Update DNS, letter: Update DNS Route 53, lines: L48, step: a.b}
  - title: To make sure you cover
    items:
      - {id: lb.cover.rps, title: A thousand requests a second, letter: "Should be able to handle 1k requests per second", lines: L96, step: a.b}
      - {id: lb.cover.million, title: A million sessions, letter: "Should be able to hold 1 million sessions / users in the db", lines: L99, step: a.b}
      - {id: lb.cover.slack, title: Errors reach Slack, letter: "Add load balancer error monitoring and send notif to slack", lines: L101, step: a.b}
"""  # noqa: E501  one item a line reads better

OPERATOR = Actor(
    caller_arn="arn:aws:sts::000011112222:assumed-role/operations/ada", host="desk", user="ada"
)
PIN = Pin(
    account_id="000011112222",
    partition="aws",
    caller_arn=OPERATOR.caller_arn,
    alias="acme-production",
    region="us-east-1",
)
ARN = "arn:aws:elasticloadbalancing:us-east-1:000011112222:loadbalancer/app/acme-prod/0123456789"


def pinned() -> Pinned:
    return load_text(CHECKLIST, "add_load_balancer.yaml", advice=ADVICE)


class Story:
    """Events told one after another, a few seconds apart."""

    def __init__(self, number: int = 7, pin: Pin = PIN) -> None:
        self.entries: list[Entry] = []
        self._at = datetime(2026, 11, 22, 17, 4, 5, 123456, UTC)
        self.tell(
            events.SessionStarted(
                session=f"session-{number}",
                number=number,
                checklist_id="add-load-balancer",
                checklist_sha256=pinned().sha256,
                tool_version="0.1.0",
                pin=pin,
            )
        )

    def tell(self, *told: AnyEvent) -> "Story":
        for event in told:
            last = self.entries[-1] if self.entries else None
            self._at += timedelta(seconds=7)
            at = self._at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            seq, previous = (last.seq, last.sha256) if last else (0, FIRST)
            [line] = chain([event], seq=seq, previous=previous, at=at, actor=OPERATOR)
            self.entries.append(line.entry)
        return self

    @property
    def state(self) -> SessionState:
        return fold(self.entries)


def story(number: int = 7) -> Story:
    """Half way: two items done, one failed, one skipped, the rest on somebody's word or open."""
    told = Story(number)
    _answers(told)
    _identity(told)
    _balancer(told)
    _listener(told)
    _people(told)
    return told


def _answers(told: Story) -> None:
    safe = "ELBSecurityPolicy-TLS13-1-2-2021-06"
    told.tell(
        events.InputAnswered(input="name", value="acme-prod", source="operator"),
        events.InputAnswered(input="tls_policy", value=safe, source="default", label="TLS 1.2+"),
        events.DeviationRecorded(
            advice="E11",
            input="tls_policy",
            letter="ELBSecurityPolicy-2016-08",
            chosen=safe,
            reason="Old TLS versions are not offered to anybody.",
        ),
        events.InputAnswered(input="scale_password", value="scale-api-password", source="operator"),
        events.Approved(),
    )


def _identity(told: Story) -> None:
    item = "pre.identity"
    found = {"account_id": PIN.account_id, "alias": PIN.alias, "partition": "aws"}
    told.tell(
        events.ItemStarted(item=item),
        read(item, "sts", "GetCallerIdentity"),
        events.Observed(item=item, found=found, differences=()),
        events.ItemDone(item=item, how="already", outputs=found),
    )


def _balancer(told: Story) -> None:
    item = "lb.alb.create"
    wanted = {"scheme": "internet-facing", "type": "application"}
    after = {**wanted, "arn": ARN, "state": "active", "zones": ["us-east-1a", "us-east-1b"]}
    told.tell(
        events.ItemStarted(item=item),
        read(item, "elbv2", "DescribeLoadBalancers", {"Names": ["acme-prod"]}),
        events.Observed(
            item=item,
            found=None,
            differences=tuple(Difference(name, None, value) for name, value in wanted.items()),
        ),
        calls.CallIntended(
            item=item,
            op="op-1",
            title="Create load balancer acme-prod",
            service="elbv2",
            operation="CreateLoadBalancer",
            region="us-east-1",
            params={"Name": "acme-prod", "Type": "application"},
            request_sha256="ab" * 32,
            cli="aws elbv2 create-load-balancer --name acme-prod --type application "
            "--scheme internet-facing --region us-east-1",
            again=Again.LOOK,
        ),
        calls.CallSucceeded(
            item=item,
            op="op-1",
            request_id="11111111-2222-3333-4444-555555555555",
            date="Sun, 22 Nov 2026 17:05:12 GMT",
            ms=412.6,
            response={"LoadBalancers": [{"LoadBalancerArn": ARN}]},
            response_sha256="cd" * 32,
        ),
        events.WaitStarted(
            item=item, waiting_for="state active, now provisioning", every=15, limit=600
        ),
        read(item, "elbv2", "DescribeLoadBalancers", {"Names": ["acme-prod"]}),
        events.Observed(item=item, found=after, differences=(), after_writes=True),
        events.ItemDone(item=item, how="changed", outputs={"arn": ARN}),
    )


def _listener(told: Story) -> None:
    item = "lb.listener.create"
    told.tell(
        events.ItemStarted(item=item),
        events.ItemFailed(
            item=item,
            where="elbv2 CreateListener",
            what=f"AWS denied the call {HOSTILE}",
            todo="Ask for elasticloadbalancing:CreateListener, then try again.",
            code="AccessDenied",
        ),
    )


def _people(told: Story) -> None:
    told.tell(
        events.ItemStarted(item="lb.cover.rps"),
        pauses.PersonNeeded(
            item="lb.cover.rps",
            instructions="Run the load test and note its result.",
            notices_itself=False,
            must_attest=True,
        ),
        pauses.Attested(
            item="lb.cover.rps",
            note="1,240 requests a second at p99 180 ms",
            evidence=({"name": "load-test.txt", "sha256": "ef" * 32},),
        ),
        events.ItemDone(item="lb.cover.rps", how="attested", outputs={}),
        events.ItemSkipped(item="lb.cover.million", reason="=HYPERLINK() done with the region"),
        events.ItemMarkedDone(item="lb.cover.slack", note="Seen in the channel at 17:10"),
        read("dropdown name", "elbv2", "DescribeLoadBalancers", {}),
    )


def read(
    item: str, service: str, operation: str, params: dict[str, object] | None = None
) -> calls.ReadDone:
    return calls.ReadDone(
        item=item,
        service=service,
        operation=operation,
        region="us-east-1",
        params=params or {},
        pages=2,
        entries=130,
        request_id="99999999-0000-0000-0000-000000000000",
        date="Sun, 22 Nov 2026 17:05:01 GMT",
        ms=31.25,
    )
