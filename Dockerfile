FROM python:3.11-slim-bookworm AS builder

COPY requirements/base.txt /tmp/base.txt
# Wheels only: nothing is compiled, and no package runs code of its own while it is installed.
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --only-binary :all: --require-hashes --requirement /tmp/base.txt


FROM python:3.11-slim-bookworm

ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production

# The user owns no file: what serves requests cannot change the code it runs.
RUN pip uninstall --yes setuptools wheel pip \
    && groupadd --gid 10001 schoolday \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin schoolday

COPY --from=builder /venv /venv
WORKDIR /app
COPY . .
RUN SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(64))') \
    python manage.py collectstatic --noinput

USER 10001:10001
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "config.wsgi:application"]
