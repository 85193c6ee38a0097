"""The bundle depends on nothing of the machine that writes it."""

import os
import subprocess
import sys

SCRIPT = """
import hashlib, os, pathlib, tempfile
os.umask(int(os.environ["MASK"], 8))
from tests.evidence.exported import contents, exported
from tests.evidence.session import story
with tempfile.TemporaryDirectory() as folder:
    for name, content in sorted(contents(exported(story(), pathlib.Path(folder))).items()):
        print(hashlib.sha256(content).hexdigest(), name)
"""

HERE = {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8", "MASK": "022", "HOME": "/"}
ELSEWHERE = {
    "PYTHONHASHSEED": "4711",
    "TZ": "Pacific/Chatham",
    "LC_ALL": "C",
    "MASK": "077",
    "HOME": "/nowhere",
    "SOURCE_DATE_EPOCH": "1",
    "COLUMNS": "20",
    "AWS_REGION": "ap-south-2",
}


def sums(environment: dict[str, str]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_time_zone_locale_hash_seed_umask_and_home_change_nothing() -> None:
    here = sums(HERE)
    assert len(here) > 10
    assert sums(ELSEWHERE) == here
