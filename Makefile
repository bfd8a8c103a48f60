# A thin front for CMake: installs what is missing, builds, runs. `make help` lists the targets.

SCENARIO ?= scenarios/paper.json
BUILD := build
BENCH_FIGURES := $(BUILD)/bench-figures.txt
PREFIX ?= /usr/local
JOBS := $(shell nproc 2>/dev/null || echo 2)
# Most tests wait for sockets and clocks, so three run at once for each processor.
TEST_JOBS := $(shell echo $$((3 * $(JOBS))))

BUILD_PACKAGES := g++ cmake ninja-build pkg-config libuv1-dev libjansson-dev libspdlog-dev \
  libfmt-dev libcli11-dev libsodium-dev libcurl4-openssl-dev libmicrohttpd-dev libnanoflann-dev \
  libexpat1-dev libre2-dev libpq-dev libutf8proc-dev zlib1g-dev esbuild \
  node-d3-array node-d3-axis node-d3-brush node-d3-force node-d3-format node-d3-scale \
  node-d3-selection node-d3-shape node-d3-time-format node-d3-zoom
TEST_PACKAGES := libgtest-dev libgmock-dev python3 python3-jsonschema openssl \
  postgresql python3-twisted nodejs openjdk-17-jdk-headless strace parallel
FUZZ_PACKAGES := clang libclang-rt-14-dev mold libgtest-dev libgmock-dev
BENCH_PACKAGES := libbenchmark-dev python3
# dpkg-shlibdeps, which finds the libraries that a package depends on, and what it calls.
DEBIAN_PACKAGES := dpkg-dev file gzip
SLURM_PACKAGES := slurmctld slurmd slurm-client python3
# perf, which the profiles of native code and of Node.js need.
PROFILE_PACKAGES := linux-perf
PAPER_PACKAGES := python3 python3-twisted python3-uvloop nodejs openjdk-17-jdk-headless cloc postgresql

.PHONY: help run build test test-variants test-slurm bench build-bench conformance paper build-paper \
  paper-profiles paper-again fuzz fuzz-mutants soak clean install package image install-build install-package \
  install-test install-bench install-paper install-profiles configure-tests

help:
	@echo 'make run [SCENARIO=FILE]  install what is missing, build, run a scenario'
	@echo 'make test                 install what is missing, build, run the tests'
	@echo 'make test-variants        run the tests of the engines for the variants that make test'
	@echo '                          leaves out: twisted-blocking, node-cluster, java-threads, java-pool'
	@echo 'make test-slurm           run sweeps as arrays on a Slurm cluster of two nodes, which it'
	@echo '                          starts on this machine and ends again'
	@echo 'make build                install what is missing and build build/herdsim'
	@echo 'make install              build, and install to PREFIX (default: /usr/local), below DESTDIR'
	@echo 'make package              build a Debian package, build/herdsim_VERSION_ARCH.deb'
	@echo 'make image                build a container image, herdsim, with docker'
	@echo 'make bench [SLOW=1]       build and run the benchmarks; at the end, each figure beside its goal'
	@echo 'make conformance          hold virtual time against real sockets, side by side'
	@echo 'make paper [QUICK=1]      measure what the paper says of its engines; the page and the'
	@echo '                          figures go to results/paper-claims.html, .md and .csv'
	@echo 'make paper-profiles       profile the engines at work, and the floors of their runtimes; the'
	@echo '                          page and the figures go to results/paper-profiles.md and .csv'
	@echo 'make paper-again          measure the rates of the page with twice the work, and with another'
	@echo '                          load generator; the page and the figures go to'
	@echo '                          results/paper-again.md and .csv'
	@echo 'make fuzz T=600           run each fuzz target of tests/fuzz/ for T seconds, two at a time'
	@echo 'make fuzz-mutants         show that the fuzz targets find every rule that is broken on purpose'
	@echo 'make soak T=1800          play a live run of T seconds and print how its memory and its'
	@echo '                          descriptors grow'
	@echo 'make clean                remove build/'

run: build
	$(BUILD)/herdsim run $(SCENARIO)

build: install-build
	@test -f $(BUILD)/build.ninja || cmake --preset release
	@cmake --build $(BUILD) --target herdsim

install: build
	@cmake --build $(BUILD) --target herdsim_manual
	@DESTDIR=$(DESTDIR) cmake --install $(BUILD) --prefix $(PREFIX)

package: build install-package
	@cmake --build $(BUILD) --target herdsim_manual
	@cd $(BUILD) && cpack -G DEB

image:
	docker build -f .ci/Dockerfile -t herdsim .

test: install-build install-test configure-tests
	@echo 'Building the program and its tests, $(JOBS) at a time.'
	@cmake --build $(BUILD)
	@echo 'Running the tests, $(TEST_JOBS) at a time.'
	@cd $(BUILD) && ctest --output-on-failure -j $(TEST_JOBS) -LE '^variant$$'

test-variants: install-build install-test configure-tests
	@cmake --build $(BUILD)
	@cd $(BUILD) && ctest --output-on-failure -j $(TEST_JOBS) -L '^variant$$'

test-slurm: build
	@.ci/install $(SLURM_PACKAGES)
	@cd tests/cluster && PYTHONPATH=../e2e PYTHONDONTWRITEBYTECODE=1 \
	  HERDSIM_BINARY=$(CURDIR)/$(BUILD)/herdsim HERDSIM_SOURCE_DIR=$(CURDIR) \
	  ../../.ci/slurm /usr/bin/python3 -m unittest -v slurm_test

build-bench: install-build install-bench
	@grep -qs 'HERDSIM_BENCHMARKS:BOOL=ON' $(BUILD)/CMakeCache.txt || \
	  cmake --preset release -DHERDSIM_BENCHMARKS=ON >/dev/null
	@cmake --build $(BUILD) --target herdsim --target benchmarks

bench: build-bench
	@rm -f $(BENCH_FIGURES)
	$(BUILD)/tests/bench/core_bench
	$(BUILD)/tests/bench/recorder_bench
	$(BUILD)/tests/bench/places_bench
	HERDSIM_BENCH_FIGURES=$(BENCH_FIGURES) $(BUILD)/tests/bench/herd_bench
	$(BUILD)/tests/bench/reply_bench
	$(BUILD)/tests/bench/link_bench
	HERDSIM_BENCH_FIGURES=$(BENCH_FIGURES) $(BUILD)/tests/bench/virtual_bench
	HERDSIM_BENCH_FIGURES=$(BENCH_FIGURES) python3 -B tests/bench/program.py $(BUILD)/herdsim $(if $(SLOW),--slow)
	@python3 -B tests/bench/goals.py $(BENCH_FIGURES)

conformance: build
	@.ci/install python3
	@python3 tests/conformance/compare.py $(BUILD)/herdsim \
	  --tabulate scenarios/chaos.json --tabulate scenarios/mobility.json

paper: build-paper
	@/usr/bin/python3 sim/paper/run.py --herdsim $(BUILD)/herdsim $(if $(QUICK),--quick)

paper-profiles: build-paper install-profiles
	@/usr/bin/python3 sim/paper/run_profiles.py --herdsim $(BUILD)/herdsim

paper-again: build-paper
	@/usr/bin/python3 sim/paper/run_again.py --herdsim $(BUILD)/herdsim $(if $(QUICK),--quick)

# Configured anew: javac may just have come.
build-paper: install-build install-paper
	@cmake --preset release >/dev/null
	@cmake --build $(BUILD) --target herdsim paper_programs
	@! command -v javac >/dev/null || cmake --build $(BUILD) --target java_engine

# The fuzz targets are built by clang, whatever the compiler of the program.
fuzz: install-build
	@.ci/install $(FUZZ_PACKAGES)
	@.ci/fuzz $(or $(T),60)

fuzz-mutants: install-build
	@.ci/install $(FUZZ_PACKAGES)
	@tests/fuzz/mutants

soak: build
	@.ci/install python3
	@python3 tests/soak/soak.py $(BUILD)/herdsim $(or $(T),1800)

configure-tests:
	@grep -qs 'HERDSIM_TESTS:BOOL=ON' $(BUILD)/CMakeCache.txt || \
	  cmake --preset release -DHERDSIM_TESTS=ON

clean:
	rm -rf $(BUILD)

install-build:
	@.ci/install $(BUILD_PACKAGES)

install-package:
	@.ci/install $(DEBIAN_PACKAGES)

install-test:
	@.ci/install $(TEST_PACKAGES)

install-bench:
	@.ci/install $(BENCH_PACKAGES)

install-paper:
	@.ci/install $(PAPER_PACKAGES)

install-profiles:
	@.ci/install $(PROFILE_PACKAGES)
