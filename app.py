"""The entry of the Space, and of `python app.py` on a laptop: settings, then the service, then the app.

`python app.py --library DIR` and the like take the options of `python -m videobert_demo serve`.
"""

import sys

if __name__ == "__main__" and len(sys.argv) > 1:
    from videobert_demo.cli.main import main

    sys.exit(main(["serve", *sys.argv[1:]]))

if __name__ != "__mp_main__":  # as which the processes of `--workers` read this file
    from videobert_demo.ui.process import end_in_order, leave_requests_behind, prepare_process

    prepare_process()  # before PyTorch and Gradio are imported

    import videobert_demo
    from videobert_demo.settings import Settings
    from videobert_demo.ui.app import build_app
    from videobert_demo.ui.launching import launch_options
    from videobert_demo.ui.space import on_gpu

    settings = Settings.from_environment()
    service = videobert_demo.load(settings=settings, on_gpu=on_gpu)
    demo = build_app(service, warm_up=True)  # the name that `gradio app.py` looks for

if __name__ == "__main__":
    end_in_order()
    demo.launch(**launch_options(settings))
    leave_requests_behind()
