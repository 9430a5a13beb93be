# The front door. Everything is built by CMake; every target here is one line a reader can run by hand.
.DEFAULT_GOAL := help
.PHONY: validate help setup build test test-release test-asan asan tsan lint format demo bench bench-matrix fuzz coverage install package clean

JOBS   ?= $(shell nproc)
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60

# What is built must be writable by its owner alone, or its plugins are refused.
configure = umask 022; cmake --preset $(1) >build-$(1).log 2>&1 || { cat build-$(1).log; exit 1; }; rm -f build-$(1).log
compile   = $(call configure,$(1)) && cmake --build --preset $(1) -j $(JOBS)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what is missing from Debian's packages (needs root or sudo the first time)
	@scripts/setup build test

build: setup ## Build build/bin/stella and build/bin/stellad, which run in place
	@$(call compile,release)

demo: ## Scan this machine and a real multi-layer image, showing what is done
	@scripts/setup build demo
	@$(call compile,release)
	@scripts/demo

test: test-release test-asan ## Run every test, plain and under AddressSanitizer and UBSan

test-release: build
	@ctest --preset release -j $(JOBS)

test-asan: asan

asan: setup ## Run every test under AddressSanitizer and UBSan
	@$(call compile,asan)
	@scripts/sanitizer-is-seen build-asan
	@ctest --preset asan -j $(JOBS)

tsan: setup ## Run every test under ThreadSanitizer
	@$(call compile,tsan)
	@ctest --preset tsan -j $(JOBS)

lint: ## clang-format, clang-tidy, cppcheck, both compilers
	@scripts/setup build lint
	@scripts/lint

format: ## Let clang-format rewrite the sources
	@scripts/setup lint
	@git ls-files '*.c' '*.h' '*.cpp' | xargs clang-format -i

bench: build ## Run the benchmarks; results in bench/results/
	@scripts/setup demo bench
	@bench/run

bench-matrix: build ## Make every image of the matrix (20 minutes, 20 GB, needs npm) and scan them all
	@scripts/setup demo bench
	@bench/images $${STELLA_BENCH_IMAGES:-build/bench-images} alpine debian zstd rpm layers50 tiny3m big4g large
	@bench/matrix.py build $${STELLA_BENCH_IMAGES:-build/bench-images} >bench/results/matrix.csv

validate: ## Have the CycloneDX library for JavaScript validate the samples (needs npm and the network once)
	@scripts/validate-sboms

fuzz: ## Run every fuzz target for FUZZ_SECONDS (60)
	@scripts/setup build lint
	@$(call compile,fuzz)
	@scripts/fuzz build-fuzz $(FUZZ_SECONDS)

# Tests that count exported symbols or forbid files fail here by nature: gcov adds symbols to plugins and writes at exit. They are named.
coverage: ## Line coverage of the tests, as text and HTML in build-coverage/
	@scripts/setup build test lint
	@$(call compile,coverage)
	@ctest --preset coverage -j $(JOBS) >build-coverage/ctest.log || sed -n '/tests FAILED/,$$p' build-coverage/ctest.log
	@cd build-coverage && gcovr -r .. --exclude '.*/tests/.*' --html-details coverage.html --txt coverage.txt && tail -n 3 coverage.txt

install: build ## Install under PREFIX (/usr/local); DESTDIR and STELLA_SIGNING_KEY are honoured
	@scripts/install "$(PREFIX)"

package: build ## Build a Debian package and a tar archive in build/packages/
	@scripts/package

clean: ## Remove every build folder
	@rm -rf build build-*
