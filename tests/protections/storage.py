"""What was written down stays whole, in order, and its owner's alone."""

from tests.protections.protection import Protection

STORAGE = "tests/engine/test_storage.py"
JOURNAL = "tests/session/test_journal.py"
DAMAGE = "tests/session/test_damage.py"
FULL = "tests/session/test_full_disk.py"

PROTECTIONS = (
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
)
"""In the order of `docs/promises.md`."""
