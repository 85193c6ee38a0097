"""A session stays with the account, the caller and the checklist that it began with."""

from tests.protections.protection import Protection

CRASHES = "tests/engine/test_crashes.py"
PINS = "tests/cli/test_pins.py"
WIRE = "tests/gateway/test_aws_faults.py"
DEPARTURES = "tests/gateway/test_departures.py"

PROTECTIONS = (
    Protection(
        name="pin-at-resume",
        promise="Another account, partition, endpoint or caller at resume: refused before any "
        "call.",
        file="wizard/cli/confirmed.py",
        code="if other := changed(pin, now):",
        instead='if other := "":',
        tests=(f"{PINS}::test_elsewhere_or_as_somebody_else_it_is_refused_before_any_call",),
    ),
    Protection(
        name="pinned-copy",
        promise="A checklist that is edited between pause and resume: the pinned copy goes on.",
        file="wizard/cli/desk.py",
        code="        pinned, entries = kept(self._journal, session)\n",
        instead="        pinned, entries = kept(self._journal, session)\n"
        "        pinned = load_bundled(pinned.checklist.id)\n",
        tests=(f"{PINS}::test_the_copy_that_it_began_with_goes_on",),
    ),
    Protection(
        name="pin-at-log-in",
        promise="After a pause for credentials the account and the caller are asked for again: "
        "others end no pause.",
        file="wizard/engine/control.py",
        code="elif changed := changed_pin(self._pin, message.pin):",
        instead='elif changed := "":',
        tests=(f"{CRASHES}::test_a_pause_ends_only_for_the_same_account",),
    ),
    Protection(
        name="pin-each-call",
        promise="Keys that change in the middle get no call out, unless they are the pinned "
        "caller's.",
        file="wizard/gateway/departures.py",
        code="        if different:\n",
        instead="        if False:\n",
        tests=(
            f"{DEPARTURES}::test_nothing_leaves_with_keys_of_somebody_else",
            f"{DEPARTURES}::test_keys_that_are_renewed_while_they_are_asked_about_get_nothing_out",
        ),
    ),
    Protection(
        name="pin-endpoint",
        promise="An endpoint that the pin does not name, set in the environment or a profile, is "
        "not used.",
        file="wizard/gateway/clients.py",
        code='"ignore_configured_endpoint_urls": True,',
        instead='"ignore_configured_endpoint_urls": False,',
        tests=(f"{WIRE}::test_an_endpoint_that_the_pin_does_not_name_is_not_used",),
    ),
)
"""In the order of `docs/promises.md`."""
