# One image for every role: the API (the default), the worker (`python worker.py`) and the
# migrations (`python -m db.migrate`).

FROM python:3.13-slim AS packages
COPY requirements.txt .
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

# The code, apart from the sources of the pages, which are built from it and are not run.
FROM packages AS code
WORKDIR /app
COPY . .
RUN /venv/bin/python -m api.openapi >web/openapi.json && mv web /web \
 && find . -name __pycache__ -prune -exec rm -rf {} +

FROM node:24-slim AS web
WORKDIR /web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci
COPY --from=code /web .
RUN npm run build

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home campaigns
COPY --from=packages /venv /venv
WORKDIR /app
COPY --from=code /app .
COPY --from=web /web/dist web/dist
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CAMPAIGNS_ENV=production \
    CAMPAIGNS_HOST=0.0.0.0 \
    CAMPAIGNS_PORT=8000
USER campaigns
EXPOSE 8000
CMD ["python", "-m", "api"]
