# Two commands do all the set-up: `make demo` and `make test`. Each installs the libraries it lacks.

BIN = $$(swift build --show-bin-path)

.PHONY: demo sandbox test build bench format setup clean-demo

# Plans and applies manifests/ against the simulated Qdrant; no server is needed.
demo: build
	@.ci/demo

# The simulated Qdrant on the usual port, with the folder that `make demo` leaves.
sandbox: build
	@exec $(BIN)/qdrant-sandbox --storage .qdrant-sandbox

# All tests, the formatter included.
test: setup
	@.ci/test

build: setup
	@swift build --product qdrant-plan -q
	@swift build --product qdrant-apply -q
	@swift build --product qdrant-drift -q
	@swift build --product qdrant-sandbox -q

# Figures, not a test: plans of 1,000 and 10,000 collections beside the bare reads.
bench: setup
	@.ci/bench

format:
	@swift format --in-place --recursive Sources Tests Package.swift

setup:
	@.ci/setup

# Forgets the state of the demonstration.
clean-demo:
	@rm -rf .qdrant-sandbox
