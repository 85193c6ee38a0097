"""What the states of clusters and instances mean for who waits for them. Pure.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html
"""

from wizard.step import Difference

READY = frozenset({"available", "storage-optimization", "backing-up"})
"""Usable, and open to changes."""
_MEND = {
    "stopped": "it is stopped: start it (RDS console, Actions, Start), then retry",
    "stopping": "somebody stops it: let that end, start it again, then retry",
    "deleting": "somebody deletes it: when it is gone, retry to have it made anew",
    "failed": "RDS could not make it: look at its events, delete it, then retry",
    "inaccessible-encryption-credentials": "its key cannot be used: enable the key in KMS",
    "inaccessible-encryption-credentials-recoverable": (
        "its key cannot be used: enable the key in KMS, then start it within 7 days"
    ),
    "incompatible-credentials": "RDS has not the credentials that it needs: look at its events",
    "incompatible-network": "its subnets or its VPC have no room: free addresses, then retry",
    "incompatible-option-group": "RDS cannot apply its option group: look at its events",
    "incompatible-parameters": "RDS cannot start with its parameters: look at its events",
    "incompatible-restore": "RDS could not restore it: look at its events",
    "insufficient-capacity": (
        "AWS has no capacity for this class in these zones now: delete the instance, choose "
        "another class or other subnets, then retry"
    ),
    "storage-full": "it has no storage left: add some, then retry",
}


def unready(kind: str, status: str) -> Difference | None:
    """What keeps a cluster or an instance from being used; None when nothing does."""
    if status in READY:
        return None
    if status in _MEND:
        return Difference("Status", status, "available", _MEND[status], fixable=False)
    reason = f"RDS is at work on the {kind}; creation takes 10 to 20 minutes"
    return Difference("Status", status, "available", reason, settles=True)
