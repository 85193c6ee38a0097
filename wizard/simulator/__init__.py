"""The simulated account: moto made honest, in a process of its own, for demos and tests."""
