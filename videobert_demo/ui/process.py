"""Sets up the process of a server, before PyTorch and Gradio are imported, and its end. Only who serves calls it.

Environment variables that somebody has set already stay as they are, but for the folder of uploads: each server gets
one of its own in it.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from videobert_demo.settings import UPLOAD_FOLDER_VARIABLE, rest_threads, upload_folder
from videobert_demo.ui.upload_folder import UploadFolder

STOP_SECONDS = 8.0
"""How long requests that are being worked on may take when the server is told to end."""
_ENDED_BY_SIGTERM = 128 + signal.SIGTERM

SERVER_ENVIRONMENT = {
    # Otherwise Gradio makes a table of statistics after every answer, which nobody sees and which takes it 18 ms.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9),
}


def prepare_process() -> None:
    """Sets environment variables of threads and `SERVER_ENVIRONMENT`, and keeps the memory of the threads together."""
    rest_threads()
    # Two calls of the model run at once (service/turns.py): each has its share of the cores, and waits for no other.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // 2)))
    for name, value in SERVER_ENVIRONMENT.items():
        os.environ.setdefault(name, value)

    from videobert_demo.video.memory import keep_arenas_few  # here, because it may import what reads the variables

    keep_arenas_few()  # only counts before there are many threads
    if not _own:
        atexit.register(_leave)  # before those of what is imported from now on, so that it comes after them
    use_own_upload_folder()  # Gradio's components remember the folder when they are made


_own: list[UploadFolder] = []
_signals: list[int] = []
_served: list[bool] = []


def use_own_upload_folder() -> Path:
    """Gives this process a folder of its own for uploads and results, in the one where Gradio would keep them.

    It is made once, named to Gradio by its variable, and deleted when the process ends. What a server that was killed
    left in its own is deleted now.

    Raises:
        OSError: No folder can be made there.
    """
    if not _own:
        _own.append(UploadFolder.claim(upload_folder()))
        atexit.register(_own[0].release)
    os.environ[UPLOAD_FOLDER_VARIABLE] = str(_own[0].path)
    return _own[0].path


def end_in_order() -> None:
    """Lets SIGTERM end the server as Ctrl-C does: requests may end, files are deleted, and then the process is gone.

    Without this the process would be gone at once, its answers cut off and its files left. A second SIGTERM ends it so.
    Who serves calls `leave_requests_behind` afterwards.
    """
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _end)
        signal.signal(signal.SIGINT, _interrupt)


def leave_requests_behind() -> None:
    """After serving: what is registered for the process's end is done, and requests that still work are not waited for.

    Python would end their threads when they come back from PyTorch, and in the middle of C++ that aborts the process.
    """
    if _signals:
        _served.append(True)


def _leave() -> None:
    if _served:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _interrupt(number: int, frame: FrameType | None) -> None:
    _signals.append(number)
    raise KeyboardInterrupt


def _end(number: int, frame: FrameType | None) -> None:
    _signals.append(number)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    watchdog = threading.Timer(STOP_SECONDS, _give_up)
    watchdog.daemon = True
    watchdog.start()
    if hasattr(signal, "setitimer"):  # the system's own, for threads that keep even the interpreter's end waiting
        signal.setitimer(signal.ITIMER_REAL, STOP_SECONDS + 1)
    raise KeyboardInterrupt  # what Gradio waits for while it serves


def _give_up() -> None:
    """Ends the process although a request is still being worked on."""
    for folder in _own:
        folder.release()
    sys.stderr.flush()
    os._exit(_ENDED_BY_SIGTERM)
