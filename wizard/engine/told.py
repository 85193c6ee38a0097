"""How a call is told of: before it is made, and as the intent that is journaled as it leaves."""

from wizard.effects import Again
from wizard.gateway.protocol import Described
from wizard.session.base import PlannedCall
from wizard.session.calls import CallIntended


def planned(described: Described) -> PlannedCall:
    """In a plan."""
    return PlannedCall(
        title=described.title,
        service=described.service,
        operation=described.operation,
        params=described.params,
        region=described.region,
        cli=described.cli,
    )


def intent(item: str, op: str, described: Described, again: Again) -> CallIntended:
    """In the journal."""
    return CallIntended(
        item=item,
        op=op,
        title=described.title,
        service=described.service,
        operation=described.operation,
        region=described.region,
        params=described.journaled,
        request_sha256=described.sha256,
        cli=described.cli,
        again=again,
    )
