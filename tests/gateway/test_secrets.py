"""Where secrets come from, and which keyrings are refused."""

from typing import Any

import pytest

from wizard.errors import RefusedError
from wizard.gateway.secrets import Secrets, variable


class Keyring:
    """An in-memory keyring that says it is of some module."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value


def of(module: str) -> Keyring:
    kind: type[Keyring] = type("Keyring", (Keyring,), {"__module__": module})
    return kind()


def chain(*backends: Keyring) -> Any:
    chained = of("keyring.backends.chainer")
    chained.backends = list(backends)  # type: ignore[attr-defined]
    return chained


def test_memory_then_environment_then_keyring() -> None:
    keyring = of("keyring.backends.macOS")
    keyring.set_password("st-wizard", "scale-password", "from-keyring")
    environ = {"ST_WIZARD_SECRET_SCALE_PASSWORD": "from-env"}
    assert Secrets({}, keyring=keyring).get("scale-password") == "from-keyring"
    assert Secrets({}, keyring=keyring).where("scale-password") == "the macOS Keychain"
    secrets = Secrets(environ, keyring=keyring)
    assert secrets.get("scale-password") == "from-env"
    assert variable("scale-password") in secrets.where("scale-password")
    secrets.give("scale-password", "from-memory")
    assert secrets.get("scale-password") == "from-memory"
    assert secrets.where("scale-password") == "memory of this process"
    assert secrets.scrub("a from-memory b from-env") == "a *** b ***"


@pytest.mark.parametrize(
    "module", ["keyrings.alt.file", "keyring.backends.null", "keyring.backends.fail"]
)
def test_insecure_keyrings_are_neither_read_nor_written(module: str) -> None:
    keyring = of(module)
    keyring.set_password("st-wizard", "scale-password", "base64")
    for offered in (keyring, chain(keyring)):
        secrets = Secrets({}, keyring=offered)
        assert not secrets.has("scale-password")
        assert secrets.where("scale-password") == ""
        with pytest.raises(RefusedError, match="ST_WIZARD_SECRET_OTHER"):
            secrets.keep("other", "value")
    assert len(keyring.kept) == 1


def test_the_secure_one_of_a_chain_is_used() -> None:
    secure = of("keyring.backends.SecretService")
    insecure = of("keyrings.alt.file")
    assert Secrets({}, keyring=chain(insecure, secure)).keep("a", "value") == "the Secret Service"
    assert insecure.kept == {}
    assert secure.kept == {("st-wizard", "a"): "value"}


def test_a_keyring_that_drops_the_value_is_noticed() -> None:
    keyring = of("keyring.backends.kwallet")
    keyring.set_password = lambda *_: None  # type: ignore[method-assign]
    with pytest.raises(RefusedError, match="did not keep"):
        Secrets({}, keyring=keyring).keep("a", "value")


def test_its_repr_names_nothing() -> None:
    secrets = Secrets({}, keyring=of("keyring.backends.macOS"))
    secrets.give("a", "value-1234")
    assert "value-1234" not in repr(secrets) + str(secrets)
