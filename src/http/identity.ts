import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import * as tls from "node:tls";
import { AtlassianMcpError } from "../errors.ts";
import { codeOf, readSettingFile } from "./tls-files.ts";

/** Who we are on TLS connections: the part of the TLS settings that is about the client certificate. */
export interface IdentitySettings {
  /** `JIRA` or `CONFLUENCE`: whose settings the error messages name. */
  readonly prefix: string;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly passphrase?: string | undefined;
}

/** What people want to know of a client certificate. Holds no secret. */
export interface CertificateInfo {
  /** Distinguished names on one line each, e.g. `CN=robot, O=Example`. */
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly validFrom: number;
  readonly validTo: number;
}

/**
 * Reads the client certificate with its key and checks that the two can be used today. Does nothing where none is set.
 *
 * @param now milliseconds since the epoch.
 * @throws AtlassianMcpError `config` whose `setting` is the certificate, the key or the passphrase: a file that cannot
 *   be read or holds something else, a missing or wrong passphrase, a key that belongs to another certificate, an
 *   outdated PKCS#12 cipher, a certificate that has expired or is not valid yet.
 */
export async function checkIdentity(
  settings: IdentitySettings,
  now: () => number = Date.now,
): Promise<void> {
  const names = namesOf(settings);
  if (settings.certFile === undefined) {
    if (settings.keyFile === undefined) return;
    throw configError("A client key is set, but no client certificate", names.key, {
      next: `Set ${names.cert}, or leave ${names.key} out.`,
    });
  }
  const info = await certificateInfo(settings);
  if (info === undefined) return;
  const setting = names.cert;
  if (info.validTo <= now()) {
    throw configError(`The client certificate expired on ${day(info.validTo)}`, setting, {
      next: `Ask whoever issued it for a new one and name its file in ${setting}.`,
    });
  }
  if (info.validFrom > now()) {
    throw configError(
      `The client certificate is not valid before ${day(info.validFrom)}`,
      setting,
      { next: `Check this machine's clock, or use another certificate in ${setting}.` },
    );
  }
}

/**
 * What the client certificate says; `undefined` where none is set. Its dates are not judged.
 *
 * @throws AtlassianMcpError `config` for a certificate or key that cannot be used.
 */
export async function certificateInfo(
  settings: IdentitySettings,
): Promise<CertificateInfo | undefined> {
  if (settings.certFile === undefined) return undefined;
  const leaf = leafOf(contextOf(settings, await readIdentity(settings)));
  if (leaf === undefined) return undefined;
  return {
    subject: leaf.subject.split("\n").join(", "),
    issuer: leaf.issuer.split("\n").join(", "),
    validFrom: Date.parse(leaf.validFrom),
    validTo: Date.parse(leaf.validTo),
  };
}

/** The certificate that a context shows; Node opens PKCS#12 files in no other way. */
function leafOf(context: tls.SecureContext): X509Certificate | undefined {
  // Typed here, because Node's types do not know the native object.
  const { getCertificate } = context.context as { getCertificate?: () => Buffer | null };
  const der = getCertificate?.call(context.context);
  return der == null ? undefined : new X509Certificate(der);
}

/** The options for a context with the client certificate; none where none is set. */
export async function readIdentity(settings: IdentitySettings): Promise<tls.SecureContextOptions> {
  const { certFile, keyFile, passphrase } = settings;
  if (certFile === undefined) return {};
  const names = namesOf(settings);
  const cert = await readSettingFile(names.cert, certFile);
  const secret = passphrase === undefined ? {} : { passphrase };
  if (/\.(p12|pfx)$/i.test(certFile)) return { pfx: cert, ...secret };
  if (!cert.includes("-----BEGIN CERTIFICATE-----")) {
    throw configError(`The file named by ${names.cert} holds no PEM certificate`, names.cert, {
      next: `Point ${names.cert} to a PEM file with a BEGIN CERTIFICATE block, or to a .p12 file.`,
    });
  }
  const keyName = keyFile === undefined ? names.cert : names.key;
  const key = keyFile === undefined ? cert : await readSettingFile(names.key, keyFile);
  checkKey(cert, openKey(key, passphrase, keyName, names), keyName);
  return { cert, key, ...secret };
}

/** @throws AtlassianMcpError `config` for a certificate or key that OpenSSL refuses. */
export function contextOf(
  settings: IdentitySettings,
  options: tls.SecureContextOptions,
): tls.SecureContext {
  try {
    return tls.createSecureContext(options);
  } catch (cause) {
    throw identityError(cause, namesOf(settings), namesOf(settings).cert);
  }
}

function openKey(
  key: Buffer,
  passphrase: string | undefined,
  keyName: string,
  names: Names,
): KeyObject {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key.toString("latin1"))) {
    throw configError(`The file named by ${keyName} holds no PEM private key`, keyName, {
      next: `Name the key's PEM file in ${names.key}, or put the key into the certificate's file.`,
    });
  }
  try {
    return createPrivateKey(passphrase === undefined ? key : { key, passphrase });
  } catch (cause) {
    // OpenSSL gives up with this one when it would have to ask for the passphrase.
    const absent = passphrase === undefined && /INTERRUPTED|MISSING_PASSPHRASE/.test(codeOf(cause));
    if (!absent) throw identityError(cause, names, keyName);
    throw configError(
      "The client key is encrypted, and its passphrase is not set",
      names.password,
      {
        next: `Set ${names.password}.`,
        cause,
      },
    );
  }
}

function checkKey(cert: Buffer, key: KeyObject, keyName: string): void {
  let belongs: boolean;
  try {
    belongs = new X509Certificate(cert).checkPrivateKey(key);
  } catch {
    // The context, which is made of it next, says what is wrong with the certificate.
    return;
  }
  if (belongs) return;
  throw configError("The client key does not belong to the client certificate", keyName, {
    next: "Use the key that the certificate was made for; of a chain, the client's own certificate comes first.",
  });
}

interface Names {
  readonly cert: string;
  readonly key: string;
  readonly password: string;
}

function namesOf({ prefix }: IdentitySettings): Names {
  return {
    cert: `${prefix}_CLIENT_CERT`,
    key: `${prefix}_CLIENT_KEY`,
    password: `${prefix}_CLIENT_KEY_PASSWORD`,
  };
}

interface Problem {
  readonly message: string;
  readonly names: keyof Names | "file";
  readonly next: string;
}

/** By OpenSSL's code or, where it gives none, by its words. */
const problems: readonly (readonly [RegExp, Problem])[] = [
  [
    /BAD_DECRYPT|mac verify|bad password/i,
    {
      message: "The passphrase of the client key is missing or wrong",
      names: "password",
      next: "Check the passphrase; of a PKCS#12 file it is the one it was exported with.",
    },
  ],
  [
    /UNSUPPORTED_OPERATION|Unsupported PKCS12|RC2|3DES/i,
    {
      message: "The PKCS#12 file uses an outdated cipher (RC2 or 3DES)",
      names: "cert",
      next: "Export it again with AES.",
    },
  ],
  [
    /ERR_OSSL_UNSUPPORTED|DECODER|unsupported/i,
    {
      message: "The client key is not readable, or encrypted in a way that is no longer supported",
      names: "file",
      next: "Convert it to PKCS#8 with AES: openssl pkcs8 -topk8 -v2 aes-256-cbc.",
    },
  ],
  [
    /not enough data/i,
    {
      message: "The file of the client certificate is no PKCS#12 file, or damaged",
      names: "cert",
      next: "A file that ends in .p12 or .pfx is read as PKCS#12, anything else as PEM.",
    },
  ],
  [
    /ASN1|wrong tag|header too long|PEM/i,
    {
      message: "The PEM block of the client certificate or its key is damaged",
      names: "file",
      next: "Copy the file again, with its BEGIN and END lines.",
    },
  ],
];

function identityError(cause: unknown, names: Names, file: string): AtlassianMcpError {
  const text = `${codeOf(cause)} ${cause instanceof Error ? cause.message : ""}`;
  const found = problems.find(([pattern]) => pattern.test(text))?.[1];
  if (found !== undefined) {
    const setting = found.names === "file" ? file : names[found.names];
    return configError(found.message, setting, { next: found.next, cause });
  }
  const reason = codeOf(cause) || "unknown reason";
  return configError(`The client certificate cannot be used (${reason})`, names.cert, {
    next: `Check ${names.cert}, ${names.key} and ${names.password}.`,
    cause,
  });
}

interface Remedy {
  readonly next: string;
  readonly cause?: unknown;
}

function configError(message: string, setting: string, { next, cause }: Remedy): AtlassianMcpError {
  return new AtlassianMcpError("config", message, { setting, next }, cause);
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
