"""The way to AWS and back, in real seconds."""

import time

from wizard.simulator.middleware.call import Answer, Call, Handler


class Latency:
    """A layer that holds each answer back; 0 by default."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, call: Call, inner: Handler) -> Answer:
        if self.seconds > 0:
            time.sleep(self.seconds)
        return inner(call)
