# One image for web, worker and clock; docker-compose.yml says which command each one runs.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/chengxuan

COPY requirements.lock ./
RUN pip install -r requirements.lock

# Code belongs to root and cannot be changed by the running site; data lives in the volume alone.
COPY . .
RUN python -m compileall -q . \
    && useradd --system --uid 10001 --home-dir /srv/var --create-home chengxuan
ENV VAR_DIR=/srv/var
VOLUME /srv/var
USER chengxuan

EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--no-control-socket"]
