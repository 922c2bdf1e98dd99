PYTHON ?= python3
BIN := .venv/bin
TORCH ?= torch==2.13.0
MINUTES ?= 10
SEEDS ?= 0-19

.PHONY: demo test check bench soak fuzz clean

# live where there is sound, otherwise to demo.wav, and it says which
demo: .venv/ready
	$(BIN)/python -m latentcode.demo sessions/04_together.py demo.wav

test: .venv/tested
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

bench: .venv/tested
	$(BIN)/python -m bench

# MINUTES of a scripted musician at the prompt: what is lost, late, grows, or replays otherwise
soak: .venv/tested
	$(BIN)/python -m bench.soak --minutes $(MINUTES)

# random sets in which all happens that can: whether the journal gives what was heard
fuzz: .venv/tested
	PYTHONPATH=tests $(BIN)/python -m helpers.fuzzed_set $(SEEDS)

.venv/ready: pyproject.toml
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	@echo "installing $(TORCH), which is large, and then the rest: once, and it may take minutes"
	$(BIN)/python -m pip install "$(TORCH)"
	$(BIN)/python -m pip install --quiet --editable .
	@$(BIN)/python -c "import rtmidi" 2>/dev/null || $(BIN)/python -m pip install --quiet python-rtmidi >.venv/rtmidi.log 2>&1 \
	  || echo "MIDI comes through JACK or PipeWire alone: python-rtmidi cannot be built here ($(BIN)/latentcode doctor says what it needs)"
	touch $@

.venv/tested: .venv/ready
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache demo.wav
