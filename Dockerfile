# The exact version also decides under which Node `.ci/run` repeats the tests.
FROM node:24.19.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM node:24.19.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:24.19.0-bookworm-slim
LABEL org.opencontainers.image.title="confluence-sync" \
      org.opencontainers.image.description="Keeps a PostgreSQL mirror of Confluence that can be trusted." \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
RUN install --directory --owner=1000 --group=1000 /data
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER 1000:1000
# From here the default DATABASE_URL, an embedded database in ./data, lies in the volume. With a server nothing is written at all.
WORKDIR /
VOLUME ["/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HTTP_PORT || 8080}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Without these flags a polluted prototype could reach a request, and SIGUSR1 would open an inspector.
ENTRYPOINT ["node", "--disable-proto=delete", "--disable-sigusr1", "/app/dist/main.js"]
CMD ["start"]
