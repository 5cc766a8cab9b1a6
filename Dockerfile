# syntax=docker/dockerfile:1

# Style sheet, script, icons and fonts.
FROM node:22-bookworm-slim AS assets
WORKDIR /src
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY web ./web
RUN node web/build.mjs

# The program.
FROM golang:1.26-bookworm AS program
WORKDIR /src
ENV CGO_ENABLED=0 GOFLAGS="-tags=nomsgpack -trimpath -buildvcs=false"
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
COPY --from=assets /src/web/static/dist ./web/static/dist
ARG VERSION=container
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    go tool templ generate -path web -log-level warn && \
    go build -ldflags "-s -w -X main.version=${VERSION}" -o /out/waymark ./cmd/waymark

# What runs: the program, certificates, time zones, and an account without rights.
FROM debian:bookworm-slim
RUN apt-get update && \
    apt-get install -y --no-install-recommends ca-certificates curl tzdata && \
    rm -rf /var/lib/apt/lists/* && \
    useradd --system --uid 10001 --home-dir /var/lib/waymark --shell /usr/sbin/nologin waymark && \
    install -d -o waymark -g waymark -m 0700 /var/lib/waymark
COPY --from=program /out/waymark /usr/local/bin/waymark
USER waymark
WORKDIR /var/lib/waymark
ENV WAYMARK_ADDR=0.0.0.0:8080 WAYMARK_DATA_DIR=/var/lib/waymark
VOLUME /var/lib/waymark
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["curl", "--fail", "--silent", "--show-error", "--max-time", "4", "--output", "/dev/null", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["/usr/local/bin/waymark"]
CMD ["serve"]
