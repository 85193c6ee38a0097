"""AWS's refusals, as moto raises them: a code, AWS's own words, and the HTTP status."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


def refusal(code: str, message: str) -> ServiceException:
    """The error that a service of a modelled protocol answers with; raise it.

    moto takes the HTTP status from the service model (400 where the model names none).
    """
    return ServiceException(code, message)


def validation(message: str) -> ServiceException:
    """The `ValidationError` of the query services (elbv2, cloudwatch, rds ...)."""
    return refusal("ValidationError", message)


def enumeration(value: object, field: str, allowed: list[str] | tuple[str, ...]) -> str:
    """AWS's words for a value outside a list, to put into a `ValidationError`."""
    return (
        f"1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: "
        f"Member must satisfy enum value set: [{', '.join(allowed)}]"
    )
