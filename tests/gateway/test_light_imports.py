"""Importing the gateway costs nothing dear: what is dear is imported by the first call."""

import subprocess
import sys

PROGRAM = """
import pkgutil, sys
import wizard.gateway
for module in pkgutil.iter_modules(wizard.gateway.__path__):
    if module.name not in {"aws_errors", "whole_answers"}:
        __import__(f"wizard.gateway.{module.name}")
from wizard.effects import Write
from wizard.gateway.world import WorldGateway
from wizard.gateway.profiles import profiles
WorldGateway()
profiles()
dear = {"boto3", "botocore", "httpx", "sqlalchemy", "keyring", "jmespath"} & set(sys.modules)
WorldGateway().describe(Write("sns", "CreateTopic", {"Name": "a"}))
print(sorted(dear), sorted({"boto3", "httpx", "sqlalchemy", "keyring"} & set(sys.modules)))
"""


def test_nothing_dear_is_imported() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[] []"
