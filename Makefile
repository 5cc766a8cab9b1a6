# Waymark's anchors. Each does its own set-up; what is up to date is not done again.
#
#   make run     set up and serve a demonstration on http://localhost:8080
#   make test    every test: unit, database, HTTP, command line, browser, accessibility
#   make check   format, vet, lint, vulnerabilities where reachable
#   make bench   the benchmarks, as a table of ratios
#   make mutants that no use of a scope can be removed unnoticed (some minutes)
#   make build   bin/waymark
#
# Also: assets, generate, testdb (a test database that stays), clean.
# PKG=./internal/plan/... and TESTFLAGS='-run Name -v' narrow make test.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
.PHONY: run test check bench mutants build assets generate testdb clean \
	need-go need-node format vet lint vulnerabilities pgrun

# One setting for every build, so that all share one cache.
export CGO_ENABLED := 0
export GOFLAGS := -tags=nomsgpack -trimpath -buildvcs=false

PKG ?= ./...
TESTFLAGS ?=
BENCHDIR ?= .cache/bench
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

STAMPS := .cache/stamps
PGRUN := .cache/bin/pgrun
TOOL := go tool -modfile=internal/tools/go.mod
GO_FILES = find . -name '*.go' -not -path './node_modules/*' -not -path './.cache/*' -not -path './tmp/*' -not -name '*_templ.go'
TEMPL_FILES := $(shell find web -name '*.templ' 2>/dev/null)
ASSET_FILES := $(shell find web/css web/js web/img -type f 2>/dev/null) $(wildcard web/build.mjs)

build: generate assets
	@go build -ldflags '-s -w -X main.version=$(VERSION)' -o bin/waymark ./cmd/waymark

run: build
	@exec bin/waymark serve --demo

test: generate assets pgrun
	@WAYMARK_CHROMIUM=$$(.ci/chromium) && export WAYMARK_CHROMIUM && \
		$(PGRUN) -fast -- go test -timeout 45m $(TESTFLAGS) $(PKG)

bench: generate assets pgrun
	@$(PGRUN) -dir $(BENCHDIR) -- go test -run '^$$' -bench . -timeout 2h ./internal/bench/...

mutants: generate assets pgrun
	@$(PGRUN) -fast -- go run ./internal/mutants

testdb: pgrun
	@exec $(PGRUN) -fast

check: generate assets format vet lint vulnerabilities

format: need-go
	@bad=$$($(GO_FILES) -print0 | xargs -0 -r $(TOOL) gofumpt -l) || exit 1; \
	if [ -n "$$bad" ]; then printf 'Not formatted:\n%s\nTo format them: $(TOOL) gofumpt -w FILES\n' "$$bad" >&2; exit 1; fi

vet: need-go
	@go vet ./...

lint: need-go
	@$(TOOL) staticcheck ./...

vulnerabilities: need-go
	@if curl -sfI --max-time 5 https://vuln.go.dev/index/modules.json >/dev/null 2>&1; then \
		go run golang.org/x/vuln/cmd/govulncheck@v1.8.0 ./...; \
	else \
		echo 'Vulnerabilities not checked: vuln.go.dev is not reachable from here.'; \
	fi

pgrun: need-go
	@go build -o $(PGRUN) ./internal/pgembed/cmd/pgrun

# Templates. A directory is newer when a file in it came or went.
ifeq ($(TEMPL_FILES),)
generate: need-go
else
generate: $(STAMPS)/templ
endif

$(STAMPS)/templ: $(TEMPL_FILES) $(sort $(dir $(TEMPL_FILES))) go.mod | need-go
	@go tool templ generate -path web -log-level warn
	@mkdir -p $(@D) && touch $@

# Style sheet, script, icons and fonts; the manifest is written last.
assets: web/static/dist/manifest.json

web/static/dist/manifest.json: $(ASSET_FILES) node_modules/.package-lock.json | need-node
	@mkdir -p .cache && node web/build.mjs >.cache/assets.log || { cat .cache/assets.log; exit 1; }
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json | need-node
	@npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

need-go:
	@command -v go >/dev/null 2>&1 || { echo 'Waymark needs Go 1.26 or newer: https://go.dev/dl/' >&2; exit 1; }

need-node:
	@command -v npm >/dev/null 2>&1 && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || \
		{ echo 'Waymark needs Node.js 20 or newer, with npm, to build its style sheet: https://nodejs.org/' >&2; exit 1; }

clean:
	@rm -rf bin .cache node_modules
	@find web/static/dist -mindepth 1 -not -name .keep -delete 2>/dev/null || true
	@find web internal cmd -name '*_templ.go' -delete 2>/dev/null || true
