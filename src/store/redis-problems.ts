import { AtlassianMcpError, type ErrorCode } from "../errors.ts";
import { codeOf } from "./problems.ts";

// What Redis and its client throw holds commands with their arguments, the password among them. So nothing of it is kept
// as a cause or quoted, but for the first word of an answer and the code of a network error.

const place = "ATLASSIAN_STORE_URL";
const keySetting = "ATLASSIAN_STORE_KEY";
/** Longer than the client waits between two attempts to connect. */
const retryAfterMs = 1500;

interface Kind {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next: string;
  /** Where it is another than the address of the store. */
  readonly setting?: string;
}

/**
 * What a failed command means: `upstream` with `retryAfterMs` for what passes by itself, `config` for what the operator
 * must put right. Errors of ours pass through.
 */
export function redisProblem(cause: unknown): AtlassianMcpError {
  if (cause instanceof AtlassianMcpError) return cause;
  const {
    code,
    message,
    next,
    setting = place,
  } = isReply(cause) ? kindOfReply(cause.message) : kindOfFailure(cause);
  return new AtlassianMcpError(code, message, {
    setting,
    next,
    ...(code === "upstream" && { retryAfterMs }),
  });
}

/** Whether it is an answer of the server, and not a failure on the way to it. */
export function isReply(cause: unknown): cause is Error {
  return cause instanceof Error && cause.name === "ReplyError";
}

function kindOfReply(answer: string): Kind {
  // Servers before 7 wrap what a command in a script was answered.
  const text = answer.replace(/^ERR Error running script.*? -(?=[A-Z]+ )/, "");
  const [word = "ERR"] = /^[A-Z]+/.exec(text) ?? [];
  if (word !== "ERR") return replies[word] ?? refused(word);
  if (/password/i.test(text)) return wrongPassword;
  if (/DB index/i.test(text)) return noDatabase;
  return /max number of clients/i.test(text) ? tooManyClients : refused(word);
}

const wrongPassword: Kind = {
  code: "config",
  message: "The store refuses the user or the password",
  next: `Correct them in ${place}; characters such as @ and / are written %40 and %2F there.`,
};

const noDatabase: Kind = {
  code: "config",
  message: "The store has no database of this number",
  next: `Correct the number at the end of ${place}, or leave it out.`,
};

const clusterNode: Kind = {
  code: "config",
  message: "The store is part of a Redis Cluster, which is not supported",
  next: `Name a Redis server that stands alone, or a proxy in front of the cluster, in ${place}.`,
};

const tooManyClients = passing(
  "The store accepts no more connections",
  "Raise maxclients of the Redis server, or close what else is connected to it.",
);

const replies: Readonly<Record<string, Kind>> = {
  NOAUTH: {
    code: "config",
    message: "The store asks for a password",
    next: `Put user and password into ${place}: rediss://user:password@host:6379/0.`,
  },
  WRONGPASS: wrongPassword,
  NOPERM: {
    code: "config",
    message: "The store does not let its user do what is needed",
    next: "Allow this user GET, SET, DEL, PEXPIRE, SELECT, EVAL and EVALSHA on keys with the prefix (redis-cli ACL SETUSER).",
  },
  MOVED: clusterNode,
  ASK: clusterNode,
  READONLY: passing(
    "The store is a replica, which takes no changes",
    `If this does not pass with the end of a failover, name the primary in ${place}.`,
  ),
  LOADING: passing("The store is starting and reads its data", "Try again in a moment."),
  OOM: passing(
    "The store is out of memory",
    "Raise maxmemory of the Redis server, or give it less to keep.",
  ),
  MISCONF: passing(
    "The store cannot save to its disk and takes no changes",
    "Look into the log of the Redis server.",
  ),
  MASTERDOWN: passing("The store has lost its primary", "Wait for the end of the failover."),
  NOREPLICAS: passing("The store has too few replicas", "Look at the replicas of the server."),
  CLUSTERDOWN: passing("The store's cluster is down", "Look at the state of the cluster."),
  BUSY: passing("The store is busy with a script", "Look at what else uses the Redis server."),
};

function refused(word: string): Kind {
  return passing(
    `The store refused a command (${word})`,
    "Look into the log of the Redis server; it must be Redis 5 or later, or Valkey.",
  );
}

function kindOfFailure(cause: unknown): Kind {
  const code = codeOf(cause);
  if (code === "EPROTO" || code?.startsWith("ERR_SSL") === true) return noTls(code);
  if (code !== undefined && /CERT|ISSUER|SIGNATURE|CRL|ALTNAME/.test(code)) {
    return badCertificate(code);
  }
  return passing(
    `The store cannot be reached (${code ?? wordsOf(cause)})`,
    `Check that the Redis server runs and that ${place} names it: rediss: where it expects TLS, else redis:.`,
  );
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error && /timed? ?out/i.test(cause.message)
    ? "no answer in time"
    : "the connection was lost";
}

function noTls(code: string): Kind {
  return {
    code: "config",
    message: `The store does not speak TLS as expected (${code})`,
    next: `Begin ${place} with redis: if the server expects plain connections; else check its TLS settings.`,
  };
}

function badCertificate(code: string): Kind {
  return {
    code: "config",
    setting: "ATLASSIAN_CA_BUNDLE",
    message: `The certificate of the store is not accepted (${code})`,
    next: `Put the authority that signed it into the file of ATLASSIAN_CA_BUNDLE, and use the name it was made for in ${place}.`,
  };
}

function passing(message: string, next: string): Kind {
  return { code: "upstream", message, next };
}

export function closedStore(): AtlassianMcpError {
  return new AtlassianMcpError("upstream", "The store is closed: the program is ending");
}

export function lostLock(): AtlassianMcpError {
  return new AtlassianMcpError(
    "upstream",
    "The lock on the stored state was lost: the store was away, or this process stood still, for too long",
    { setting: place, next: "Try again.", retryAfterMs },
  );
}

export function missingSharedKey(): AtlassianMcpError {
  return new AtlassianMcpError(
    "config",
    `State in Redis is encrypted with a key that all replicas share, and ${keySetting} is not set`,
    {
      setting: keySetting,
      next: `Make one (openssl rand -base64 32) and set ${keySetting} to it on every replica.`,
    },
  );
}

export function unknownSharedKey(): AtlassianMcpError {
  return new AtlassianMcpError("config", "A stored record was encrypted with another key", {
    setting: keySetting,
    next: `Put the key it was encrypted with into ${keySetting} on every replica, after the new one and a comma; or start afresh with another ?prefix= in ${place} and sign in again.`,
  });
}

/** `name`: of the record, without the prefix. */
export function damagedValue(name: string): AtlassianMcpError {
  return new AtlassianMcpError(
    "config",
    `The stored record ${name} is damaged; it was left as it is`,
    { setting: place, next: "Delete it with redis-cli, prefix included, and sign in again." },
  );
}
