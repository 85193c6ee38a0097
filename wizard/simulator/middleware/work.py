"""The innermost handler: moto does the work, and what it cannot do becomes a clean error."""

import re
import sys
import traceback
from collections.abc import Iterable
from typing import Any

from flask import Flask
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import NotFound
from werkzeug.test import run_wsgi_app

from wizard.simulator.middleware.call import Answer, Call
from wizard.simulator.middleware.errors import refuse

NOT_SIMULATED = "NotImplemented"
_XML_CODE = re.compile(rb"<Code>([^<]{1,120})</Code>")
_JSON_CODE = re.compile(rb'"(?:__type|code|Code)"\s*:\s*"(?:[^"#]*#)?([^"]{1,120})"')


def _application(service: Any) -> Flask:
    if service is None:
        raise NotImplementedError("moto does not know the service")
    app = create_backend_app(service)
    # Exceptions come out to us: Flask would turn them into an HTML page that no SDK can read.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


class Moto:
    """moto's own dispatcher, called without a socket."""

    def __init__(self) -> None:
        self._dispatch = DomainDispatcherApplication(_application)

    def __call__(self, call: Call) -> Answer:
        """Do the work; never raises."""
        try:
            body, status, headers = run_wsgi_app(self._dispatch, call.environ, buffered=True)
        except (NotImplementedError, NotFound, KeyError, ModuleNotFoundError) as problem:
            if _is_missing(problem):
                return not_simulated(call)
            return internal(call, problem)
        except Exception as problem:  # noqa: BLE001  a fault of the simulation must still be an answer
            return internal(call, problem)
        return _answer(call, int(status.split(" ", 1)[0]), headers.items(), b"".join(body))


def not_simulated(call: Call) -> Answer:
    """The same words for whatever is missing; status 501, which no SDK retries."""
    return refuse(
        call,
        501,
        NOT_SIMULATED,
        f"The simulated account cannot carry out {call.service}:{call.operation}. "
        "A real account can; leave this out of the demo.",
    )


def _is_missing(problem: Exception) -> bool:
    """Whether moto lacks it. A KeyError counts when it comes from looking up the backend."""
    if isinstance(problem, (NotImplementedError, NotFound, ModuleNotFoundError)):
        return True
    frames = traceback.extract_tb(problem.__traceback__)
    return bool(frames) and frames[-1].filename.endswith(("backends.py", "backend_index.py"))


def internal(call: Call, problem: Exception) -> Answer:
    """The simulation itself failed: said on standard error, and to the caller as AWS would."""
    sys.stderr.write(f"simulated account: {call.service}:{call.operation} failed\n")
    traceback.print_exception(problem, file=sys.stderr)
    return refuse(call, 500, "InternalFailure", f"{type(problem).__name__}: {problem}")


def _answer(call: Call, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Answer:
    headers = tuple(headers)
    if status < 400:
        return Answer(status, headers, body)
    content_type = next((v for k, v in headers if k.lower() == "content-type"), "")
    asked_for_body = call.environ.get("REQUEST_METHOD") != "HEAD"
    is_page = "html" in content_type and b"<Code>" not in body and b"{" not in body
    if status == 404 and asked_for_body and is_page:
        # moto has no route: botocore would report an error code "404" without a word.
        return not_simulated(call)
    return Answer(status, headers, body, error_code=error_code(headers, body) or str(status))


def error_code(headers: Iterable[tuple[str, str]], body: bytes) -> str | None:
    """The error code that botocore will see."""
    for name, value in headers:
        if name.lower() == "x-amzn-errortype":
            return value.split(":", 1)[0].rpartition("#")[2]
        if name.lower() == "x-amzn-query-error":
            return value.split(";", 1)[0]
    found = _XML_CODE.search(body) or _JSON_CODE.search(body)
    return found.group(1).decode("utf-8", "replace") if found else None
