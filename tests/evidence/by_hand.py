"""Follows README-VERIFY.txt as an auditor does: its indented commands, as they are printed."""

import re
import subprocess
from pathlib import Path

_BLOCK = re.compile(r"(?:^    .*\n|^\n(?=    ))+", re.MULTILINE)


def commands(text: str) -> list[str]:
    """The indented blocks, in their order."""
    return [block.strip("\n") for block in _BLOCK.findall(text)]


def by_hand(folder: Path) -> list[str]:
    """What each of them prints in this folder, errors included."""
    readme = (folder / "README-VERIFY.txt").read_text(encoding="utf-8")
    printed = []
    for block in commands(readme):
        done = subprocess.run(
            ["sh", "-c", block],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": "/usr/bin:/bin"},
        )
        printed.append((done.stdout + done.stderr).strip())
    return printed


def found_by_hand(folder: Path, head: str) -> set[int]:
    """The numbers of the steps whose commands do not print what the text says."""
    unchanged, looked, chain, checklist, sample, signed, _ = by_hand(folder)
    wrong = set()
    if unchanged != "1: unchanged":
        wrong.add(1)
    if looked != "2: looked":
        wrong.add(2)
    printed = chain.splitlines()
    if len(printed) != 2 or printed[0] != head or f'"{head}"' not in printed[1]:
        wrong.add(3)
    hashes = re.findall(r"[0-9a-f]{64}", checklist)
    if len(hashes) not in {3, 4} or not set(hashes[2:]) <= set(hashes[:2]):
        wrong.add(4)
    if not re.search(r'"sha256": ?"|"head_sha256": "', sample):
        wrong.add(5)
    if signed != "6: listed":
        wrong.add(6)
    return wrong
