import type { SandboxAnswer, SandboxDeployment, SandboxProduct } from "./types.ts";

/** A path no product knows. */
export function unknownPath(
  product: SandboxProduct,
  deployment: SandboxDeployment,
  path: string,
): SandboxAnswer {
  if (product === "confluence" && path.startsWith("/wiki/api/v2")) {
    return {
      status: 404,
      json: { errors: [{ status: 404, code: "NOT_FOUND", title: "Not Found", detail: null }] },
    };
  }
  if (deployment === "cloud" && product === "jira") {
    return {
      status: 404,
      headers: { "content-type": "text/html;charset=UTF-8" },
      text: "<!DOCTYPE html><html><head><title>Oops, you&#39;ve found a dead link.</title></head><body></body></html>",
    };
  }
  return { status: 404, json: { message: `null for uri: ${path}`, "status-code": 404 } };
}

/** A known path, but not with this method. */
export function methodNotAllowed(
  product: SandboxProduct,
  methods: readonly string[],
): SandboxAnswer {
  const headers = { allow: methods.join(",") };
  return product === "jira"
    ? { status: 405, headers, text: "" }
    : { status: 405, headers, json: { statusCode: 405, message: "HTTP 405 Method Not Allowed" } };
}

/** A defect of the sandbox itself, told in the product's error shape so that it is seen in tests. */
export function crashed(product: SandboxProduct, error: unknown): SandboxAnswer {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    status: 500,
    json:
      product === "jira"
        ? { errorMessages: [`Internal server error: ${message}`], errors: {} }
        : { statusCode: 500, message: `Internal server error: ${message}` },
  };
}

/** The gateway's own 404: an unknown cloud id or product. */
export function gatewayNotFound(path: string, at: Date): SandboxAnswer {
  return {
    status: 404,
    json: {
      timestamp: at.toISOString(),
      status: 404,
      error: "Not Found",
      message: "No message available",
      path,
    },
  };
}
