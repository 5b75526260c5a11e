# The app in a container. Built and tried by .ci/image.
#   docker build -t videobert-demo .                                    without a GPU
#   docker build -t videobert-demo --build-arg TORCH_BACKEND= .     with one: the build for CUDA that PyPI has
#   docker run --rm -p 7860:7860 videobert-demo                         add --gpus all for a GPU
#   ... -v clips:/library -e VIDEOBERT_LIBRARY_URI=/library             keeps added clips, for all visitors
FROM python:3.11-slim-bookworm

ARG TORCH_BACKEND=cpu
COPY requirements.txt /tmp/
RUN pip install --no-cache-dir uv==0.13.9 \
    && uv pip install --system --no-cache ${TORCH_BACKEND:+--torch-backend="$TORCH_BACKEND"} -r /tmp/requirements.txt \
    && pip uninstall --yes uv \
    && useradd --create-home --uid 1000 app \
    && install -d -o app -g app /library

WORKDIR /home/app/videobert_demo
COPY --chown=app:app app.py README.md ./
COPY --chown=app:app assets assets
COPY --chown=app:app configs configs
COPY --chown=app:app videobert_demo videobert_demo

USER 1000
ENV GRADIO_SERVER_NAME=0.0.0.0 \
    GRADIO_SERVER_PORT=7860 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# Used only with -e VIDEOBERT_LIBRARY_URI=/library: then added clips stay, for all visitors.
VOLUME /library
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
# An exec form, so that SIGTERM reaches the app, which ends what it has begun and deletes visitors' clips.
CMD ["python", "app.py"]
