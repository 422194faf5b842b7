import type { Operation } from "../requests.ts";

type Removed = readonly [pattern: string, ...methods: Operation["method"][]];

/** Operations of v1 that Cloud took away in favour of v2. */
const removed: readonly Removed[] = [
  ["/content", "GET", "POST"],
  ["/content/{id}", "GET", "PUT", "DELETE"],
  ["/content/{id}/child", "GET"],
  ["/content/{id}/child/{type}", "GET"],
  ["/content/{id}/child/attachment", "GET"],
  ["/content/{id}/history", "GET"],
  ["/content/{id}/version", "GET"],
  ["/content/{id}/version/{versionNumber}", "GET"],
  ["/content/{id}/label", "GET"],
  ["/content/{id}/property", "GET", "POST"],
  ["/content/{id}/property/{key}", "GET", "POST", "PUT", "DELETE"],
  ["/space", "GET"],
  ["/space/{spaceKey}", "GET"],
  ["/space/{spaceKey}/content", "GET"],
  ["/space/{spaceKey}/content/{type}", "GET"],
  ["/space/{spaceKey}/property", "GET", "POST"],
  ["/space/{spaceKey}/property/{key}", "GET", "POST", "PUT", "DELETE"],
  ["/inlinetasks/search", "GET"],
  ["/inlinetasks/{inlineTaskId}", "GET", "PUT"],
  ["/contentbody/convert/{to}", "POST"],
  ["/group/{groupName}", "GET"],
  ["/group/{groupName}/member", "GET"],
];

const gone = {
  status: 410,
  json: {
    statusCode: 410,
    data: {
      authorized: true,
      valid: true,
      allowedInReadOnlyMode: true,
      errors: [],
      successful: true,
    },
    message:
      "com.atlassian.confluence.api.service.exceptions.api.GoneException: This deprecated endpoint has been removed.",
  },
} as const;

/** They answer 410 to everyone who is signed in, whatever the scopes. */
export const removedOperations: readonly Operation[] = removed.flatMap(([pattern, ...methods]) =>
  methods.map((method) => ({ method, pattern, scopes: [[]], run: () => gone })),
);
