"""Who the simulated account is, and what moto must be told before it is imported."""

import os

ACCOUNT_ID = "727772838801"
ACCOUNT_ALIAS = "supertokens-demo"
CALLER_ARN = f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/Operator/demo"
CALLER_ID = "AROA2S4KQX7RDEMOOPER1:demo"


def prepare_environment() -> None:
    """Set what moto reads from the environment once, at import.

    No AMIs: loading them costs the first EC2 call in each region more than a second. Credentials:
    moto makes boto3 sessions of its own, which must never find those of a real account.
    """
    os.environ.update(
        {
            "MOTO_ACCOUNT_ID": ACCOUNT_ID,
            "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
            "AWS_ACCESS_KEY_ID": "AKIASIMULATEDACCOUNT",
            "AWS_SECRET_ACCESS_KEY": "simulated",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
    )
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        os.environ.pop(name, None)
    os.environ["AWS_CONFIG_FILE"] = os.devnull
    os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


def claim_identity() -> None:
    """Make `sts:GetCallerIdentity` name an assumed role, as an operator's login is one, and tell
    roles of other accounts as such: moto looks for them in this account only."""
    from moto.sts.models import STSBackend, sts_backends  # noqa: PLC0415  after the environment

    known = STSBackend.get_caller_identity

    def get_caller_identity(
        self: STSBackend, access_key_id: str, region: str
    ) -> tuple[str, str, str]:
        for account in list(sts_backends.values()):
            for backend in account.values():
                role = backend.get_assumed_role_from_access_key(access_key_id)
                if role is not None:
                    return role.user_id, role.arn, role.account_id
        caller_id, arn, account_id = known(self, access_key_id, region)
        if arn.endswith(":user/moto"):
            return CALLER_ID, CALLER_ARN, account_id
        return caller_id, arn, account_id

    setattr(STSBackend, "get_caller_identity", get_caller_identity)  # noqa: B010  it is a patch
