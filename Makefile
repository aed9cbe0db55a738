# SPDX-License-Identifier: Apache-2.0
.PHONY: demo test check check-engine check-python check-review integration setup format lint

# `make demo DEMO="--set grpo.steps=3"` overrides values of Recipes/demo.yaml.
DEMO ?=

# Without a bound all tests start together and wait for one another, some of them beyond their time limits.
FEW_AT_ONCE := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8

demo: setup
	@echo "building (the first time takes some minutes)" >&2
	swift build -c release --product rubrics
	.build/release/rubrics train Recipes/demo.yaml $(DEMO)

test: setup
	@Scripts/setup duckdb
	swift build --build-tests
	$(FEW_AT_ONCE) swift test --skip-build

# What needs the Python packages themselves: transformers and TensorBoard.
check-python: setup
	Scripts/check-python

check: lint test check-engine check-python check-review

# `rubrics review` by keys alone in headless Chromium.
check-review: setup
	Scripts/check-review

# The engine's own tests, in C++.
check-engine: setup
	Scripts/check-engine

# Judging at servers that others wrote: llama.cpp's, which the first run compiles (15 minutes on two cores), and
# transformers'.
integration: setup
	Scripts/integration

setup:
	@Scripts/setup

format:
	swift format --in-place --recursive --parallel Sources Tests Benchmarks Package.swift

lint:
	swift format lint --strict --recursive --parallel Sources Tests Benchmarks Package.swift
