# All development commands. Needs Python >= 3.11 and make; everything else goes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BROWSER := $(VENV)/.browser
LINTERS := $(VENV)/.linters
DEMO := $(VENV)/.demo
AUDITORS := $(VENV)/.auditors
DOCS := $(VENV)/.docs
PUBLISHERS := $(VENV)/.publishers
# A worker that has finished takes over tests of the others.
PYTEST := $(BIN)/pytest -n auto --dist worksteal

# The folders of tests in memory, where there is room: a database that is closed waits for the disk, 5 ms and more.
MEMORY := $(shell [ -w /dev/shm ] && [ "$$(df --output=avail /dev/shm 2> /dev/null | tail -n 1)" -gt 4000000 ] 2> /dev/null && echo /dev/shm)

# Keep compiled tests and modules: compiling them again takes each worker 5 s.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-long test-sites test-security test-browser test-postgres test-cluster test-all test-versions lint lint-deploy lint-yaml audit release-check sbom schemas docs try-image check format bench bench-peers bench-scale profiles screenshots docs-reference requirements clean

help:
	@echo "make demo          simulate a month of daily checks; no key, no network"
	@echo "make test          the tests to run often"
	@echo "make test-long     simulated months, and whole processes"
	@echo "make test-sites    every link of small sites of fifteen generators, against lists written by hand; part of make test"
	@echo "make test-security attacks: foreign settings, servers, secrets, crashes, browsers (docs/security.md)"
	@echo "make test-browser  the HTML report and the dashboard in Chromium (on Debian: apt install chromium)"
	@echo "make test-postgres the tests that use a database, on PostgreSQL (on Debian: apt install postgresql)"
	@echo "make test-cluster  workers that are killed and interrupted, with 200,000 playlists"
	@echo "make test-all      all tests: also the long ones, those in Chromium and those on PostgreSQL"
	@echo "make test-versions the tests with the newest versions that pyproject.toml allows; RESOLUTION=lowest-direct: the oldest"
	@echo "make check         format, lint, types, tests"
	@echo "make lint          format, lint, types"
	@echo "make lint-deploy   the files of deploy/, each by its own linter (on Debian: apt install systemd)"
	@echo "make audit         known vulnerabilities of what is installed, the GitHub Action, the code, the image and the units"
	@echo "make release-check build the package, check it, and try it with every Python that is installed; RELEASE=v1.2.3: for that tag"
	@echo "make sbom          write build/linkwatch.cdx.json, the bill of materials of what is installed"
	@echo "make schemas       write docs/schemas/ from the types of the settings and the reports"
	@echo "make try-image     the steps of the Dockerfile, in a folder and without Docker"
	@echo "make format        format the code"
	@echo "make bench         measure costs, most as ratios (docs/performance.md)"
	@echo "make bench-peers   compare linkwatch with other link checkers (docs/comparison.md); installs them from PyPI and npm"
	@echo "make bench-scale   how costs grow with the list, on both databases (docs/scale.md)"
	@echo "make profiles      draw where the time of the hot paths goes, as flame graphs in docs/profiles/"
	@echo "make screenshots   take the pictures of the README in Chromium"
	@echo "make docs          build the documentation as a site, in build/docs"
	@echo "make docs-reference  write the pages of docs/reference/ and the manual page from the commands, the rules and the settings"
	@echo "make requirements  write requirements/, the hashes of what the Action and the image install"
	@echo "make clean         remove what make made"

# uv installs in 2 s what pip takes 11 for. Pip does it where uv can't, as with an index that pip's settings alone name.
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt
define install
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "linkwatch needs Python 3.11 or newer; set PYTHON=/path/to/it"; exit 1; }
@[ -x $(BIN)/pip ] || $(PYTHON) -m venv $(VENV) || { echo "python3 -m venv does not work here; on Debian: apt install python3-venv"; exit 1; }
@echo "installing linkwatch$(1) into $(VENV)"
@{ $(PIP) uv && $(UV) --editable '.$(1)'; } 2> /dev/null || $(PIP) --editable '.$(1)'
@touch $@
endef

$(DEMO): pyproject.toml constraints.txt
	$(call install)

$(READY): pyproject.toml constraints.txt
	$(call install,[dev])

$(BROWSER): $(READY)
	$(call install,[browser])

$(LINTERS): $(READY)
	$(call install,[deploy])

$(AUDITORS): $(LINTERS)
	$(call install,[audit])

$(DOCS): $(READY)
	$(call install,[docs])

$(PUBLISHERS): $(READY)
	$(call install,[release])

# The package alone, without the tools of developers, unless they are there.
demo: $(if $(wildcard $(READY)),$(READY),$(DEMO))
	@$(BIN)/linkwatch demo

test: $(READY)
	$(if $(MEMORY),PYTEST_DEBUG_TEMPROOT=$(MEMORY)) $(PYTEST) -m "not long and not browser" --ignore tests/security --ignore tests/browser

test-long: $(READY)
	$(PYTEST) -m "long and not browser" --ignore tests/security

# They take few seconds, and are also part of `make test`.
test-sites: $(READY)
	$(BIN)/pytest tests/sites

# A fixed number of cases, the same ones each time but for those that Hypothesis makes.
test-security: $(READY)
	$(PYTEST) tests/security

test-browser: $(BROWSER)
	$(PYTEST) -m browser tests/browser

# With a server of their own on loopback: every test that opens a database.
test-postgres: $(READY)
	$(BIN)/python tests/with_postgres.py $(PYTEST) -m "not browser" \
		tests/integration/store tests/integration/check tests/integration/notifications tests/integration/daemon tests/integration/web \
		tests/integration/workers tests/integration/services tests/acceptance tests/security/test_crashes.py

# Workers are killed, stopped and disconnected; there are enough playlists for that to happen in mid-check.
test-cluster: $(READY)
	LINKWATCH_TEST_PLAYLISTS=200000 LINKWATCH_TEST_SEEDS=3 $(BIN)/python tests/with_postgres.py $(BIN)/pytest \
		tests/integration/workers/test_processes.py

test-all: test test-long test-security test-browser test-postgres

# Playwright for its types: mypy reads the tests too.
lint: $(BROWSER)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

lint-yaml: $(LINTERS)
	$(BIN)/yamllint --strict deploy templates .github action.yml .pre-commit-hooks.yaml .pre-commit-config.yaml .yamllint

lint-deploy: $(LINTERS) lint-yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml deploy/ci/github.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms $$(ls .github/ISSUE_TEMPLATE/*.yml | grep -v config)
	$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci deploy/ci/gitlab-ci.yml
	$(BIN)/hadolint deploy/docker/Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec deploy/docker/compose.yaml
	$(BIN)/kubernetes-validate --strict --quiet $$(find deploy/kubernetes -name '*.yaml' ! -name kustomization.yaml)
	$(BIN)/shellcheck deploy/ci/cron.sh deploy/systemd/verify.sh .ci/run
	deploy/systemd/verify.sh $(CURDIR)/$(BIN)
	promtool check rules deploy/prometheus/linkwatch.rules.yml
	promtool test rules deploy/prometheus/linkwatch.test.yml
	$(BIN)/python tests/grafana_rules.py | promtool check rules /dev/stdin

# Every link of it must lead somewhere, and nothing may come from other hosts.
docs: $(DOCS)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	! grep -rlE '(src="|<link [^>]*href=")https?://' build/docs --include='*.html'

# pip-audit asks PyPI; it names what PyPI knows nothing of, and what it names is not audited. The units may be exposed by
# 1.5 of 10 (verify.sh).
audit: $(AUDITORS)
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip --progress-spinner off
	$(BIN)/zizmor --offline --no-progress .github action.yml deploy/ci/github.yml
	$(BIN)/bandit --quiet --recursive src --configfile pyproject.toml --severity-level medium
	$(BIN)/hadolint deploy/docker/Dockerfile
	deploy/systemd/verify.sh $(CURDIR)/$(BIN)

# An environment of its own, without constraints.txt.
RESOLUTION := highest
VERSIONS := .venv-$(RESOLUTION)
test-versions: $(READY)
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VERSIONS)
	$(BIN)/uv pip install --quiet --python $(VERSIONS)/bin/python --resolution $(RESOLUTION) --editable '.[dev]'
	$(VERSIONS)/bin/python -m pytest -n auto --dist worksteal -m "not long and not browser" --ignore tests/security

RELEASE :=
release-check: $(PUBLISHERS) sbom
	$(BIN)/python deploy/release_check.py $(RELEASE)

sbom: $(PUBLISHERS)
	mkdir -p build
	$(BIN)/python -W ignore -m cyclonedx_py requirements requirements/runtime.txt --pyproject pyproject.toml --mc-type application \
		--output-reproducible --output-format JSON --output-file build/linkwatch.cdx.json

# A test compares them with the types.
schemas: $(READY)
	$(BIN)/python tests/write_schemas.py

try-image: $(READY)
	$(BIN)/python deploy/docker/rehearse.py

check: lint test

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python -m bench

bench-peers: $(READY)
	$(BIN)/python -m bench.peers

# SIZES=10000,100000,1000000 takes an hour.
SIZES := 10000,100000
bench-scale: $(READY)
	$(BIN)/python tests/with_postgres.py $(BIN)/python -m bench.scale --sizes $(SIZES)

profiles: $(READY)
	$(BIN)/python -m bench.profiles

docs-reference: $(READY)
	PYTHONPATH=tests $(BIN)/python -m docs_reference

HASHED := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --constraint constraints.txt --generate-hashes \
	--no-annotate --no-header --no-emit-index-url --no-emit-find-links
requirements: $(READY)
	$(HASHED) pyproject.toml --output-file requirements/runtime.txt
	echo uv | $(HASHED) - --output-file requirements/uv.txt
	echo hatchling | $(HASHED) - --output-file requirements/backend.txt

screenshots: $(BROWSER)
	PYTHONPATH=tests $(BIN)/python -m browser.screenshots

clean:
	rm -rf $(VENV) .venv-highest .venv-lowest-direct build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
