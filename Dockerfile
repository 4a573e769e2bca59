# SPDX-License-Identifier: Apache-2.0
# The image holds the program, the four system libraries it needs, and nothing to build with.

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libargon2-dev libsqlite3-dev libssl-dev pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
RUN swift package resolve
COPY Config ./Config
COPY Sources ./Sources
COPY Tests ./Tests
RUN swift build -c release --product lanyard --static-swift-stdlib --disable-local-rpath \
        -Xswiftc -cross-module-optimization -Xlinker -z -Xlinker now \
    && install -s "$(swift build -c release --show-bin-path)/lanyard" /lanyard

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libargon2-1 libsqlite3-0 libssl3 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -m 0700 -o 65532 -g 65532 /var/lib/lanyard
COPY --from=build /lanyard /usr/local/bin/lanyard

LABEL org.opencontainers.image.title="Lanyard" \
      org.opencontainers.image.description="Checks passwords, and hands out access tokens that verify offline" \
      org.opencontainers.image.licenses="Apache-2.0"

# The store and the master key are in ./data below this folder: a volume, writable for this user alone.
WORKDIR /var/lib/lanyard
VOLUME /var/lib/lanyard
USER 65532:65532

# A container is reached from outside, so LANYARD_ISSUER has to be given.
ENV LANYARD_HTTP_LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s \
    CMD ["/usr/local/bin/lanyard", "health"]
ENTRYPOINT ["/usr/local/bin/lanyard"]
CMD ["serve"]
