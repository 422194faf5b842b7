# syntax=docker/dockerfile:1
FROM node:24-alpine AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node:24-alpine
LABEL org.opencontainers.image.title="mcp-atlassian" \
      org.opencontainers.image.description="MCP server for Jira and Confluence, Cloud and Data Center" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production \
    TRANSPORT=streamable-http \
    HOST=0.0.0.0 \
    PORT=8000
WORKDIR /app
# The bundle holds everything it needs; nothing is written below /app.
COPY --from=build /src/package.json /src/README.md /src/LICENSE ./
COPY --from=build /src/dist ./dist
# A volume that is mounted here takes over the owner.
RUN mkdir -p /data && chown node:node /data
USER 1000:1000
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/cli.js"]
