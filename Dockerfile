# Lintel, bundled: Node, its libraries, and one folder of JavaScript. `docker build -t lintel:0.1.0 .`
FROM node:26-bookworm-slim AS build
WORKDIR /source
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY LICENSE tsconfig.json ./
COPY examples ./examples
COPY tools ./tools
COPY src ./src
# The Node that the lockfile pins, and that the tests ran on.
RUN npm run bundle && cp "$(readlink -f node_modules/.bin/node)" /node

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends libatomic1 libstdc++6 \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /node /usr/local/bin/node
COPY --from=build /source/dist /lintel
RUN ln -s /lintel/bin/lintel /usr/local/bin/lintel
USER 65532:65532
EXPOSE 8080 8443 10254
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/lintel", "serve", "--kubernetes"]
