"""What errors of AWS mean to an operator, as data: by code, what happened and what to do next.

Sources: the error lists of the API pages of each service, and the truth file's failure columns.
"""

from typing import NamedTuple


class Words(NamedTuple):
    """`what` happened, and what `todo` next, in the operator's words."""

    what: str
    todo: str = ""


EXPIRED = Words("Your AWS session has ended.", "Log in again; nothing is lost, and this goes on.")
REGION_OR_TOKEN = Words(
    "AWS does not accept these credentials.",
    "Log in again. If it happens in one region only, that region is not enabled for the account, "
    "or the token is of the global STS endpoint.",
)
SKEWED = Words(
    "The signature's time or key is not accepted.",
    "Check the clock of this machine and the profile's keys, then go on.",
)

CREDENTIALS: dict[str, Words] = {
    "ExpiredToken": EXPIRED,
    "ExpiredTokenException": EXPIRED,
    "RequestExpired": EXPIRED,
    "TokenRefreshRequired": EXPIRED,
    "AuthFailure": REGION_OR_TOKEN,
    "IncompleteSignature": SKEWED,
    "InvalidAccessKeyId": REGION_OR_TOKEN,
    "InvalidClientTokenId": REGION_OR_TOKEN,
    "InvalidSignatureException": SKEWED,
    "InvalidToken": REGION_OR_TOKEN,
    "MissingAuthenticationToken": REGION_OR_TOKEN,
    "MissingAuthenticationTokenException": REGION_OR_TOKEN,
    "RequestTimeTooSkewed": SKEWED,
    "SignatureDoesNotMatch": SKEWED,
    "UnrecognizedClientException": REGION_OR_TOKEN,
}
"""Codes after which no call succeeds until the operator has logged in again."""

DENIED = frozenset(
    {
        "403",
        "AccessDenied",
        "AccessDeniedException",
        "AllAccessDisabled",
        "AuthorizationError",
        "AuthorizationErrorException",
        "Client.UnauthorizedOperation",
        "Forbidden",
        "NotAuthorized",
        "UnauthorizedOperation",
    }
)

NOT_DENIED: dict[str, Words] = {
    "already confirmed": Words("The subscription is confirmed already.", "Look how it stands now."),
}
"""By a part of AWS's text: what is refused with a code of `DENIED`, and no lack of permission."""

THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "OperationAbortedException",
        "PriorRequestNotComplete",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""Codes that ask to come back later; `PriorRequestNotComplete` is Route 53's, for one zone,
`OperationAbortedException` CloudWatch Logs', for one log group."""

UNDECIDED = frozenset({"RequestTimeout", "RequestTimeoutException"})
"""Below 500, and yet they do not say whether the call was carried out."""

OPT_IN = Words(
    "This region is not enabled for the account.",
    "Enable it (item pre.region.optin) or choose another region.",
)
QUOTA = Words("A quota of the account is reached.", "Ask for an increase under Service Quotas.")

SPECIAL: dict[str, Words] = {
    "BucketAlreadyExists": Words(
        "The bucket name is taken by another account: names are unique in all of AWS.",
        "Choose another name.",
    ),
    "BucketAlreadyOwnedByYou": Words(
        "The bucket is already yours.", "Go on with it, or choose another name."
    ),
    "CertificateNotFound": Words(
        "The listener's certificate is not in this region.",
        "Choose one that ACM has issued in the load balancer's own region.",
    ),
    "ConflictingDomainExists": Words(
        "The VPC sees a private zone of this name already.",
        "Look again: the zone that is there is adopted. A second one cannot be on the same VPC.",
    ),
    "ConflictException": Words(
        "AWS is still working on an earlier change of the same thing.", "Try again in a minute."
    ),
    "DocumentAlreadyExists": Words(
        "A document of this name exists already.", "Look again: it is compared by its content."
    ),
    "DryRunOperation": Words("Permitted: a dry run only asks."),
    "DuplicateListener": Words(
        "The load balancer has a listener on this port already, with other settings.",
        "Compare the two, then adopt it or choose another port.",
    ),
    "DuplicateLoadBalancerName": Words(
        "A load balancer of this name exists already, with other settings.",
        "Choose another name, or make the settings agree.",
    ),
    "DuplicateTargetGroupName": Words(
        "A target group of this name exists already, with other settings.",
        "Choose another name, or make the settings agree: protocol, port and VPC cannot change.",
    ),
    "DuplicateTagKeys": Words("A tag key is given twice.", "Keep one of them."),
    "FlowLogAlreadyExists": Words(
        "The VPC has a flow log to this place already.", "Look again: it is adopted, or shown."
    ),
    "HostedZoneAlreadyExists": Words(
        "A zone was made with the same caller reference before.",
        "Look again: if it is there, it is adopted.",
    ),
    "IllegalLocationConstraintException": Words(
        "The bucket's region is not the region the call was sent to.",
        "Create the bucket from a session in its own region.",
    ),
    "IncompatibleProtocols": Words(
        "The listener's protocol and the target group's do not go together.",
        "An HTTPS listener forwards to a group of HTTP or HTTPS.",
    ),
    "InvalidChangeBatch": Words(
        "Route 53 refuses the change, and changed nothing.",
        "If the name holds a CNAME, it must be deleted in the same batch that creates the alias.",
    ),
    "InvalidConfigurationRequest": Words(
        "The load balancer refuses the configuration.",
        "For access logs: the bucket is in the same region, its policy names the path with this "
        "account and prefix, and its default encryption is SSE-S3, not KMS.",
    ),
    "InvalidGroup.Duplicate": Words(
        "The VPC has a security group of this name already.", "Look again: it is adopted."
    ),
    "InvalidPermission.Duplicate": Words(
        "One of the rules is there already, so that AWS added none of them.",
        "Look again: only what is missing is added.",
    ),
    "InvalidSubnet": Words(
        "A subnet does not suit the load balancer.",
        "Choose public subnets of the VPC whose route table has an internet gateway.",
    ),
    "InvalidTag": Words(
        "A tag holds a character that is not allowed.",
        "Use letters, digits, spaces and + - = . _ : / @ only.",
    ),
    "InvalidTarget": Words(
        "A target is stopped, gone, or in another VPC than the group.",
        "Choose running instances of the group's VPC.",
    ),
    "InvalidVPCId": Words(
        "Route 53 does not know this VPC in this region, or it is not this account's.",
        "Choose a VPC of the account, with its own region.",
    ),
    "LoadBalancerNotFound": Words(
        "The load balancer is not there.", "Look whether it was deleted."
    ),
    "MalformedPolicy": Words("The policy text is not valid.", "Look at the place AWS names."),
    "NoSuchBucket": Words("The bucket is not there.", "Create it first."),
    "NoSuchHostedZone": Words("The hosted zone is not there.", "Choose one that exists."),
    "NoSuchResourceException": Words(
        "The account has no value of its own for this.", "AWS's default applies."
    ),
    "OperationAborted": Words(
        "S3 is still working on an earlier change of this bucket.", "Try again in a minute."
    ),
    "OperationNotPermitted": Words(
        "AWS does not permit this on the account as it stands.",
        "New accounts must ask AWS Support to enable load balancers; a load balancer with "
        "deletion protection must have it turned off first.",
    ),
    "OptInRequired": OPT_IN,
    "PermanentRedirect": Words(
        "The bucket is in another region.", "Choose a bucket of this region, or that region."
    ),
    "ResourceInUse": Words("It is still in use.", "Remove what uses it first."),
    "ResourceInUseException": Words("It is still in use.", "Remove what uses it first."),
    "RouteAlreadyExists": Words(
        "Another S3 endpoint of the VPC has the route table already.",
        "Look again: a table that any of them has is right.",
    ),
    "RulesPerSecurityGroupLimitExceeded": Words(
        "The security group would have more rules than the account allows (60 at first).",
        "Put blocks of addresses together, or ask for an increase of quota L-0EA8095F.",
    ),
    "SSLPolicyNotFound": Words(
        "The TLS policy does not exist here.", "Choose one from the list of this region."
    ),
    "SubscriptionRequiredException": OPT_IN,
    "TargetGroupAssociationLimit": Words(
        "The target group belongs to another load balancer already.",
        "Choose or create another target group.",
    ),
    "TargetGroupNotFound": Words("The target group is not there.", "Look whether it was deleted."),
    "TooManyCertificates": QUOTA,
    "TooManyLoadBalancers": Words(
        "The account may have no more load balancers in this region.",
        "Delete one that is not needed, or ask for an increase of quota L-53DA6B97.",
    ),
    "TooManyTags": Words("It would have more tags than AWS allows.", "Remove some."),
    "TooManyTargetGroups": Words(
        "The account may have no more target groups in this region.",
        "Delete one that is not needed, or ask for an increase of quota L-B22855CB.",
    ),
    "TooManyTargets": QUOTA,
    "UnsupportedCertificate": Words(
        "Load balancers do not take this kind of key.", "Choose an RSA 2048 or ECDSA P-256 key."
    ),
}
"""Codes that have a plain meaning of their own."""


def words(code: str) -> Words | None:
    """The plain meaning of `code`, or of the family it belongs to; None when there is none."""
    known = SPECIAL.get(code)
    if known is not None:
        return known
    if code.startswith(("LimitExceeded", "TooMany")) or "QuotaExceeded" in code:
        return QUOTA
    return QUOTA if code.endswith(("LimitExceeded", "LimitExceededException")) else None


def not_denied(text: str) -> Words | None:
    """The plain meaning of a refusal that has the code of a denial and is none."""
    lowered = text.lower()
    return next((words for part, words in NOT_DENIED.items() if part in lowered), None)
