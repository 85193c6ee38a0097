"""Regions that the account has not enabled yet: a preview cannot look there, and need not fail."""

from wizard.effects import Effect, Read
from wizard.errors import CredentialsError
from wizard.gateway.regions import NOT_ENABLED, first_region
from wizard.session.base import Pin


def may_be_closed(effect: Effect, error: CredentialsError, pin: Pin | None) -> bool:
    """Whether the region, and not the credentials, is why a read was answered so: the caller was
    known a moment ago, and a region that every account has did not answer it."""
    if not isinstance(effect, Read) or pin is None or error.code not in NOT_ENABLED:
        return False
    region = effect.region or pin.region
    return region != first_region(region)
