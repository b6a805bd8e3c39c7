.PHONY: run build test lint page setup setup-test clean

# Serve the three parks at http://127.0.0.1:8080, setting up whatever is missing.
run: setup build
	@exec bin/dikuai serve --demo

build: page
	go build -o bin/dikuai ./cmd/dikuai

# Every test, on a real PostGIS, with real files and a real browser.
test: setup-test build lint
	cd api/web && npm run check && npm test
	go test -timeout 20m ./...

lint:
	@unformatted=$$(gofmt -l api cmd data geo migrations tiles); if [ -n "$$unformatted" ]; then echo "gofmt: $$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...
	go tool depguard ./...

page: api/web/dist/index.html

api/web/dist/index.html: api/web/node_modules/.package-lock.json $(shell find api/web/src api/web/public api/web/*.html api/web/*.ts api/web/*.json -type f 2>/dev/null)
	cd api/web && npm run build
	@touch $@

api/web/node_modules/.package-lock.json: api/web/package-lock.json
	cd api/web && npm ci --no-audit --no-fund
	@touch $@

setup:
	@.ci/setup run

setup-test:
	@.ci/setup test

clean:
	rm -rf bin api/web/node_modules api/web/dist/assets api/web/dist/index.html
