"""`python -m wizard.simulator`: the simulated account as a process of its own."""

import os
import sys

from wizard.simulator.process import main

if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    if code == 0:
        # Everything is closed by now; taking moto's modules down would cost 0.2 s more.
        os._exit(0)
    sys.exit(code)
