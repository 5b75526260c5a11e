"""Returns the memory that a clip took to the system. Knows the C library; knows nothing about clips.

The C library keeps what is freed, in an arena for every few threads, in the hope that it is wanted again. A server
answers on many threads, so that after some hundreds of clips of all sizes it held 600 MB more than at its start, none
of them in use. Only glibc (Linux) needs this; other systems do it by themselves.
"""

from __future__ import annotations

import ctypes
import sys

_MAX_ARENAS = 2
_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h

_C_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None


def keep_arenas_few() -> None:
    """Lets threads share arenas from now on (mallopt of glibc, for the whole process)."""
    function = getattr(_C_LIBRARY, "mallopt", None)
    if function is not None:
        function(ctypes.c_int(_ARENA_MAX), ctypes.c_int(_MAX_ARENAS))


def give_memory_back() -> None:
    """Returns what no one uses (malloc_trim of glibc): some milliseconds, during which other threads go on."""
    function = getattr(_C_LIBRARY, "malloc_trim", None)
    if function is not None:
        function(ctypes.c_size_t(0))
