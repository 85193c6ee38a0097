"""Signing after the export: a key is chosen, or none; a passphrase is not the wizard's to ask."""

from pathlib import Path

import pytest

from tests.screens import scenes
from tests.screens.drive import driving, press, resumed, screen_text, settle
from tests.screens.fakes import FakeDesk, FakeRunning
from wizard.engine.desk import Evidence, SigningKey

KEYS = (
    SigningKey(name="SHA256:ada", label="ssh-ed25519 ada@host", where="in the agent"),
    SigningKey(name="SHA256:two", label="ssh-rsa \x1b[31m[@click=app.boom]", where="~/.ssh/two"),
)


def desk_with(*keys: SigningKey, locked: bool = False) -> FakeDesk:
    running = scenes.finished(scenes.midway(FakeRunning()))
    desk = resumed(running)
    desk.keys, desk.locked = keys, locked
    return desk


async def exported(desk: FakeDesk, *keys: str) -> str:
    """What the screen shows at the end, after these keys in the list."""
    async with driving(desk, resume="s-12") as pilot:
        await settle(pilot)
        await press(pilot, "f", "e", "enter", *keys)
        return screen_text(pilot)


@pytest.mark.parametrize(
    ("keys", "signed"),
    [(("enter",), None), (("escape",), None), (("down", "enter"), "SHA256:ada")],
)
async def test_a_key_signs_only_when_it_is_chosen(
    keys: tuple[str, ...], signed: str | None
) -> None:
    desk = desk_with(*KEYS)
    text = await exported(desk, *keys)
    assert "st-wizard-12" in text
    if signed is None:
        assert desk.signed == []
        assert "Not signed" in text
    else:
        [(folder, key, terminal)] = desk.signed
        assert (folder.name, key, terminal) == ("st-wizard-12", signed, False)
        assert f"Signed with {signed}" in text


async def test_the_keys_are_shown_harmlessly() -> None:
    text = await exported(desk_with(*KEYS))
    assert "ssh-ed25519 ada@host" in text
    assert "in the agent" in text
    assert "[@click=app.boom]" in text
    assert "\x1b" not in text


async def test_without_keys_it_says_so() -> None:
    assert "no SSH key" in await exported(desk_with())


async def test_a_passphrase_that_cannot_be_asked_for_is_told_with_the_way_out() -> None:
    # The tests' driver has no terminal that could be given away.
    desk = desk_with(*KEYS, locked=True)
    text = await exported(desk, "down", "enter")
    assert "Run ssh-add" in text
    assert [terminal for _, _, terminal in desk.signed] == [False]
    assert [session for session, _ in desk.exported] == ["s-12"]


@pytest.mark.parametrize("keys", [(), KEYS])
async def test_a_signature_that_still_fits_is_told_as_one(keys: tuple[SigningKey, ...]) -> None:
    desk = desk_with(*keys)
    desk.evidence = Evidence(folder=Path(), signed="✓ Signed by the operator with SHA256:old")
    text = await exported(desk, *(("escape",) if keys else ()))
    assert "Signed by the operator with SHA256:old" in text
    assert "Not signed" not in text


async def test_a_signature_that_fits_no_more_is_told_to_be_gone() -> None:
    desk = desk_with(*KEYS)
    desk.evidence = Evidence(folder=Path(), besides=("△ The signature was taken away.",))
    text = await exported(desk, "escape")
    assert "The signature was taken away." in text
    assert "Not signed" in text
    assert "taken away" in await exported(desk, "down", "enter")
