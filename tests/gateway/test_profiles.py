"""Profiles as the config files have them."""

from pathlib import Path

import pytest

from wizard.gateway.profiles import Profile, default_profile, default_region, profiles, regions


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "config").write_text(
        """
[default]
region = us-east-1
[profile prod]
sso_session = company
sso_account_id = 111122223333
sso_role_name = Operator
region = eu-west-1
[profile "audit role"]
role_arn = arn:aws:iam::1:role/audit
source_profile = default
[sso-session company]
sso_start_url = https://company.awsapps.com/start
[profile tool]
credential_process = /usr/bin/tool
[services local]
s3 =
  endpoint_url = http://x
"""
    )
    (tmp_path / "credentials").write_text(
        "[default]\naws_access_key_id = AKIA\naws_secret_access_key = hidden\n"
        "[old]\naws_access_key_id = AKIA\n"
    )
    return {
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }


def test_kinds_and_regions(environ: dict[str, str]) -> None:
    found = profiles(environ)
    assert found == [
        Profile(name="audit role", kind="assume role", detail="arn:aws:iam::1:role/audit"),
        Profile(name="default", kind="keys", region="us-east-1"),
        Profile(name="old", kind="keys"),
        Profile(name="prod", kind="sso", region="eu-west-1", detail="Operator in 111122223333"),
        Profile(name="tool", kind="process"),
    ]
    assert "hidden" not in repr(found)


def test_the_environment_comes_first(environ: dict[str, str]) -> None:
    environ |= {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_DEFAULT_REGION": "ap-south-1"}
    assert profiles(environ)[0] == Profile(name="", kind="environment", region="ap-south-1")
    assert default_profile(environ) == ""


def test_defaults(environ: dict[str, str]) -> None:
    assert default_profile(environ) == "default"
    assert default_region("", environ) == "us-east-1"
    assert default_region("prod", environ) == "eu-west-1"
    assert default_profile(environ | {"AWS_PROFILE": "prod"}) == "prod"
    assert default_region("", environ | {"AWS_PROFILE": "prod"}) == "eu-west-1"
    assert default_region("prod", environ | {"AWS_REGION": "us-west-2"}) == "us-west-2"


@pytest.mark.parametrize("broken", ["[unclosed\nx", "\x00", "no section = 1"])
def test_broken_or_missing_files_count_as_empty(tmp_path: Path, broken: str) -> None:
    (tmp_path / "config").write_text(broken)
    environ = {
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "missing"),
    }
    assert profiles(environ) == []


def test_regions_have_names() -> None:
    known = dict(regions())
    assert known["us-east-1"] == "US East (N. Virginia)"
    assert "eu-west-1" in known
    assert regions("nowhere") == []
