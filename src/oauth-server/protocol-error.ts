import type { KoaContextWithOIDC } from "oidc-provider";
import { errorPage } from "./pages/error.ts";
import { pageHeaders } from "./pages/headers.ts";
import type { ErrorPageData } from "./pages/types.ts";
import type { ProtocolError } from "./provider.ts";
import { storeAwayPage } from "./store-away.ts";

/** Shows an error of the protocol to a person, or as JSON to a program that prefers it. Nobody is redirected. */
export function renderProtocolError(ctx: KoaContextWithOIDC, error: ProtocolError): void {
  if (ctx.accepts("html", "json") === "json") {
    ctx.set("cache-control", "no-store");
    ctx.body = error;
    return;
  }
  for (const [name, value] of Object.entries(pageHeaders({ keepsOpener: true }))) {
    ctx.set(name, value);
  }
  ctx.body = errorPage(ctx.status === 503 ? storeAwayPage : explain(error));
}

/** What a person can do about it. */
export function explain({ error, error_description: text }: ProtocolError): ErrorPageData {
  const known = Object.hasOwn(explanations, error) ? explanations[error] : undefined;
  const quote = text === undefined ? undefined : { from: "The request", text };
  return { ...(known ?? unknown), quote };
}

const unknown: ErrorPageData = {
  title: "Your client's request cannot be served",
  message: "It does not keep to the protocol.",
  next: "Connect again; if it persists, update your client.",
};

const explanations: Readonly<Record<string, ErrorPageData>> = {
  invalid_client: {
    title: "This client is not known here",
    message: "Its registration has expired, or its description could not be read.",
    next: "Remove the server from your client and add it again.",
  },
  invalid_redirect_uri: {
    title: "Your client asks to be answered at a strange address",
    message: "The address is not one that the client has registered, so nothing is sent there.",
    next: "Remove the server from your client and add it again.",
  },
  invalid_request: unknown,
  temporarily_unavailable: {
    title: "Too many requests",
    message: "This server gets more requests from your address than it can serve.",
    next: "Wait a minute and connect again.",
  },
  server_error: {
    title: "Something went wrong here",
    message: "The request could not be completed.",
    next: "Try again; if it persists, tell whoever runs the server.",
  },
};
