# The words of this project: demo test soak lint bench golden tzdata docs build.
GO ?= go
PKGS := ./...
LDFLAGS := -s -w -X main.version=$(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: demo test soak lint bench golden tzdata docs build
demo: ; $(GO) run ./cmd/rapport demo
build: ; CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/rapport ./cmd/rapport
# The quick whole: real Redis, real browser, race detector.
test: ; sh deploy/testparts.sh && $(GO) vet $(PKGS) && $(GO) test -race -timeout 9m $(PKGS)
# The long one: a thousand kills, fuzzing, and the conversations and the kernel on every store.
STORES := child server sentinel cluster
soak: ; sh deploy/testparts.sh && RAPPORT_SOAK=1 $(GO) test -race -timeout 3h $(PKGS) && \
	for s in $(STORES); do RAPPORT_TEST_STORE=$$s $(GO) test -race -timeout 1h -parallel 3 ./bot ./handlers/... || exit 1; done && sh deploy/fuzz.sh
lint: ; @test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet $(PKGS)
	@if command -v golangci-lint >/dev/null 2>&1; then golangci-lint run; else echo "golangci-lint is not installed: gofmt and go vet alone were run"; fi
bench: ; sh deploy/testparts.sh && bash deploy/bench.sh
# Rewrites golden files and generated docs; look at the difference before you commit it.
golden: docs ; $(GO) test ./adapters/... -update
docs: ; $(GO) run ./cmd/rapport docs
tzdata: ; sh deploy/tzdata.sh
