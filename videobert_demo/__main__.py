"""`python -m videobert_demo`."""

import sys

from videobert_demo.cli.main import main

sys.exit(main())
