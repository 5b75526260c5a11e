"""`python -m videobert_demo`."""

import sys

from videobert_demo.cli import main

sys.exit(main())
