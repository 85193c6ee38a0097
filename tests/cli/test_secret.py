"""`secret set`: kept in a secure keyring, or refused with the way out; never shown."""

import io
from pathlib import Path

import pytest

from tests.gateway.test_secrets import Keyring, chain, of
from wizard.cli.secret import set_secret
from wizard.cli.settings import Settings
from wizard.errors import RefusedError, UsageError
from wizard.gateway.keyrings import named
from wizard.gateway.secrets import SERVICE, Secrets

VALUE = "hunter2hunter2"


def settings(tmp_path: Path, *, as_json: bool = False) -> Settings:
    return Settings(home=tmp_path, as_json=as_json)


def typed(_prompt: str) -> str:
    return VALUE


def test_it_is_kept_and_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keyring = of("keyring.backends.SecretService")
    secrets = Secrets({}, keyring=keyring)
    assert set_secret(settings(tmp_path), "scale-api-password", secrets=secrets, read=typed) == 0
    assert keyring.kept == {(SERVICE, "scale-api-password"): VALUE}
    shown = capsys.readouterr()
    assert "the Secret Service" in shown.out
    assert VALUE not in shown.out + shown.err


def test_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = Secrets({}, keyring=of("keyring.backends.macOS"))
    set_secret(settings(tmp_path, as_json=True), "key", secrets=secrets, read=typed)
    assert capsys.readouterr().out == '{"secret":"key","kept_in":"the macOS Keychain"}\n'


def test_one_line_of_standard_input_without_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{VALUE}\nnot this\n"))
    keyring = of("keyring.backends.macOS")
    set_secret(settings(tmp_path), "key", secrets=Secrets({}, keyring=keyring))
    assert keyring.kept == {(SERVICE, "key"): VALUE}


def test_a_keyring_that_is_not_secure_is_refused_with_the_way_out(tmp_path: Path) -> None:
    keyring = of("keyrings.alt.file")
    with pytest.raises(RefusedError) as refused:
        set_secret(
            settings(tmp_path),
            "scale-api-password",
            secrets=Secrets({}, keyring=keyring),
            read=typed,
        )
    assert keyring.kept == {}
    assert "ST_WIZARD_SECRET_SCALE_API_PASSWORD" in str(refused.value)
    assert VALUE not in str(refused.value)


def test_a_keyring_that_fails_says_so_without_the_value(tmp_path: Path) -> None:
    class Locked(Keyring):
        __module__ = "keyring.backends.macOS"

        def set_password(self, service: str, name: str, value: str) -> None:
            raise OSError(f"cannot store {value}")

    with pytest.raises(RefusedError) as refused:
        set_secret(settings(tmp_path), "key", secrets=Secrets({}, keyring=Locked()), read=typed)
    assert VALUE not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("name", ["", "UPPER", "a b", "../x", "a" * 64])
def test_names_are_those_that_answers_take(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        set_secret(settings(tmp_path), name, secrets=Secrets({}), read=typed)


def test_nothing_is_not_a_secret(tmp_path: Path) -> None:
    keyring = of("keyring.backends.macOS")
    with pytest.raises(UsageError):
        set_secret(
            settings(tmp_path), "key", secrets=Secrets({}, keyring=keyring), read=lambda _: ""
        )
    assert keyring.kept == {}


def test_the_first_secure_keyring_of_a_chain_is_named() -> None:
    plain, good = of("keyrings.alt.file"), of("keyring.backends.kwallet")
    assert named(chain(plain, good)) == "KWallet"
    assert named(chain(plain)) == ""
    assert named(good) == "KWallet"
