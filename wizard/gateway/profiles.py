"""The AWS profiles of this machine, read from the config files alone: no boto3, no network.

https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
"""

import configparser
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

ENVIRONMENT = "environment"
"""The kind of credentials that stand in environment variables, and belong to no profile."""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Where credentials come from, as a list shows it."""

    name: str
    """Empty for the environment's credentials: no --profile is passed for them."""
    kind: str
    """`sso`, `assume role`, `keys`, `process`, `login`, `environment` or `unknown`."""
    region: str = ""
    detail: str = ""
    """Role or SSO account, as far as the file says."""


def profiles(environ: Mapping[str, str] = os.environ) -> list[Profile]:
    """All profiles by name, the environment's credentials first. Broken files count as empty."""
    merged: dict[str, dict[str, str]] = {}
    for name, settings in _config(_path(environ, "AWS_CONFIG_FILE", "config")).items():
        if name == "default" or name.startswith("profile "):
            merged[name.removeprefix("profile ").strip().strip("\"'")] = settings
    credentials = _path(environ, "AWS_SHARED_CREDENTIALS_FILE", "credentials")
    for name, settings in _config(credentials).items():
        merged[name] = merged.get(name, {}) | settings
    found = [_profile(name, settings) for name, settings in sorted(merged.items())]
    if environ.get("AWS_ACCESS_KEY_ID"):
        region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or ""
        found.insert(0, Profile(name="", kind=ENVIRONMENT, region=region))
    return found


def default_profile(environ: Mapping[str, str] = os.environ) -> str:
    """The profile that AWS's tools would use; empty for the environment's credentials."""
    named = environ.get("AWS_PROFILE") or environ.get("AWS_DEFAULT_PROFILE")
    if named:
        return named
    return "" if environ.get("AWS_ACCESS_KEY_ID") else "default"


def default_region(profile: str = "", environ: Mapping[str, str] = os.environ) -> str:
    """The region that AWS's tools would use with `profile`; empty when none is set."""
    named = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    if named:
        return named
    wanted = profile or default_profile(environ)
    return next((one.region for one in profiles(environ) if one.name == wanted), "")


def regions(partition: str = "aws") -> list[tuple[str, str]]:
    """Name and description of the partition's regions, by name; from botocore's own data."""
    from botocore.loaders import Loader  # noqa: PLC0415

    data = Loader().load_data("endpoints")
    for known in data["partitions"]:
        if known["partition"] == partition:
            return sorted(
                (name, str(region["description"])) for name, region in known["regions"].items()
            )
    return []


def _profile(name: str, settings: Mapping[str, str]) -> Profile:
    if "role_arn" in settings:
        kind, detail = "assume role", settings["role_arn"]
    elif "sso_session" in settings or "sso_start_url" in settings:
        account, role = settings.get("sso_account_id", ""), settings.get("sso_role_name", "")
        kind, detail = "sso", f"{role} in {account}" if role else account
    elif "login_session" in settings:
        kind, detail = "login", settings["login_session"]
    elif "credential_process" in settings:
        kind, detail = "process", ""
    elif "aws_access_key_id" in settings:
        kind, detail = "keys", ""
    else:
        kind, detail = "unknown", ""
    return Profile(name=name, kind=kind, region=settings.get("region", ""), detail=detail)


def _path(environ: Mapping[str, str], variable: str, name: str) -> Path:
    return Path(environ.get(variable) or f"~/.aws/{name}").expanduser()


def _config(path: Path) -> dict[str, dict[str, str]]:
    parser = configparser.RawConfigParser(default_section="", strict=False)
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return {}
    return {section: dict(parser.items(section)) for section in parser.sections()}
