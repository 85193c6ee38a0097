"""Overwriting a function: its package through a bucket of this account, its settings whole."""

import base64
import hashlib

from steps.lambda_facts import settings
from steps.lambda_function import Function
from steps.lambda_made import ZIP_LIMIT, update
from wizard.effects import Blob, Fetch, Read, Write

from .cases_of_steps import complaint
from .play import operations, play

SHA = hashlib.sha256(b"package")
LARGE = Blob(sha256=SHA.hexdigest(), size=ZIP_LIMIT + 1)
STEP = Function(
    name="f",
    source="eu-west-1",
    region="eu-central-2",
    account_id="123456789012",
    code_bucket="packages",
    overwrite=True,
)


def test_what_the_source_has_not_is_taken_away() -> None:
    plain = settings({"FunctionName": "f"})
    target = STEP.target({"source": plain, "there": {"layers": {}, "groups": {}, "existing": []}})
    fields = {"Layers", "VpcConfig", "DeadLetterConfig", "KMSKeyArn", "SnapStart"}
    _, asked = play(update(target, fields), None, None, {})
    (write,) = (one for one in asked if isinstance(one, Write))
    assert complaint(write) == ""
    assert {field: write.params[field] for field in fields} == {
        "Layers": [],
        "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
        "DeadLetterConfig": {"TargetArn": ""},
        "KMSKeyArn": "",
        "SnapStart": {"ApplyOn": "None"},
    }


CODE = {
    "Configuration": {
        "CodeSha256": base64.b64encode(SHA.digest()).decode(),
        "CodeSize": len(b"package"),
    },
    "Code": {"Location": "https://code.example/f"},
}
SMALL = Blob(sha256=SHA.hexdigest(), size=len(b"package"))
BUSY, FREE = {"LastUpdateStatus": "InProgress"}, {"LastUpdateStatus": "Successful"}


def test_code_and_settings_are_overwritten_in_one_go_once_aws_is_done_with_the_code() -> None:
    plain = settings({"FunctionName": "f"})
    source = {**plain, "code": {"image": "", "sha256": "x"}, "Architectures": ["arm64"]}
    target = STEP.target({"source": source, "there": {"layers": {}, "groups": {}, "existing": []}})
    fields = {"code", "Timeout"}
    _, asked = play(update(target, fields), CODE, SMALL, BUSY, FREE, CODE, None, {})
    assert operations(asked) == [
        "GetFunction",
        "UpdateFunctionCode",
        "GetFunctionConfiguration",
        "GetFunction",
        "GetFunction",
        "UpdateFunctionConfiguration",
    ]
    _, asked = play(update(target, fields), CODE, SMALL, BUSY, BUSY)
    assert operations(asked)[-1] == "GetFunctionConfiguration", "settings are for the next look"


def test_the_bucket_must_be_this_accounts() -> None:
    source = {"code": {"image": "", "sha256": "x"}, "Architectures": ["arm64"]}
    target = STEP.target({"source": source, "there": {}})
    answer = {
        "Configuration": {
            "CodeSha256": base64.b64encode(SHA.digest()).decode(),
            "CodeSize": LARGE.size,
        },
        "Code": {"Location": "https://code.example/f"},
    }
    _, asked = play(update(target, {"code"}), answer, LARGE, {}, {})
    read, fetch, put, code = asked
    assert isinstance(read, Read)
    assert isinstance(fetch, Fetch)
    assert isinstance(put, Write)
    assert isinstance(code, Write)
    assert put.params == {
        "Bucket": "packages",
        "ExpectedBucketOwner": "123456789012",
        "Key": f"lambda-import/f/{LARGE.sha256}.zip",
        "Body": LARGE,
    }
    assert code.params["S3Key"] == put.params["Key"]
