"""How a subscription by e-mail stands: pending or confirmed, and by whom it can be ended.

https://docs.aws.amazon.com/sns/latest/api/API_GetSubscriptionAttributes.html
"""

from steps.sns_arn import region
from wizard.effects import Read, Secret, Write
from wizard.errors import CallError, DeniedError, StepError
from wizard.step import Reads

PENDING, CONFIRMED, NONE = "pending", "confirmed", "none"
WARNING = (
    "It was confirmed by a click: every mail carries a link with which anybody in the channel, or "
    "a link scanner, ends the alarms (E7)."
)
_GONE = ("NotFound", "NotFoundException")


def standing(topic_arn: str, address: str) -> Reads[tuple[str, str]]:
    """State and ARN of the subscription; the ARN is empty until it is confirmed."""
    listed = yield Read(
        "sns",
        "ListSubscriptionsByTopic",
        {"TopicArn": topic_arn},
        pages="Subscriptions",
        absent=_GONE,
        region=region(topic_arn),
    )
    arns = [
        str(one.get("SubscriptionArn", ""))
        for one in listed or ()
        if one.get("Protocol") == "email" and one.get("Endpoint") == address
    ]
    confirmed = next((arn for arn in arns if arn.startswith("arn:")), "")
    # One that was unsubscribed stays in the list as "Deleted" for a while.
    pending = any(arn.replace(" ", "").lower() == "pendingconfirmation" for arn in arns)
    return (CONFIRMED if confirmed else PENDING if pending else NONE), confirmed


def authenticated(topic_arn: str, arn: str) -> Reads[bool]:
    """Whether only the account can end it: the link was pasted, and not clicked."""
    answer = yield Read(
        "sns",
        "GetSubscriptionAttributes",
        {"SubscriptionArn": arn},
        absent=_GONE,
        region=region(topic_arn),
    )
    attributes = answer["Attributes"] if answer else {}
    return bool(attributes.get("ConfirmationWasAuthenticated") == "true")


def confirm(topic_arn: str, address: str, token: Secret, title: str) -> Reads[None]:
    """Confirm it so that only the account may end it. `StepError` says how it was confirmed
    when a click came first: AWS then refuses, with the code that it has for denials, too."""
    try:
        yield Write(
            "sns",
            "ConfirmSubscription",
            {"TopicArn": topic_arn, "Token": token, "AuthenticateOnUnsubscribe": "true"},
            region=region(topic_arn),
            title=title,
        )
    except DeniedError:
        raise
    except CallError as error:
        if error.code != "AuthorizationError":
            raise
        state, arn = yield from standing(topic_arn, address)
        if state != CONFIRMED:
            raise
        if not (yield from authenticated(topic_arn, arn)):
            raise StepError(
                f"It is confirmed already: somebody clicked meanwhile. {WARNING}"
            ) from None
