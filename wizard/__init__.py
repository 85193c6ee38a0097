"""st-wizard: the engine, its journal and the command line."""

__version__ = "0.2.0"
