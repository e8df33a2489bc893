# Two stages: the build tools do not stay in the image.
FROM python:3.12-slim AS build
WORKDIR /source
COPY . .
RUN pip install --no-cache-dir build && python -m build --wheel --outdir /wheels

FROM python:3.12-slim
# `docker build --build-arg EXTRAS='[cluster]'` for one of several hosts.
ARG EXTRAS=""
COPY --from=build /wheels/*.whl /wheels/
RUN pip install --no-cache-dir "$(echo /wheels/*.whl)$EXTRAS" \
    && rm -rf /wheels \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin dalleserver \
    && install -d -o dalleserver -g dalleserver /data /run/dalleserver
USER dalleserver
WORKDIR /data
ENV PYTHONUNBUFFERED=1 \
    TB_DALLE_DATA_DIR=/data \
    TB_DALLE_HOST=0.0.0.0 \
    TB_DALLE_PORT=8080
VOLUME /data
EXPOSE 8080
# SIGTERM waits for the runs: allow time for them with `docker stop --time 600`. The next start resumes what did not end.
STOPSIGNAL SIGTERM
# Over the port, or over the socket if TB_DALLE_BIND names one.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["python", "-c", "\
import http.client, os, socket\n\
place = os.environ.get('TB_DALLE_BIND', '').split(',')[0]\n\
connection = http.client.HTTPConnection('127.0.0.1', int(os.environ['TB_DALLE_PORT']), timeout=4)\n\
if place.startswith('unix:'):\n\
    connection.sock = socket.socket(socket.AF_UNIX)\n\
    connection.sock.settimeout(4)\n\
    connection.sock.connect(place[5:])\n\
connection.request('GET', '/health?check=liveness')\n\
raise SystemExit(connection.getresponse().status != 200)\n"]
CMD ["python", "-m", "gunicorn", "-c", "python:app.serving"]
