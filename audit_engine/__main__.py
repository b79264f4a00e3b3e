"""Run the command line with ``python -m audit_engine``."""

from audit_engine.cli import main

main()
