"""Which Lambda runtimes no function can be created with any more."""

from wizard.effects import Json

# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html : after the date "block
# function create" CreateFunction refuses them. Those whose date AWS keeps putting off are not
# here: AWS itself says so when it comes to it.
BLOCKED = {
    "nodejs": "nodejs22.x",
    "nodejs4.3": "nodejs22.x",
    "nodejs4.3-edge": "nodejs22.x",
    "nodejs6.10": "nodejs22.x",
    "nodejs8.10": "nodejs22.x",
    "nodejs10.x": "nodejs22.x",
    "nodejs12.x": "nodejs22.x",
    "nodejs14.x": "nodejs22.x",
    "python2.7": "python3.13",
    "python3.6": "python3.13",
    "python3.7": "python3.13",
    "dotnetcore1.0": "dotnet8",
    "dotnetcore2.0": "dotnet8",
    "dotnetcore2.1": "dotnet8",
    "dotnetcore3.1": "dotnet8",
    "ruby2.5": "ruby3.4",
    "ruby2.7": "ruby3.4",
    "go1.x": "provided.al2023",
    "java8": "java21",
    "provided": "provided.al2023",
}
"""Runtime → the one to move to."""


def why_blocked(runtime: Json) -> str:
    """Why no function can be created with this runtime; empty when one can."""
    successor = BLOCKED.get(str(runtime))
    if successor is None:
        return ""
    return (
        f"AWS has ended {runtime}: no function can be created with it any more. Move its code to "
        f"{successor} in the source region first, then import it"
    )
