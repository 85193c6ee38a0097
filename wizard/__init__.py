"""st-wizard: the engine, its journal and the command line."""

__version__ = "0.3.0"
