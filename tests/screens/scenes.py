"""Sessions in the states that an operator meets."""

from tests.screens.company import CREATE, DIFFERENCES
from tests.screens.fakes import FakeRunning
from wizard.effects import Again
from wizard.engine.snapshot import NextLook
from wizard.session import calls, events, pauses
from wizard.session.events import AnyEvent


def read(item: str, service: str, operation: str, entries: int) -> calls.ReadDone:
    return calls.ReadDone(
        item=item,
        service=service,
        operation=operation,
        region="us-east-1",
        params={},
        pages=1,
        entries=entries,
        request_id="7f1d2c3b",
        date="Mon, 02 Mar 2026 10:00:04 GMT",
        ms=41.0,
    )


def done(item: str, how: str = "already") -> tuple[AnyEvent, ...]:
    return (
        events.ItemStarted(item=item),
        read(item, "ec2", "DescribeVpcs", 3),
        events.Observed(item=item, found={"State": "available"}, differences=()),
        events.ItemDone(item=item, how=how, outputs={"id": "vpc-0a1"}),
    )


def intended(item: str, again: Again = Again.LOOK) -> calls.CallIntended:
    return calls.CallIntended(
        item=item,
        op=f"op-{item}",
        title=CREATE.title,
        service=CREATE.service,
        operation=CREATE.operation,
        region="us-east-1",
        params=CREATE.params,
        request_sha256="",
        cli=CREATE.cli,
        again=again,
    )


def to_approve(item: str) -> tuple[AnyEvent, ...]:
    return (
        events.ItemStarted(item=item),
        read(item, "elbv2", "DescribeTargetGroups", 0),
        events.Observed(item=item, found=None, differences=DIFFERENCES),
        events.Planned(item=item, calls=(CREATE,), needs_approval=True),
    )


def failed(item: str) -> tuple[AnyEvent, ...]:
    return (
        *to_approve(item),
        events.Approved(items=(item,)),
        intended(item),
        calls.CallFailed(item=item, op=f"op-{item}", code="AccessDenied", message="not authorized"),
        events.ItemFailed(
            item=item,
            where="elbv2 CreateLoadBalancer in us-east-1",
            what="The role Operator may not do elasticloadbalancing:CreateLoadBalancer.",
            todo="Have the policy below attached to the role, then press r.",
            code="AccessDenied",
            policy='{"Version": "2012-10-17",\n "Statement": [{"Effect": "Allow",\n'
            '  "Action": "elasticloadbalancing:CreateLoadBalancer", "Resource": "*"}]}',
        ),
    )


def person(item: str, *, attest: bool) -> tuple[AnyEvent, ...]:
    return (
        events.ItemStarted(item=item),
        pauses.PersonNeeded(
            item=item,
            instructions="Open the mail of AWS Notifications in each of the four inboxes and\n"
            "click Confirm subscription. 2 of 4 are confirmed.",
            notices_itself=not attest,
            must_attest=attest,
        ),
    )


def midway(running: FakeRunning) -> FakeRunning:
    """A bit of everything: done, waiting, asking, failed, a person needed, a lost answer."""
    running.tell(
        events.InputAnswered(
            input="vpc", value="vpc-0a1", source="operator", label="prod (vpc-0a1)"
        ),
        events.InputAnswered(input="name", value="acme-prod", source="default"),
        events.InputAnswered(
            input="tls_policy",
            value="ELBSecurityPolicy-TLS13-1-2-2021-06",
            source="default",
            label="TLS13-1-2-2021-06",
        ),
        events.DeviationRecorded(
            advice="E11",
            input="tls_policy",
            letter="ELBSecurityPolicy-2016-08",
            chosen="ELBSecurityPolicy-TLS13-1-2-2021-06",
            reason="TLS 1.0 and 1.1 are deprecated",
        ),
        *done("pre.identity"),
        *done("pre.vpc"),
        *done("lb.scale", "changed"),
        events.ItemStarted(item="lb.wait"),
        events.WaitStarted(
            item="lb.wait", waiting_for="3 instances running, 2 now", every=15, limit=900
        ),
        *to_approve("lb.tg"),
        *failed("lb.alb"),
        events.ItemStarted(item="lb.logs"),
        intended("lb.logs", Again.ASK),
        calls.CallInDoubt(
            item="lb.logs", op="op-lb.logs", code="ReadTimeout", message="no answer in 60 s"
        ),
        *person("lb.confirm", attest=False),
        *person("lb.cover.rps", attest=True),
    )
    running.under_way(
        looks=(
            NextLook(
                item="lb.wait",
                waiting_for="3 instances running, 2 now",
                elapsed=95,
                limit=900,
                next_look_in=600,
            ),
        )
    )
    return running


def asking(running: FakeRunning) -> FakeRunning:
    """The instances are there, and the item asks which."""
    running.tell(
        *done("lb.scale", "changed"),
        *done("lb.tg", "changed"),
        events.ItemStarted(item="lb.targets"),
        events.AnswerNeeded(item="lb.targets", inputs=("targets",)),
    )
    return running


def finished(running: FakeRunning) -> FakeRunning:
    """Everything has its end: one skipped, one by hand."""
    midway(running)
    for item in running.pinned.checklist.items:
        if item.id == "lb.confirm":
            running.tell(events.ItemSkipped(item=item.id, reason="mails go out on Monday"))
        elif item.id == "lb.cover.rps":
            running.tell(events.ItemMarkedDone(item=item.id, note="load test of 28 February"))
        else:
            running.tell(events.ItemDone(item=item.id, how="changed", outputs={}))
    running.tell(events.SessionFinished())
    return running
