# One image for every Airflow service: the locked environment first, the code, which changes more often, last.
FROM python:3.11-slim-bookworm

# AIRFLOW_HOME stays in the container: on a volume, airflow.cfg would carry one version's defaults into the next.
# Bytecode is compiled at build: the user below may not write it, and each start of Airflow would compile again.
ENV AIRFLOW_HOME=/opt/airflow \
    PYTHONUNBUFFERED=1 \
    UV_COMPILE_BYTECODE=1 \
    UV_NO_CACHE=1 \
    UV_SYSTEM_PYTHON=1

# Opens RAR and 7z archives of publishers.
RUN apt-get update && apt-get install --yes --no-install-recommends libarchive-tools && rm -rf /var/lib/apt/lists/*

# A new volume takes the owner of the folder it covers: the user must own these before they are mounted. Everybody may
# read what is published: Superset's container has a user of its own.
RUN useradd --uid 10001 --create-home jixiao \
    && install --directory --owner jixiao --group jixiao --mode 0750 /opt/airflow /data /auth \
    && install --directory --owner jixiao --group jixiao --mode 0755 /data/published

WORKDIR /app

COPY requirements/bootstrap.txt requirements/
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt

COPY requirements/pipeline.txt requirements/
RUN uv pip install --require-hashes -r requirements/pipeline.txt

# Optional sets by their names: ocr, celery.
ARG EXTRAS=""
COPY requirements/ocr.txt requirements/celery.txt requirements/
RUN for extra in $EXTRAS; do uv pip install --require-hashes -r requirements/$extra.txt; done

# Editable: the code finds its DAGs, dbt models and requirements beside itself. It is root's; a task cannot change it.
COPY pyproject.toml LICENSE ./
COPY requirements/pipeline.in requirements/
COPY extract extract
COPY dags dags
COPY plugins plugins
COPY dbt_project dbt_project
COPY demo demo
# The view says codes in the words of the dashboards.
COPY bi/words.yml bi/
RUN uv pip install --no-deps --no-build-isolation --editable . \
    && python -m compileall -q extract dags plugins demo

USER jixiao
