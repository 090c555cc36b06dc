# The front door of alas.  Meson builds, tests/run tests; here is only how
# to get from a fresh Debian 12 to each of them.
#
#   make            what building needs, and the programs in build/
#   make run        the demonstration office at http://127.0.0.1:8080
#                   (PORT=…, ALAS_DATA=a folder of an office of yours)
#   make test       everything that must be green, on both engines
#   make check-all  that, and whatever takes long
#   make bench      the figures     make fuzz   the parsers (FUZZ_SECONDS=…)
#   make fresh      `make run` and `make test` in a Debian 12 made for it
#   make install    DESTDIR=… PREFIX=/usr/local
#   make oracle     a million questions of each family, reckoned once more
#   make clean

SHELL = /bin/bash
.SHELLFLAGS = -euo pipefail -c

BUILD ?= build
PORT ?= 8080
ALAS_DATA ?= var/demo
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 600
ORACLE_CASES ?= 1000000
ORACLE_SEED ?= 20261124

lists = packaging/packages.run

.PHONY: build run test check-all bench fuzz oracle fresh install clean
.DEFAULT_GOAL := build

# Ninja is silent when there is nothing to do, and notices what has changed.
# The tests want packages that running does not, so they join with the first
# `make test`.
tests = false
build: $(BUILD)/build.ninja
	@if $(tests) && [ ! -d $(BUILD)/tests ]; then \
	    meson configure $(BUILD) -Dtests=true; fi
	@ninja -C $(BUILD) --quiet | { grep -vx 'ninja: no work to do.' || :; }
	@packaging/in-place $(BUILD)

$(BUILD)/build.ninja: | packages
	@echo 'meson setup $(BUILD)' >&2
	@meson setup $(BUILD) -Dtests=$(tests) >$(BUILD).log || \
	    { cat $(BUILD).log; rm -rf $(BUILD) $(BUILD).log; exit 1; }
	@mv $(BUILD).log $(BUILD)/setup.log

.PHONY: packages
packages:
	@packaging/install $(lists)

run: build
	@PORT='$(PORT)' ALAS_DATA='$(ALAS_DATA)' packaging/run $(BUILD)

test check-all bench fuzz: lists += packaging/packages.test
test check-all bench fuzz: tests = true
check-all fuzz: lists += packaging/packages.check

test: build node_modules/.package-lock.json
	@tests/run --build $(BUILD)

check-all: build node_modules/.package-lock.json
	@tests/run --build $(BUILD) --all

bench: build
	@tests/bench/run $(BUILD)
	@tests/bench/run $(BUILD) --markdown >docs/reference/figures.md

fuzz: build
	@tests/fuzz/run $(FUZZ_SECONDS)

oracle: build
	@tests/oracle/run $(BUILD) $(ORACLE_CASES) $(ORACLE_SEED)

node_modules/.package-lock.json: package-lock.json | packages
	@echo 'npm ci: what the browser tests drive' >&2
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

fresh:
	@tools/fresh

install: build
	@packaging/install-files $(BUILD) '$(DESTDIR)' '$(PREFIX)'

clean:
	rm -rf $(BUILD) build-* node_modules
