import { execFile } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as tls from "node:tls";
import { promisify } from "node:util";
import { AtlassianMcpError } from "../errors.ts";
import { contextOf, readIdentity } from "./identity.ts";
import { unreadable } from "./tls-files.ts";

/** Whom we trust and how we identify ourselves on TLS connections. Paths are read at the first https request. */
export interface TlsSettings {
  /** `JIRA` or `CONFLUENCE`: whose settings the error messages name. */
  readonly prefix: string;
  /** `false` accepts any certificate of the site itself; proxies in between are verified all the same. */
  readonly verify: boolean;
  /** `ATLASSIAN_CA_BUNDLE`, `SSL_CERT_FILE`, `NODE_EXTRA_CA_CERTS`: PEM files whose roots are added to the system's. */
  readonly caFiles: readonly CaFile[];
  /** `false`: only the roots that Node brings and `caFiles`. Default true. */
  readonly useSystem?: boolean | undefined;
  /** PEM with the client certificate (and perhaps its key), or PKCS#12 when it ends in `.p12` or `.pfx`. */
  readonly certFile?: string | undefined;
  /** PEM, when the key is not in `certFile`. */
  readonly keyFile?: string | undefined;
  readonly passphrase?: string | undefined;
}

export interface CaFile {
  /** The setting that named the file. */
  readonly setting: string;
  readonly path: string;
}

/** What the reader needs from the machine; replaced in tests. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly readText: (path: string) => Promise<string>;
  readonly run: (command: string, args: readonly string[]) => Promise<string>;
  /** The roots Node itself knows of the system (Node 22.15 and later), else `undefined`. */
  readonly knownRoots: () => readonly string[] | undefined;
}

/** Gives one shared `SecureContext` per identity; a context is costly to build and free to share. */
export interface TrustStore {
  /** @throws AtlassianMcpError `config` for a file that cannot be read or used. */
  contextFor(settings: TlsSettings): Promise<tls.SecureContext>;
}

/** Connections may be shared between settings with the same identity. Holds no secret. */
export function tlsIdentity(settings: TlsSettings): string {
  const known = identities.get(settings);
  if (known !== undefined) return known;
  const made = identityOf(settings);
  identities.set(settings, made);
  return made;
}

const identities = new WeakMap<TlsSettings, string>();

function identityOf(settings: TlsSettings): string {
  const { verify, certFile, keyFile, passphrase } = settings;
  const files = settings.caFiles.map((each) => each.path);
  const useSystem = settings.useSystem ?? true;
  const facts = JSON.stringify([verify, useSystem, files, certFile, keyFile, passphrase]);
  return createHash("sha256").update(facts).digest("base64url").slice(0, 16);
}

export function createTrustStore(machine: Machine = thisMachine): TrustStore {
  const contexts = new Map<string, Promise<tls.SecureContext>>();
  let roots: Promise<readonly string[]> | undefined;
  const rootsFor = ({ useSystem = true }: TlsSettings) => {
    if (!useSystem) return tls.rootCertificates;
    roots ??= systemRoots(machine);
    return roots;
  };
  return {
    contextFor(settings) {
      const key = tlsIdentity(settings);
      const known = contexts.get(key);
      if (known !== undefined) return known;
      const made = buildContext(settings, () => rootsFor(settings), machine);
      contexts.set(key, made);
      // A repaired file is to be noticed at the next request.
      made.catch(() => contexts.delete(key));
      return made;
    },
  };
}

async function buildContext(
  settings: TlsSettings,
  roots: () => readonly string[] | Promise<readonly string[]>,
  machine: Machine,
): Promise<tls.SecureContext> {
  const identity = await readIdentity(settings);
  // Nothing is verified, so nothing needs to be read.
  if (!settings.verify) return contextOf(settings, identity);
  const added = await Promise.all(settings.caFiles.map((file) => readCaFile(file, machine)));
  const ca = eachOnce([...(await roots()), ...added.flat()]);
  return contextOf(settings, { ...identity, ca });
}

async function readCaFile(file: CaFile, machine: Machine): Promise<readonly string[]> {
  const text = await machine.readText(file.path).catch((cause: unknown) => {
    throw unreadable(file.setting, cause);
  });
  const certificates = usable(pemBlocks(text));
  if (certificates.length > 0) return certificates;
  throw new AtlassianMcpError("config", `The file named by ${file.setting} holds no certificate`, {
    setting: file.setting,
    next: `Point ${file.setting} to a PEM file with one or more BEGIN CERTIFICATE blocks.`,
  });
}

/** Where the distributions keep their bundle: Debian and Alpine, Red Hat, SUSE, the BSDs. */
const bundlePaths = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/var/lib/ca-certificates/ca-bundle.pem",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

const macKeychains = [
  "/System/Library/Keychains/SystemRootCertificates.keychain",
  "/Library/Keychains/System.keychain",
];

const windowsScript = [
  "Get-ChildItem Cert:\\LocalMachine\\Root, Cert:\\CurrentUser\\Root | ForEach-Object {",
  "'-----BEGIN CERTIFICATE-----'; [Convert]::ToBase64String($_.RawData, 'InsertLineBreaks');",
  "'-----END CERTIFICATE-----' }",
].join(" ");

/** Node's own roots and the operating system's, each once. A store that cannot be read adds nothing. */
export async function systemRoots(machine: Machine): Promise<readonly string[]> {
  const known = machine.knownRoots();
  if (known !== undefined) return eachOnce(known);
  const text = await platformRoots(machine).catch(() => "");
  const own = eachOnce(tls.rootCertificates);
  // Mostly the same ones: to read each again would hold up the first request for longer than that takes.
  return [...own, ...usable(eachOnce(pemBlocks(text), own))];
}

/** Each certificate once, without those in `known`. */
function eachOnce(certificates: readonly string[], known: readonly string[] = []): string[] {
  const seen = new Set(known.map(bare));
  return certificates.filter((pem) => {
    const key = bare(pem);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** The same for one certificate however its lines are broken. */
function bare(pem: string): string {
  return pem.replace(/\s+/g, "");
}

async function platformRoots(machine: Machine): Promise<string> {
  if (machine.platform === "darwin") {
    return machine.run("/usr/bin/security", ["find-certificate", "-a", "-p", ...macKeychains]);
  }
  if (machine.platform === "win32") {
    return machine.run("powershell.exe", [
      "-NoProfile",
      "-NonInteractive",
      "-Command",
      windowsScript,
    ]);
  }
  for (const path of bundlePaths) {
    const text = await machine.readText(path).catch(() => "");
    if (text !== "") return text;
  }
  return "";
}

function pemBlocks(text: string): string[] {
  const blocks = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
  return (text.match(blocks) ?? []).map((block) => block.replaceAll("\r\n", "\n"));
}

/** One broken entry in a bundle must not make every connection fail. */
function usable(certificates: readonly string[]): string[] {
  return certificates.filter((pem) => {
    try {
      return new X509Certificate(pem).raw.length > 0;
    } catch {
      return false;
    }
  });
}

const thisMachine: Machine = {
  platform: process.platform,
  readText: (path) => readFile(path, "utf8"),
  async run(command, args) {
    const limits = { maxBuffer: 16 * 1024 * 1024, timeout: 15_000, windowsHide: true };
    return (await promisify(execFile)(command, [...args], limits)).stdout;
  },
  knownRoots() {
    // Typed here, because the oldest supported Node does not have it.
    const { getCACertificates } = tls as { getCACertificates?: (type: string) => string[] };
    if (getCACertificates === undefined) return undefined;
    return [...getCACertificates("default"), ...getCACertificates("system")];
  },
};
