"""`python -m latentcode`: the command line."""

import sys

from latentcode.cli import main

sys.exit(main())
