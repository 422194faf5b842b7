import { type Product, settingPrefix } from "./product.ts";

/** How a request says who it is for. */
export type AuthMethod =
  | "basic"
  | "pat"
  | "oauth"
  | "token"
  | "certificate"
  | "external"
  | "service-account";

/** Whose credentials a request carries: decides who can do something about them. */
export type CredentialSource = "operator" | "caller";

/** What is known of the credentials of a failed request. */
export interface SignIn {
  readonly product: Product;
  readonly method?: AuthMethod | undefined;
  /** Default `operator`. */
  readonly source?: CredentialSource | undefined;
}

interface Advice {
  /** The credentials were not accepted. `{P}` stands for the product's prefix. */
  readonly refused: string;
  /** They were, but were not given a scope that is needed. */
  readonly scope: string;
}

const more = "refreshing does not help";

const operatorAdvice: Readonly<Record<AuthMethod, Advice>> = {
  basic: {
    refused: "Check {P}_USERNAME and {P}_API_TOKEN: they are wrong, expired or revoked.",
    scope: "Make an API token that has the scope and put it into {P}_API_TOKEN.",
  },
  pat: {
    refused: "Make a new personal access token and put it into {P}_PERSONAL_TOKEN.",
    scope: "Use a personal access token of a user who may do this in {P}_PERSONAL_TOKEN.",
  },
  oauth: {
    refused: "Sign in again: run mcp-atlassian auth login.",
    scope: `Add the scope to the OAuth app, then run mcp-atlassian auth login to consent again; ${more}.`,
  },
  token: {
    refused:
      "The token you supplied has expired, was revoked or is for another site: replace it; this server never refreshes it.",
    scope:
      "Replace the token you supplied by one that has the scope; this server never refreshes it.",
  },
  certificate: {
    refused: "Check that the site maps the certificate in {P}_CLIENT_CERT to a user.",
    scope: "Ask the site's administrators what the certificate's user may do.",
  },
  external: {
    refused:
      "The gateway in front of this server did not sign the user in, or its session has ended.",
    scope: "Ask whoever runs the gateway in front of this server for a session with the scope.",
  },
  "service-account": {
    refused:
      "Check the service account's credentials: they are wrong, expired or revoked, or it has no access to the site.",
    scope: `Give the service account's credentials the scope; ${more}.`,
  },
};

const callerAdvice: Partial<Readonly<Record<AuthMethod, Advice>>> = {
  external: operatorAdvice.external,
};

const callerDefault: Advice = {
  refused: "They are wrong, expired or revoked: replace the credentials your client sends.",
  scope: `Sign in again in your client and grant the scope, or send credentials that have it; ${more}.`,
};

/** What to do about credentials that were refused, or lack a scope; `undefined` where the method is not known. */
export function signInAdvice(
  { method, source, product }: SignIn,
  what: keyof Advice,
): string | undefined {
  if (source === "caller") return ((method && callerAdvice[method]) ?? callerDefault)[what];
  return method && operatorAdvice[method][what].replaceAll("{P}", settingPrefix(product));
}

/** What to use where the site takes no user name with password. */
export function patAdvice({ source, product }: SignIn): string {
  return source === "caller"
    ? "Let your client send a personal access token (Authorization: Bearer …)."
    : `Make a personal access token in the user's profile and set ${settingPrefix(product)}_PERSONAL_TOKEN instead of user name and password.`;
}

/** What to use where Cloud gets a password. */
export function apiTokenAdvice({ source, product }: SignIn): string {
  return source === "caller"
    ? "Let your client send an API token in place of the password."
    : `Make an API token at id.atlassian.com and put it into ${settingPrefix(product)}_API_TOKEN.`;
}
