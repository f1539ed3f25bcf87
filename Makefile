# Two commands do everything: make run, make test. The rest is what they are made of.
SHELL := /bin/bash
GO    ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
# The bank's search needs FTS5 in the SQLite library that is compiled in; the program refuses to start without it.
export GOFLAGS := $(filter-out -tags=%,$(GOFLAGS)) -tags=sqlite_fts5
ADDR  ?= 127.0.0.1:8080
DATA  ?= demo

.PHONY: run build test bench release clean frontend check test-frontend test-go test-fuzz test-pure test-postgres test-stories test-long screenshots

run: build
	bin/jingzhong serve --demo --data $(DATA) --addr $(ADDR)

build: bin/jingzhong

# Rebuilt only when a source is newer, so that a second run starts in seconds.
GO_SOURCES := $(shell find . -path ./frontend/node_modules -prune -o -path ./demo -prune -o \( -name '*.go' -o -name '*.sql' -o -name '*.tsv' -o -name '*.json' -o -name '*.html' -o -name '*.txt' \) -not -path './frontend/*' -print) go.mod go.sum frontend/embed.go
WEB_SOURCES := $(shell find frontend/src frontend/public frontend/scripts -type f 2>/dev/null) $(wildcard frontend/*.ts frontend/*.json frontend/index.html)

bin/jingzhong: frontend/dist/index.html $(GO_SOURCES)
	$(GO) build -ldflags '$(LDFLAGS)' -o $@ .

frontend: frontend/dist/index.html

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund

frontend/dist/index.html: frontend/node_modules/.package-lock.json $(WEB_SOURCES)
	cd frontend && npm run build

# Every test: Go with the race detector on SQLite, without on PostgreSQL, the pure-Go build, the app's units
# and the stories in a browser. Speed is `make bench`.
test: check test-frontend test-go test-fuzz test-pure test-postgres test-stories

# What takes longer than one wants to wait for at every change.
test-long: test
	$(MAKE) test-fuzz FUZZTIME=30s

check:
	@scripts/test-deps.sh
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "gofmt would change:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...

test-frontend: frontend/node_modules/.package-lock.json
	cd frontend && npm run check && npm test && npm run build && npm run size

# The readers of question files have no database and share nothing between goroutines: neither the race
# detector nor a second database has anything to find there.
READERS := ./quiz/exchange
PACKAGES = $$($(GO) list ./... | grep -v '/quiz/exchange$$')

test-go: frontend/dist/index.html
	$(GO) test -timeout 5m $(READERS)
	$(GO) test -race -timeout 15m $(PACKAGES)

# Every reader is fed what nobody would write.
FUZZTIME ?= 5s
test-fuzz:
	@set -e; for name in $$(grep -oh '^func Fuzz[A-Za-z0-9]*' quiz/exchange/*_test.go | cut -c6-); do \
	  echo "fuzz $$name"; $(GO) test $(READERS) -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) >.fuzz.log 2>&1 || { cat .fuzz.log; exit 1; }; done; rm -f .fuzz.log

test-pure:
	CGO_ENABLED=0 $(GO) test -timeout 10m ./store/... ./audit

test-postgres: frontend/dist/index.html
	scripts/with-postgres.sh $(GO) test -timeout 15m -count=1 $(PACKAGES)

test-stories: bin/jingzhong
	cd frontend && npm run stories

bench: build
	$(GO) run ./bench

# Static binaries for the machines of a county: amd64, arm64 (飞腾, 鲲鹏), loong64 (龙芯), Windows; with sums.
RELEASES := linux/amd64 linux/arm64 linux/loong64 windows/amd64
release: frontend/dist/index.html
	@mkdir -p dist && rm -f dist/*
	@set -e; for target in $(RELEASES); do os=$${target%/*}; arch=$${target#*/}; out=dist/jingzhong-$$os-$$arch; \
	  [ $$os = windows ] && out=$$out.exe; echo $$out; \
	  CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $$out .; done
	@cd dist && sha256sum * > SHA256SUMS && cat SHA256SUMS

screenshots: bin/jingzhong
	cd frontend && npm run screenshots

clean:
	rm -rf bin dist demo frontend/dist/assets frontend/dist/index.html
