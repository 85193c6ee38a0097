"""Without a screen nobody confirms the account by typing: it must be named, and must match."""

from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Settings
from wizard.engine.account import is_simulated
from wizard.errors import RefusedError
from wizard.gateway.loopback import is_loopback
from wizard.session.base import Pin


def named_account(settings: Settings, desk: WizardDesk, account: str | None) -> Pin:
    """Who and where we are, if it is the account that was named.

    A simulated account on loopback needs no name; of a real one only STS is asked before.
    """
    simulated = bool(settings.endpoint_url) and is_loopback(settings.endpoint_url)
    if not simulated and not account:
        raise _unnamed()
    profile = settings.profile or desk.default_profile()
    region = settings.region or desk.regions(profile)[0]
    pin = desk.identify(profile, region)
    if account and pin.account_id != account:
        raise RefusedError(
            f"These credentials are of account {pin.account_id}, not {account}.",
            where="--account",
            todo="Log in to the right account. Nothing but STS and its alias was asked.",
        )
    return pin


def confirm_account(pin: Pin, account: str | None) -> None:
    """That the account of a session to go on with is the one that was named."""
    if not is_simulated(pin) and not account:
        raise _unnamed()
    if account and pin.account_id != account:
        raise RefusedError(
            f"This session is of account {pin.account_id}, not {account}.",
            where="--account",
            todo="Name its account, or another session. Nothing was called.",
        )


def _unnamed() -> RefusedError:
    return RefusedError(
        "A real account must be named.",
        where="--account",
        todo="Say which with --account ID; --yes alone never suffices. Nothing was called.",
    )
