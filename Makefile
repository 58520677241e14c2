# The commands that CI runs too; each sets up what it needs in .venv.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: demo test lint docs bench run serve train lock

demo: $(READY) ; $(BIN)/monitor demo --dir demo-output

test: $(READY) lint ; $(BIN)/pytest -n 2 --dist loadscope

lint: $(READY) ; $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

docs: $(READY) ; $(BIN)/python -m monitor.config.describe && $(BIN)/python -m docs.generate

bench: $(READY) ; for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

run: $(READY) ; $(BIN)/monitor run

serve: $(READY) ; $(BIN)/monitor serve

# All weights again from the labelled sets: half an hour, and two hours for the deep tier.
DATA := ../shared/data
train: $(READY)
	$(BIN)/python -m models.training.train --data $(DATA)/sentiment --out models/weights/ngram
	$(BIN)/python -m models.aspects.train --data $(DATA)
	$(BIN)/python -m models.training.deep --data $(DATA)/sentiment --work .deep/work --out .deep/out \
	  --shape recurrent --threads 1 --budget 20000
	mkdir -p models/weights/deep && cp .deep/out/weights/* models/weights/deep/

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $(READY)

# Exact versions of everything, from the lower bounds in pyproject.toml.
lock:
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet torch==2.13.0
	.venv-lock/bin/pip install --quiet --editable '.[dev,analysts]'
	.venv-lock/bin/pip freeze --exclude-editable | sed 's/^\(torch==[0-9.]*\)+.*/\1/' > requirements.lock
	rm -rf .venv-lock
