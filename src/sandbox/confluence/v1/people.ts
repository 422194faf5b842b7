import type { SandboxUser } from "../../types.ts";
import type { Call } from "../requests.ts";
import { userNamed } from "../world.ts";
import { linkBase } from "./envelope.ts";

function cloudUser(user: SandboxUser): object {
  return {
    accountId: user.accountId,
    accountType: "atlassian",
    email: user.email,
    publicName: user.displayName,
    timeZone: user.timeZone,
    isExternalCollaborator: false,
    isGuest: false,
    _expandable: { operations: "", personalSpace: "" },
  };
}

/** A person as v1 shows one: by account id on Cloud, by name and key on Data Center. */
export function userModel(call: Call, user: SandboxUser): object {
  const { base, context } = linkBase(call);
  const isCloud = call.site.deployment === "cloud";
  const query = isCloud ? `accountId=${user.accountId}` : `key=${user.key}`;
  const own = isCloud
    ? cloudUser(user)
    : { username: user.name, userKey: user.key, _expandable: { status: "" } };
  const path = `${context}/images/icons/profilepics/default.svg`;
  return {
    type: "known",
    ...own,
    displayName: user.displayName,
    profilePicture: { path, width: 48, height: 48, isDefault: true },
    _links: { self: `${base}/rest/api/user?${query}` },
  };
}

/** The person behind a login name, or the account that stands in for a deleted one. */
export function personModel(call: Call, name: string): object {
  const user = userNamed(call.site, name);
  if (user !== undefined) return userModel(call, user);
  return { type: "unknown", displayName: "Unknown user", _expandable: {}, _links: {} };
}
