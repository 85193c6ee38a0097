"""What is sent goes where it should, and whatever is answered can be written down."""

from tests.hostile.payloads import PAYLOADS
from tests.protections.protection import Protection

GATE = "tests/hostile/test_payloads.py"
SERVERS = "tests/gateway/test_http_hostile.py"
TRIED = f"{len(PAYLOADS)} payloads"

PROTECTIONS = (
    Protection(
        name="redirects",
        promise="The scale API's redirects are not followed.",
        file="wizard/gateway/http.py",
        code='"follow_redirects": False',
        instead='"follow_redirects": True',
        tests=(f"{SERVERS}::test_no_redirect_is_followed",),
    ),
    Protection(
        name="certificates",
        promise="Nothing is sent to a server whose certificate nobody vouches for.",
        file="wizard/gateway/http.py",
        code='"follow_redirects": False}',
        instead='"follow_redirects": False, "verify": False}',
        tests=(f"{SERVERS}::test_a_certificate_that_nobody_vouches_for_gets_nothing",),
    ),
    Protection(
        name="this-machine",
        promise="Plain HTTP is spoken with this machine alone, whatever a resolver says.",
        file="wizard/gateway/loopback.py",
        code='    if host == "localhost":\n',
        instead='    if host == "localhost" or host.endswith(".localhost"):\n',
        tests=(
            "tests/gateway/test_network.py::test_what_is_on_this_machine",
            "tests/gateway/test_endpoints.py::test_an_endpoint_that_others_could_read_is_refused",
        ),
    ),
    Protection(
        name="endpoints",
        promise="An endpoint beyond this machine is reached by TLS only.",
        file="wizard/gateway/world.py",
        code="        _refuse_unsafe(endpoint_url)\n",
        instead="",
        tests=(
            "tests/gateway/test_endpoints.py::test_an_endpoint_that_others_could_read_is_refused",
        ),
    ),
    Protection(
        name="deep-answers",
        promise="An answer that is nested without end is an answer.",
        file="wizard/gateway/http.py",
        code="    except (ValueError, RecursionError):\n        return whole(body)",
        instead="    except ValueError:\n        return whole(body)",
        tests=(f"{SERVERS}::test_an_odd_body_is_an_answer_that_can_be_written_down",),
    ),
    Protection(
        name="half-characters",
        promise="Whatever is typed or answered can be written down.",
        file="wizard/session/canonical.py",
        code="        return _written(whole_texts(plain))\n",
        instead="        raise\n",
        tests=(
            f"{GATE}::test_all_of_them_can_be_written_down_and_read_back",
            "tests/session/test_canonical.py::test_half_a_character_is_written_as_one_that_says_so",
        ),
        figures=TRIED,
    ),
)
"""In the order of `docs/promises.md`."""
