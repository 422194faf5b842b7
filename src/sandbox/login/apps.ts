/** An app that was registered by hand, in the developer console or as an application link. */
export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The one callback address, compared letter by letter. */
  readonly redirectUri: string;
  /** What it may ask for; absent: anything. */
  readonly scopes?: readonly string[] | undefined;
  readonly name: string;
  /** `people`: users sign in through it. `service`: it acts as the service account, without a browser. */
  readonly kind: "people" | "service";
}

/** The apps one login host knows, by client id. */
export interface AppList {
  find(clientId: string): OAuthApp | undefined;
  /** The app of the start that people sign in through, as it is registered now. */
  first(): OAuthApp;
  /** Changes the named app, or the first one where no `clientId` is given; adds it where it is unknown. */
  register(change: AppChange): OAuthApp;
  /** Back to the apps of the start. */
  clear(): void;
}

export type AppChange = Partial<Omit<OAuthApp, "kind">>;

export function createAppList(initial: readonly [OAuthApp, ...OAuthApp[]]): AppList {
  const apps = new Map<string, OAuthApp>();
  const clear = () => {
    apps.clear();
    for (const app of initial) apps.set(app.clientId, app);
  };
  clear();
  return {
    find: (clientId) => apps.get(clientId),
    first: () => apps.get(initial[0].clientId) ?? initial[0],
    register(change) {
      const clientId = change.clientId ?? initial[0].clientId;
      const app = { ...(apps.get(clientId) ?? { ...initial[0], scopes: undefined }), ...change };
      const named = { ...app, clientId };
      apps.set(clientId, named);
      return named;
    },
    clear,
  };
}

const redirectUri = "http://localhost:8080/callback";

/** The 3LO app and the service account's OAuth credential. */
export const cloudApps: readonly [OAuthApp, OAuthApp] = [
  {
    clientId: "sandbox-cloud-client",
    clientSecret: "sandbox-cloud-secret",
    redirectUri,
    name: "Sandbox app",
    kind: "people",
  },
  {
    clientId: "sandbox-service-client",
    clientSecret: "sandbox-service-secret",
    redirectUri: "",
    name: "Release Robot",
    kind: "service",
  },
];

/** The incoming application link of a Data Center site. */
export function applicationLink(product: "jira" | "confluence"): OAuthApp {
  return {
    clientId: `sandbox-${product}-client`,
    clientSecret: `sandbox-${product}-secret`,
    redirectUri,
    name: "Sandbox app",
    kind: "people",
  };
}
