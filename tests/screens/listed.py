"""Sessions as the list of them has them."""

from wizard.engine.desk import SessionSummary

SUSPENDED = SessionSummary(
    session="s-12",
    number=12,
    checklist_id="add-load-balancer",
    title="Adding Load Balancer for production deployment",
    account_id="123456789012",
    alias="acme-demo",
    region="us-east-1",
    started_at="2026-03-02T09:00:00.000000Z",
    updated_at="2026-03-02T09:50:00.000000Z",
    standing="suspended",
    done=5,
    total=11,
    waiting_for="Subscriptions confirmed",
    simulated=True,
)
FINISHED = SessionSummary(
    session="s-11",
    number=11,
    checklist_id="add-load-balancer",
    title="Adding Load Balancer for production deployment",
    account_id="210987654321",
    alias="acme-prod",
    region="eu-west-1",
    started_at="2026-02-27T09:00:00.000000Z",
    updated_at="2026-02-27T09:50:00.000000Z",
    standing="finished",
    done=11,
    total=11,
)
