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
RACES = "tests/session/test_races.py"
FULL = "tests/session/test_full_disk.py"
PINS = "tests/cli/test_pins.py"
STOPPING = "tests/engine/test_stopping.py"
TERMINALS = "tests/e2e/test_terminals.py"
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
    Protection(
        name="intent-first",
        promise="Each changing call is in the journal, on the disk, before it leaves.",
        file="wizard/engine/interpreter.py",
        code="self._record.append(intent(self._item, op, described, again))",
        instead="self._record.later(intent(self._item, op, described, again))",
        tests=(f"{STORAGE}::test_wherever_the_disk_gets_full_the_session_goes_on_later",),
    ),
    Protection(
        name="result-after",
        promise="What AWS answered, with its request id and date, is in the journal before "
        "anything rests on it, and a call in flight is awaited when the wizard is left.",
        file="wizard/engine/engine.py",
        code="        if self._scheduler.flights:\n            return False\n",
        instead="        pass\n",
        tests=(f"{STOPPING}::test_a_call_in_flight_is_awaited_and_its_receipt_kept",),
    ),
    Protection(
        name="hold",
        promise="Once the wizard is to end, or is paused, no call leaves.",
        file="wizard/engine/scheduler.py",
        code="        if self.hold:\n            return\n",
        instead="        pass\n",
        tests=(f"{STOPPING}::test_no_call_leaves_once_it_is_to_end",),
    ),
    Protection(
        name="read-back",
        promise="After each change it is looked whether it is there: AWS's 200 is not enough.",
        file="wizard/engine/lifecycle.py",
        code="            found, differences = yield from self._waiting.verify(step)\n",
        instead="            found, differences = found, ()\n",
        tests=(f"{STOPPING}::test_a_change_that_does_not_show_is_no_change",),
    ),
    Protection(
        name="read-back-many",
        promise="So for each of thousands.",
        file="wizard/engine/member.py",
        code="        if late and left and not",
        instead="        if False and not",
        tests=(
            "tests/engine/test_fan_out_crashes.py::test_what_aws_never_shows_fails_that_member",
        ),
    ),
    Protection(
        name="shown-late",
        promise="What AWS shows late is waited for before it is made again.",
        file="wizard/engine/doubts.py",
        code="                found, differences = yield from self._waiting.verify(step, open_)\n",
        instead="                pass\n",
        tests=(f"{STOPPING}::test_what_aws_shows_late_is_not_made_again",),
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
        figures="`make crash` kills at each point of each change",
    ),
    Protection(
        name="several",
        promise="Where several are found, none is chosen: they are shown, and a person sees to it.",
        file="steps/iam.py",
        code='        if len(seen["arns"]) != 1:\n',
        instead='        if not seen["arns"]:\n',
        tests=("tests/steps/test_cases.py::test_case",),
        only="shown and neither",
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
        name="unseen",
        promise="Of what cannot be seen by looking it is not said that it happened.",
        file="wizard/engine/doubts.py",
        code="happened = not open_(differences) and not unseen",
        instead="happened = not open_(differences)",
        tests=(
            "tests/engine/test_deeds.py::"
            "test_of_what_nobody_can_see_it_is_not_said_that_it_happened",
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
        name="full-or-read-only",
        promise="A disk that is full or read-only is told as that, and is no damage.",
        file="wizard/session/tables.py",
        code="_NO_DAMAGE):",
        instead='"nothing"):',
        tests=(f"{FULL}::test_no_room_to_begin_with_is_told",),
        figures="by RLIMIT_FSIZE at 5 sizes, and without the right to write",
    ),
    Protection(
        name="not-ours",
        promise="So when the operating system says it before SQLite does.",
        file="wizard/session/tables.py",
        code="    except OSError as error:\n",
        instead="    except ZeroDivisionError as error:\n",
        tests=(f"{FULL}::test_a_directory_that_is_read_only_is_told",),
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
        name="last-lines",
        promise="A journal that was cut at its end is found out.",
        file="wizard/session/journal.py",
        code="        if not head or not any(\n",
        instead="        if False and not any(\n",
        tests=(f"{JOURNAL}::test_what_was_cut_or_put_beside_the_chain_is_found",),
        only="last",
    ),
    Protection(
        name="beside-the-chain",
        promise="So is a checklist, or its advice, that is not the one of the first line.",
        file="wizard/session/journal.py",
        code=" or not _agree(rows[0], begun):",
        instead=":",
        tests=(f"{JOURNAL}::test_what_was_cut_or_put_beside_the_chain_is_found",),
        only="checklist",
    ),
    Protection(
        name="missing-session",
        promise="So is a session that is gone.",
        file="wizard/session/journal.py",
        code="if numbers != list(range(1, len(numbers) + 1)) or",
        instead="if",
        tests=(f"{JOURNAL}::test_what_was_cut_or_put_beside_the_chain_is_found",),
        only="missing",
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
        name="private-lock",
        promise="So are its lock and its reserve.",
        file="wizard/session/lease.py",
        code="os.O_RDWR | os.O_CREAT, 0o600",
        instead="os.O_RDWR | os.O_CREAT, 0o644",
        tests=(f"{FULL}::test_nobody_else_may_read_what_is_kept",),
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
    Protection(
        name="signals",
        promise="SIGTERM and SIGHUP end a command in order: the call in flight is awaited and "
        "written down, the session suspended, exit code 3.",
        file="wizard/cli/__init__.py",
        code="    _leave_in_order()\n",
        instead="    pass\n",
        tests=("tests/e2e/test_signals.py::test_a_run_that_writes_ends_in_order",),
        only="SIGTERM",
    ),
    Protection(
        name="signals-screen",
        promise="SIGINT, SIGTERM and SIGHUP end the full screen so, and the terminal is as it was.",
        file="screens/app.py",
        code='for name in ("SIGINT", "SIGTERM", "SIGHUP"):',
        instead="for name in ():",
        tests=(f"{TERMINALS}::test_a_wizard_that_writes_ends_in_order",),
        only="screen and SIGTERM",
        figures="3 signals, Ctrl-C and a hang-up, in the middle of a change",
    ),
    Protection(
        name="terminal-gone",
        promise="A terminal that is gone keeps nothing from being written down; exit code 3.",
        file="wizard/cli/__init__.py",
        code="    outlive_terminal()\n",
        instead="    pass\n",
        tests=(f"{TERMINALS}::test_a_run_in_a_terminal_ends_in_order",),
        only="hang",
    ),
    Protection(
        name="named-account",
        promise="Without a screen, a session of a real account goes on only when it is named.",
        file="wizard/cli/account.py",
        code="    if not is_simulated(pin) and not account:\n",
        instead="    if False:\n",
        tests=(f"{PINS}::test_without_a_screen_its_account_must_be_named",),
    ),
    Protection(
        name="typed-account",
        promise="On the screen, a real account begins once its alias was typed: no default.",
        file="screens/start.py",
        code='self.query_one("#begin", Button).disabled = not right',
        instead='self.query_one("#begin", Button).disabled = False',
        tests=("tests/screens/test_start.py::test_real_account_wants_its_alias_typed",),
    ),
    Protection(
        name="typed-account-paper",
        promise="So on paper.",
        file="wizard/console/plain/beginning.py",
        code="            sure = typed == phrase\n",
        instead="            sure = True\n",
        tests=(
            "tests/console/test_plain_items.py::"
            "test_a_real_account_is_typed_and_anything_else_is_refused",
        ),
    ),
)
"""In the order of `docs/promises.md`."""
