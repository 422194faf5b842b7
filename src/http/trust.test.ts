import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { describe, expect, it } from "vitest";
import { tlsFile } from "../../test/fakes/loopback.ts";
import {
  createTrustStore,
  type Machine,
  systemRoots,
  type TlsSettings,
  tlsIdentity,
} from "./trust.ts";

const caPem = readFileSync(tlsFile("ca.pem"), "utf8");
const certificate = /-----BEGIN[\s\S]+?END CERTIFICATE-----/.exec(caPem)?.[0] ?? "";
const base: TlsSettings = { prefix: "JIRA", verify: true, caFiles: [] };

/** A machine with the given files and commands and nothing else. */
function machine(
  more: Partial<Machine> & { files?: Record<string, string> } = {},
): Machine & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    platform: "linux",
    knownRoots: () => undefined,
    run: async () => "",
    async readText(path) {
      reads.push(path);
      const text = more.files?.[path];
      if (text === undefined) throw Object.assign(new Error("absent"), { code: "ENOENT" });
      return text;
    },
    ...more,
    reads,
  };
}

describe("systemRoots", () => {
  it("adds the first distribution bundle found to Node's roots, each certificate once", async () => {
    const files = {
      "/etc/pki/tls/certs/ca-bundle.crt": `# note\n${caPem}${caPem}`,
      "/etc/ssl/cert.pem": "unused",
    };
    const host = machine({ files });
    expect(await systemRoots(host)).toEqual([...new Set(rootCertificates), certificate]);
    expect(host.reads).not.toContain("/etc/ssl/cert.pem");
  });

  it("knows a certificate again however its lines are broken", async () => {
    const first = rootCertificates[0] ?? "";
    const [head = "", ...rest] = first.split("\n");
    const tail = rest.pop() ?? "";
    const wide = [head, ...(rest.join("").match(/.{1,76}/g) ?? []), tail, ""].join("\n");
    expect(wide).not.toContain(first);
    const host = machine({ files: { "/etc/ssl/cert.pem": wide + caPem } });
    expect(await systemRoots(host)).toEqual([...new Set(rootCertificates), certificate]);
  });

  it("skips a broken entry instead of failing every connection", async () => {
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const host = machine({ files: { "/etc/ssl/certs/ca-certificates.crt": broken + caPem } });
    expect((await systemRoots(host)).at(-1)).toBe(certificate);
  });

  it.each([
    ["darwin", "/usr/bin/security"],
    ["win32", "powershell.exe"],
  ] as const)("asks the keeper of certificates on %s", async (platform, command) => {
    const asked: string[] = [];
    const run = async (name: string) => {
      asked.push(name);
      return caPem.replaceAll("\n", platform === "win32" ? "\r\n" : "\n");
    };
    expect(await systemRoots(machine({ platform, run }))).toContain(certificate);
    expect(asked).toEqual([command]);
  });

  it("falls back to Node's roots when the system's cannot be read", async () => {
    const run = async () => Promise.reject(new Error("no such command"));
    expect(await systemRoots(machine({ platform: "darwin", run }))).toEqual([
      ...new Set(rootCertificates),
    ]);
  });

  it("leaves it to Node where Node knows the system's roots", async () => {
    const host = machine({ knownRoots: () => ["a", "b", "a"] });
    expect(await systemRoots(host)).toEqual(["a", "b"]);
    expect(host.reads).toEqual([]);
  });
});

describe("createTrustStore", () => {
  const caFiles = [{ setting: "ATLASSIAN_CA_BUNDLE", path: "/ca.pem" }];

  it("makes one context per identity and reads the system once", async () => {
    const host = machine({ files: { "/ca.pem": caPem } });
    const store = createTrustStore(host);
    const first = await store.contextFor(base);
    expect(await store.contextFor({ ...base, prefix: "CONFLUENCE" })).toBe(first);
    expect(await store.contextFor({ ...base, caFiles })).not.toBe(first);
    expect(new Set(host.reads).size).toBe(host.reads.length);
  });

  it("reads nothing before it is asked, and nothing for unverified connections", async () => {
    const host = machine();
    const store = createTrustStore(host);
    expect(host.reads).toEqual([]);
    await store.contextFor({ ...base, verify: false });
    expect(host.reads.filter((path) => path === "/ca.pem")).toEqual([]);
  });

  it("does without the system's roots where that is wanted, and shares no context with others", async () => {
    const host = machine({ files: { "/ca.pem": caPem } });
    const store = createTrustStore(host);
    const own = await store.contextFor({ ...base, caFiles, useSystem: false });
    expect(host.reads).toEqual(["/ca.pem"]);
    expect(await store.contextFor({ ...base, caFiles })).not.toBe(own);
    expect(await store.contextFor({ ...base, caFiles, useSystem: true })).not.toBe(own);
  });

  it.each([
    [{ ...base, caFiles }, "ATLASSIAN_CA_BUNDLE"],
    [
      { ...base, caFiles: [{ setting: "NODE_EXTRA_CA_CERTS", path: "/extra.pem" }] },
      "NODE_EXTRA_CA_CERTS",
    ],
    [{ ...base, certFile: "/nowhere.pem" }, "JIRA_CLIENT_CERT"],
    [{ ...base, certFile: tlsFile("client-cert.pem"), keyFile: "/nowhere.pem" }, "JIRA_CLIENT_KEY"],
    [{ ...base, certFile: tlsFile("client-cert.pem") }, "JIRA_CLIENT_CERT"],
    [
      { ...base, certFile: tlsFile("client-cert.pem"), keyFile: tlsFile("site.pem") },
      "JIRA_CLIENT_KEY",
    ],
    [
      { ...base, certFile: tlsFile("client-cert.pem"), keyFile: tlsFile("client-key.pem") },
      "JIRA_CLIENT_KEY_PASSWORD",
    ],
    [
      {
        ...base,
        certFile: tlsFile("client-cert.pem"),
        keyFile: tlsFile("client-key.pem"),
        passphrase: "wrong",
      },
      "JIRA_CLIENT_KEY_PASSWORD",
    ],
    [{ ...base, certFile: tlsFile("client.p12"), passphrase: "wrong" }, "JIRA_CLIENT_KEY_PASSWORD"],
  ])("names the setting at fault: case %#", async (settings, setting) => {
    const failure = createTrustStore(machine()).contextFor(settings);
    await expect(failure).rejects.toMatchObject({ code: "config", details: { setting } });
  });

  it("refuses a CA file without a certificate, and notices when it is repaired", async () => {
    const files: Record<string, string> = { "/ca.pem": "nothing here" };
    const store = createTrustStore(machine({ files }));
    await expect(store.contextFor({ ...base, caFiles })).rejects.toMatchObject({ code: "config" });
    files["/ca.pem"] = caPem;
    await expect(store.contextFor({ ...base, caFiles })).resolves.toBeDefined();
  });
});

it("tlsIdentity differs with every setting but the prefix, and hides the passphrase", () => {
  const variants = [
    base,
    { ...base, verify: false },
    { ...base, useSystem: false },
    { ...base, certFile: "/c" },
    { ...base, passphrase: "p1" },
    { ...base, passphrase: "p2" },
  ];
  expect(new Set(variants.map(tlsIdentity)).size).toBe(variants.length);
  expect(tlsIdentity({ ...base, prefix: "CONFLUENCE" })).toBe(tlsIdentity(base));
  expect(tlsIdentity({ ...base, useSystem: true })).toBe(tlsIdentity(base));
  expect(tlsIdentity({ ...base, passphrase: "visible" })).not.toContain("visible");
});
