"""The link in SNS's confirmation mail, taken apart; what it must be like to be used.

https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
"""

import html
import re
from urllib.parse import SplitResult, parse_qs, urlsplit

from steps.sns_arn import host

_TOKEN = re.compile(r"[0-9A-Za-z]{16,1024}")


class LinkError(Exception):
    """Why it is not used, in the operator's words; it never repeats the token."""


def parse(text: str, topic_arn: str, address: str = "") -> str:
    """The token of the confirmation link of this topic, and of this address; raises LinkError."""
    # Slack wraps a link as <https://…|words>, and a mail's source has &amp;.
    bare = html.unescape(text.strip().strip("<>").partition("|")[0])
    try:
        parts = urlsplit(bare)
        port = parts.port
    except ValueError:
        raise LinkError("it is no link") from None
    _check_place(parts, port, host(topic_arn))
    query = parse_qs(parts.query)
    _check_topic(query.get("TopicArn", []), topic_arn)
    endpoint = query.get("Endpoint", [])
    # Some mail readers turn the + of an address into a space.
    if address and endpoint and endpoint != [address] and endpoint != [address.replace("+", " ")]:
        raise LinkError("it is for another address")
    token = query.get("Token", [])
    if len(token) != 1 or _TOKEN.fullmatch(token[0]) is None:
        raise LinkError("it carries no token, so a part of it is missing")
    return token[0]


def _check_place(parts: SplitResult, port: int | None, wanted: str) -> None:
    if not parts.scheme or not parts.netloc:
        raise LinkError("it is no link")
    if parts.scheme != "https":
        raise LinkError(f"it begins with {parts.scheme}, and AWS's begins with https")
    if (parts.hostname or "") != wanted or port not in {None, 443} or "@" in parts.netloc:
        raise LinkError(f"it leads to {parts.hostname or 'nowhere'}, and AWS's to {wanted}")
    if "unsubscribe" in parts.path.lower():
        raise LinkError("it is an unsubscribe link, which would end the alarms")
    if parts.path != "/confirmation.html":
        raise LinkError(f"its path is {parts.path or '/'}, and AWS's is /confirmation.html")


def _check_topic(found: list[str], wanted: str) -> None:
    if len(found) != 1:
        raise LinkError("it names no topic, so a part of it is missing")
    there, ours = found[0].split(":"), wanted.split(":")
    if found[0] == wanted:
        return
    if len(there) == len(ours) and there[4] != ours[4]:
        raise LinkError(f"it is for a topic of account {there[4]}, and this is {ours[4]}")
    raise LinkError(f"it is for the topic {there[-1]}")
