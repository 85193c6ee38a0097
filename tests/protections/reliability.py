"""Nothing lost and nothing twice: one writer, one account, intent before and result after."""

from tests.protections.protection import Protection

CRASHES = "tests/engine/test_crashes.py"
STORES = "tests/session/test_stores.py"
STORAGE = "tests/engine/test_storage.py"
TAKEOVER = "tests/engine/test_takeover.py"
CONSENT = "tests/engine/test_consent.py"
JOURNAL = "tests/session/test_journal.py"
DAMAGE = "tests/session/test_damage.py"
MOVING = "tests/engine/test_moving.py"
WIRE = "tests/gateway/test_aws_faults.py"
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
            f"{CRASHES}::test_a_second_operator_is_refused_and_told_who_holds_it",
        ),
    ),
    Protection(
        name="lease-server",
        promise="So on a PostgreSQL server.",
        file="wizard/session/lease.py",
        code="if by is not None and alive and not takeover:",
        instead="if False:",
        tests=(
            f"{STORES}::test_a_second_writer_is_refused_and_told_who_has_it",
            f"{STORES}::test_signs_of_life_are_judged_by_the_holders_own_measure",
        ),
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
        tests=(f"{STORES}::test_a_takeover_fences_the_old_writer_out",),
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
    Protection(
        name="intent-first",
        promise="Each changing call is in the journal, on the disk, before it leaves.",
        file="wizard/engine/interpreter.py",
        code="self._record.append(intent(self._item, op, described, again))",
        instead="self._record.later(intent(self._item, op, described, again))",
        tests=(f"{STORAGE}::test_wherever_the_disk_gets_full_the_session_goes_on_later",),
    ),
    Protection(
        name="sdk-retries-off",
        promise="A changing call leaves once: the SDK does not repeat it.",
        file="wizard/gateway/clients.py",
        code='"retries": {"total_max_attempts": 1,',
        instead='"retries": {"total_max_attempts": 3,',
        tests=(f"{WIRE}::test_a_mutating_call_leaves_once_and_is_in_doubt",),
    ),
    Protection(
        name="own-retries-off",
        promise="Nor does the wizard, which repeats reads only.",
        file="wizard/gateway/aws.py",
        code="if mutating or attempt >= self._backoff.attempts",
        instead="if attempt >= self._backoff.attempts",
        tests=(f"{WIRE}::test_a_mutating_call_leaves_once_and_is_in_doubt",),
    ),
    Protection(
        name="reads-again",
        promise="A read that was reset, cut, slow or answered by 5xx is made again.",
        file="wizard/gateway/aws.py",
        code="or not is_transient(problem):",
        instead="or True:",
        tests=(f"{WIRE}::test_a_read_is_made_again",),
    ),
    Protection(
        name="in-doubt",
        promise="A changing call whose answer was lost is in doubt, not failed.",
        file="wizard/gateway/aws_errors.py",
        code="if site.mutating and (lost or site.sent):",
        instead="if False:",
        tests=(f"{WIRE}::test_a_mutating_call_leaves_once_and_is_in_doubt",),
    ),
    Protection(
        name="whole-answers",
        promise="An answer that was cut short is not taken for a whole one.",
        file="wizard/gateway/clients.py",
        code='made.meta.events.register("before-parse", check_whole)',
        instead="_ = check_whole",
        tests=(f"{WIRE}::test_a_truncated_json_answer_is_in_doubt_too",),
    ),
    Protection(
        name="look-first",
        promise="After a kill, an intent without a result is settled by looking before anything "
        "is called.",
        file="wizard/engine/lifecycle.py",
        code="        if unsettled(self._state):\n",
        instead="        if False:\n",
        tests=(f"{CRASHES}::test_killed_between_intent_and_result",),
    ),
    Protection(
        name="ask-a-person",
        promise="What can be neither found nor repeated needs a person's word.",
        file="wizard/engine/doubts.py",
        code="if call.again is Again.ASK:",
        instead="if False:",
        tests=(
            f"{CRASHES}::test_what_cannot_be_looked_up_is_asked",
            f"{CRASHES}::test_killed_before_an_answer_that_cannot_be_looked_up",
        ),
    ),
    Protection(
        name="stale-look",
        promise="What was looked at more than a minute ago is looked at again before a write "
        "leaves.",
        file="wizard/engine/scheduler.py",
        code="            if now > make.not_after:\n",
        instead="            if False:\n",
        tests=(
            f"{CONSENT}::test_a_write_that_was_held_back_looks_again_before_it_leaves",
            f"{CONSENT}::test_a_write_that_waited_in_a_pause_looks_again_before_it_leaves",
        ),
    ),
    Protection(
        name="expired",
        promise="Credentials that end in the middle pause the session; after the log-in it goes "
        "on.",
        file="wizard/engine/interpreter.py",
        code="                    yield from self._log_in_again(error)\n"
        "                    continue\n",
        instead="                    raise\n",
        tests=(f"{CRASHES}::test_expired_credentials_pause_and_go_on",),
    ),
    Protection(
        name="throttled",
        promise="A throttled call is put off and made.",
        file="wizard/engine/interpreter.py",
        code="if isinstance(error, ThrottledError) and throttled < THROTTLED_AT_MOST:",
        instead="if False:",
        tests=(f"{CRASHES}::test_throttled_calls_are_put_off_and_made",),
    ),
    Protection(
        name="reserve",
        promise="A result that a full disk does not take is kept in room that was reserved.",
        file="wizard/session/writer.py",
        code="            self._emergency.keep(results)\n",
        instead="            pass\n",
        tests=(
            f"{STORAGE}::test_a_full_disk_is_told_and_the_result_kept",
            f"{STORAGE}::test_wherever_the_disk_gets_full_the_session_goes_on_later",
        ),
    ),
    Protection(
        name="no-gap",
        promise="After a line that the store did not take none is taken: there is no gap.",
        file="wizard/session/writer.py",
        code="        if self._broken is None:\n",
        instead="        if True:\n",
        tests=(f"{STORAGE}::test_a_full_disk_is_told_and_the_result_kept",),
    ),
    Protection(
        name="chain",
        promise="A line that was changed, and by its hash each one before it, is found.",
        file="wizard/session/lines.py",
        code="if sha256 != stored or entry.previous_sha256 != previous or entry.seq != place:",
        instead="if False:",
        tests=(
            f"{JOURNAL}::test_damage_is_found_and_its_line_named",
            f"{DAMAGE}::test_every_byte_flipped_is_found_or_harmless",
        ),
        figures="`make crash` flips each 5th byte twice",
    ),
    Protection(
        name="newer-journal",
        promise="A journal from a newer version is refused, untouched.",
        file="wizard/session/tables.py",
        code="if found > SCHEMA:",
        instead="if False:",
        tests=(f"{JOURNAL}::test_a_newer_journal_is_refused_untouched",),
    ),
    Protection(
        name="older-journal",
        promise="One from an older version is brought forward.",
        file="wizard/session/tables.py",
        code="        MIGRATIONS[older](connection)\n",
        instead="        pass\n",
        tests=(
            "tests/session/test_migration.py::"
            "test_a_session_of_that_version_is_read_and_gone_on_with",
        ),
    ),
    Protection(
        name="private-home",
        promise="The home is the operator's alone: 0700.",
        file="wizard/session/home.py",
        code="home.mkdir(mode=0o700,",
        instead="home.mkdir(mode=0o755,",
        tests=(f"{JOURNAL}::test_the_directory_and_the_file_are_the_owners_alone",),
    ),
    Protection(
        name="private-journal",
        promise="So is the journal: 0600 from its first byte.",
        file="wizard/session/home.py",
        code="os.O_RDWR | os.O_CREAT, 0o600",
        instead="os.O_RDWR | os.O_CREAT, 0o644",
        tests=(f"{JOURNAL}::test_the_directory_and_the_file_are_the_owners_alone",),
    ),
    Protection(
        name="shared-home",
        promise="A home that others can write to is refused.",
        file="wizard/session/home.py",
        code="    if shared:\n",
        instead="    if False:\n",
        tests=(
            f"{JOURNAL}::test_a_directory_that_was_there_keeps_its_mode_and_a_shared_one_is_refused",
        ),
    ),
    Protection(
        name="reopened",
        promise="Moving to another copy of the checklist opens again what changed.",
        file="wizard/engine/moving.py",
        code="for item in started\n",
        instead="for item in started[:0]\n",
        tests=(f"{MOVING}::test_only_what_changed_is_opened_again",),
    ),
    Protection(
        name="no-move-in-doubt",
        promise="While a call is in doubt, its item stays as the copy that made it has it.",
        file="wizard/engine/moving.py",
        code="    if doubtful:\n",
        instead="    if False:\n",
        tests=(f"{MOVING}::test_a_call_in_doubt_keeps_its_item_as_it_was",),
    ),
)
"""In the order of `docs/promises.md`."""
