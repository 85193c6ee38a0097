"""A session has one writer: who holds it, who takes it over, and what the old one may still do."""

from tests.protections.protection import Protection

STORES = "tests/session/test_stores.py"
TAKEOVER = "tests/engine/test_takeover.py"
RACES = "tests/session/test_races.py"
DEPARTURES = "tests/gateway/test_departures.py"

PROTECTIONS = (
    Protection(
        name="lease-file",
        promise="A session has one writer: a second operator is refused and told who has it, "
        "where and since when.",
        file="wizard/session/lease.py",
        code="            if not takeover:\n",
        instead="            if False:\n",
        tests=(
            f"{STORES}::test_a_second_writer_is_refused_and_told_who_has_it",
            f"{RACES}::test_of_those_who_race_for_a_session_one_gets_in",
        ),
        only="file",
        figures="`make crash` has 1,000 races of three processes",
    ),
    Protection(
        name="lease-server",
        promise="So on a PostgreSQL server.",
        file="wizard/session/lease.py",
        code="if by is not None and alive and not takeover:",
        instead="if False:",
        tests=(
            f"{STORES}::test_a_second_writer_is_refused_and_told_who_has_it",
            f"{RACES}::test_of_those_who_race_for_a_session_one_gets_in",
        ),
        only="server",
        figures="`make crash` has 1,000 races of three processes",
    ),
    Protection(
        name="signs-of-life",
        promise="A holder on a server that gives no more signs of life holds nothing.",
        file="wizard/session/lease.py",
        code="return by, row.beat >= now - by.beat * BEATS_MISSED",
        instead="return by, True",
        tests=(f"{STORES}::test_a_holder_on_a_server_that_gives_no_sign_of_life_is_dead",),
    ),
    Protection(
        name="fence",
        promise="Each commit is made under the newest epoch: who was taken over writes nothing.",
        file="wizard/session/writer.py",
        code="if self._connection.execute(mine.values(**head)).rowcount != 1:",
        instead="if self._connection.execute(mine.values(**head)).rowcount < 0:",
        tests=(
            f"{STORES}::test_a_takeover_fences_the_old_writer_out",
            f"{RACES}::test_of_those_who_take_over_at_once_the_last_one_writes",
        ),
        figures="`make crash` has 1,000 races of three takeovers on each store",
    ),
    Protection(
        name="dead-holder",
        promise="A dead holder's lock is free at once.",
        file="wizard/session/lease.py",
        code="            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n",
        instead="            if file.read():\n"
        "                file.close()\n"
        "                return None\n",
        tests=(f"{RACES}::test_a_dead_holders_lock_is_free_at_once",),
    ),
    Protection(
        name="lookers",
        promise="Who only looks who has it keeps nobody out.",
        file="wizard/session/lease.py",
        code="            held = _is_held(file)\n",
        instead="            held = True\n",
        tests=(f"{RACES}::test_who_only_looks_who_has_it_keeps_nobody_out",),
    ),
    Protection(
        name="last-calls",
        promise="After a takeover, calls of the old writer are awaited before any is repeated.",
        file="wizard/engine/doubts.py",
        code="if self._in_flight_elsewhere():",
        instead="if False:",
        tests=(
            f"{TAKEOVER}::test_a_call_in_flight_when_it_was_taken_over_is_not_made_again",
            f"{TAKEOVER}::test_nobody_is_asked_about_a_call_that_may_still_happen",
        ),
    ),
    Protection(
        name="too-late",
        promise="A write that a sleeping machine kept is not sent when it wakes.",
        file="wizard/gateway/departures.py",
        code="if self.here.mutating and late > LEAVES_WITHIN:",
        instead="if False:",
        tests=(f"{DEPARTURES}::test_a_write_that_a_sleeping_machine_kept_is_not_sent",),
    ),
)
"""In the order of `docs/promises.md`."""
