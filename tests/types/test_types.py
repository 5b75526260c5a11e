import subprocess
import sys


def test_types_are_light() -> None:
    code = "import sys, videobert_demo.types; print(sorted({'torch', 'av', 'cv2', 'gradio'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
