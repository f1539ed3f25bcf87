# Build the app, then the program, then put the one static file into an image that holds nothing else.
FROM node:20-bookworm-slim AS web
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM golang:1.26-bookworm AS program
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/frontend/dist ./frontend/dist
RUN CGO_ENABLED=0 go build -tags sqlite_fts5 -trimpath -ldflags '-s -w' -o /jingzhong . && mkdir -p /empty

FROM scratch
COPY --from=program /jingzhong /jingzhong
COPY --from=program --chown=65532:65532 /empty /data
COPY --from=program --chown=65532:65532 /empty /data-audit
USER 65532:65532
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s CMD ["/jingzhong", "healthcheck", "--addr", "127.0.0.1:8080"]
ENTRYPOINT ["/jingzhong"]
CMD ["serve", "--data", "/data", "--addr", "0.0.0.0:8080"]
