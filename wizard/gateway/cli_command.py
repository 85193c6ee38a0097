"""The command line that equals a call: AWS CLI, curl, SQL or openssl, ready to be pasted.

Secrets stand as `"$NAME"`, to be put into the environment first. What is known only after apply
reads so, and cannot be pasted.
"""

import json
import re
import shlex
from collections.abc import Mapping

from wizard.effects import Columns, Handshake, Insert, Json, Read, Rows, Write, has_unknown
from wizard.gateway.loopback import split

CLI_NAMES = {"s3": "s3api", "stepfunctions": "stepfunctions", "codedeploy": "deploy"}
"""The AWS CLI's name of a service where it is not boto3's."""


def aws_command(effect: Read | Write, params: Json, region: str, endpoint_url: str = "") -> str:
    """The AWS CLI command; `params` are the redacted ones."""
    words = ["aws", CLI_NAMES.get(effect.service, effect.service), _kebab(effect.operation)]
    for name, value in params.items():
        words += _argument(_kebab(name), value)
    if isinstance(effect, Read) and effect.pages:
        words += ["--query", shlex.quote(effect.pages)]
    if region:
        words += ["--region", shlex.quote(region)]
    if endpoint_url:
        words += ["--endpoint-url", shlex.quote(endpoint_url)]
    return " ".join(words)


def curl_command(method: str, url: str, body: Json) -> str:
    """The curl command; `body` is the redacted one, None for none."""
    words = ["curl", "--fail-with-body", "--request", shlex.quote(method)]
    if body is not None:
        words += ["--header", "'Content-Type: application/json'", "--data", _word(body)]
    return " ".join([*words, shlex.quote(url)])


def handshake_command(handshake: Handshake) -> str:
    """The openssl command that shows the same certificate."""
    at = shlex.quote(f"{handshake.host}:{handshake.port}")
    return f"openssl s_client -connect {at} -servername {shlex.quote(handshake.server_name)}"


def sql(effect: Columns | Rows | Insert, values: Json) -> str:
    """The statement, its parameters written out in the database's own quoting."""
    quote = "`" if split(effect.database).scheme.startswith("mysql") else '"'
    table = _name(effect.table, quote)
    match effect:
        case Columns():
            return f"SELECT * FROM {table} WHERE 1 = 0;"  # noqa: S608  shown, never executed
        case Rows():
            where = " AND ".join(
                f"{_name(name, quote)} IS NULL"
                if value is None
                else f"{_name(name, quote)} = {_literal(value)}"
                for name, value in values.items()
            )
            return f"SELECT * FROM {table}{' WHERE ' + where if where else ''};"  # noqa: S608
        case Insert():
            names = ", ".join(_name(name, quote) for name in values)
            literals = ", ".join(_literal(value) for value in values.values())
            return f"INSERT INTO {table} ({names}) VALUES ({literals});"  # noqa: S608


def _argument(option: str, value: Json) -> list[str]:
    match value:
        case True:
            return [f"--{option}"]
        case False:
            return [f"--no-{option}"]
        case _:
            return [f"--{option}", _word(value)]


def _word(value: Json) -> str:
    """One shell word; a secret in it is expanded by the shell from the environment."""
    secret = _secret_name(value)
    if secret is not None:
        return _expanding(secret, value.get("text", "{}"))
    if isinstance(value, str):
        return shlex.quote(str.__str__(value))
    quoted = shlex.quote(json.dumps(value, ensure_ascii=False, default=str))
    return _SECRET_IN_JSON.sub(_in_json, quoted)


_SECRET_IN_JSON = re.compile(
    r'\{"\$(?:secret|redacted)": "([^"\\]*)"'
    r"""(?:, "text": ("(?:[^"\\']|\\.|'"'"')*"))?\}"""
)
"""In a word quoted for the shell, where an apostrophe reads `'"'"'`."""


def _in_json(found: re.Match[str]) -> str:
    """Leaves the single quotes for a double-quoted JSON text that the shell expands."""
    secret = "${" + _variable(found[1]) + "}"
    if found[2] is None:
        return f"""'"\\"${secret[2:-1]}\\""'"""
    text = _QUOTE.sub(r"\\\g<0>", found[2].replace("""'"'"'""", "'"))
    return f"""'"{text.replace("{}", secret)}"'"""


_QUOTE = re.compile(r'[\\"$`]')


def _expanding(secret: str, text: str) -> str:
    """A double-quoted word in which the shell expands the secret and nothing else."""
    if text == "{}":
        return f'"${secret}"'
    around = _QUOTE.sub(r"\\\g<0>", text)
    return '"' + around.replace("{}", "${" + secret + "}") + '"'


def _secret_name(value: Json) -> str | None:
    match value:
        case {"$secret": str(name)} | {"$redacted": str(name)}:
            return _variable(name)
        case _:
            return None


def _variable(name: str) -> str:
    """The environment variable that stands for a secret: `scale-password` → `SCALE_PASSWORD`."""
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").upper() or "SECRET"


def _kebab(name: str) -> str:
    from botocore import xform_name  # noqa: PLC0415

    kebab: str = xform_name(name, "-")
    return kebab


def _name(name: str, quote: str) -> str:
    return ".".join(quote + part.replace(quote, quote * 2) + quote for part in name.split("."))


def _literal(value: Json) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return str(value)
        case str():
            return "'" + str.__str__(value).replace("'", "''") + "'"
        case Mapping() if not has_unknown(value) and _secret_name(value) is not None:
            return f":{_secret_name(value)}"
        case _:
            return _literal(json.dumps(value, ensure_ascii=False, default=str))
