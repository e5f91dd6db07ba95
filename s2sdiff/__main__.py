"""`python -m s2sdiff` is the command line."""

import sys

from s2sdiff.cli import main

sys.exit(main())
