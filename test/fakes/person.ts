import type { Sandbox } from "../../src/sandbox/server.ts";

/** Somebody at a browser who approves what they are asked. */
export interface Person {
  /** From the address that a client opens to the address at which the client gets its answer, which is not fetched. */
  signIn(authorizeUrl: string): Promise<URL>;
}

interface Cookie {
  readonly host: string;
  readonly path: string;
  /** `name=value`. */
  readonly pair: string;
}

/** The administrator of the sandbox, with cookies of their own, who lets clients reach the first Cloud site. */
export function personAt(sandbox: Sandbox): Person {
  const jar = new Map<string, Cookie>();
  const open = async (url: URL, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set("accept", "text/html");
    const sent = [...jar.values()].filter(
      ({ host, path }) => host === url.host && isBelow(url.pathname, path),
    );
    headers.set("cookie", sent.map(({ pair }) => pair).join("; "));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) keep(jar, url.host, line);
    return response;
  };
  return {
    async signIn(authorizeUrl) {
      const first = new URL(authorizeUrl);
      const target = new URL(first.searchParams.get("redirect_uri") ?? "");
      let url = first;
      let response = await open(url);
      for (let step = 0; step < 20; step++) {
        const next = response.headers.get("location");
        if (next === null) {
          response = await open(url, approval(await response.text(), url));
          continue;
        }
        url = new URL(next, url);
        if (url.origin === target.origin && url.pathname === target.pathname) return url;
        if (url.origin === sandbox.urls.login) {
          url.searchParams.set("sandbox_user", "ada");
          url.searchParams.set("sandbox_sites", sandbox.cloudId);
        }
        response = await open(url);
      }
      throw new Error(`signing in does not end: ${url.origin}${url.pathname}`);
    },
  };
}

/** The click on "Approve". */
function approval(page: string, url: URL): RequestInit {
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1];
  if (csrf === undefined) throw new Error(`no form at ${url.origin}${url.pathname}: ${page}`);
  return {
    method: "POST",
    body: new URLSearchParams({ csrf, decision: "approve" }),
    headers: { origin: url.origin, "sec-fetch-site": "same-origin" },
  };
}

function keep(jar: Map<string, Cookie>, host: string, line: string): void {
  const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
  const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? "/";
  const key = `${host} ${path} ${pair.split("=")[0]}`;
  if (/max-age=0|expires=[^;]* 1970 /i.test(line)) jar.delete(key);
  else jar.set(key, { host, path, pair });
}

function isBelow(pathname: string, path: string): boolean {
  return path === "/" || pathname === path || pathname.startsWith(`${path.replace(/\/$/, "")}/`);
}
