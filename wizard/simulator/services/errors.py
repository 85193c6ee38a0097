"""AWS's refusals, as moto raises them: a code, AWS's own words, and the HTTP status."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class Refusal(ServiceException):
    """One of AWS's refusals. moto takes the HTTP status from the service's own model."""

    # moto looks for the service model by the module of the exception's class, which for its own
    # base class is none of the services.


def refusal(code: str, message: str) -> Refusal:
    """The error that a service answers with; raise it."""
    return Refusal(code, message)


def validation(message: str) -> Refusal:
    """The `ValidationError` of the query services (elbv2, cloudwatch, rds ...)."""
    return refusal("ValidationError", message)


def enumeration(value: object, field: str, allowed: list[str] | tuple[str, ...]) -> str:
    """AWS's words for a value outside a list, to put into a `ValidationError`."""
    return (
        f"1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: "
        f"Member must satisfy enum value set: [{', '.join(allowed)}]"
    )
