import { z } from "zod";
import { compact } from "./compact.ts";

export const jiraUserSchema = z.looseObject({
  accountId: z.string().optional(),
  name: z.string().optional(),
  key: z.string().optional(),
  displayName: z.string().optional(),
  emailAddress: z.string().nullish(),
  active: z.boolean().optional(),
  timeZone: z.string().nullish(),
  locale: z.string().nullish(),
  avatarUrls: z.record(z.string(), z.string()).nullish(),
});

/** A person as Jira answers it. */
export type JiraUser = z.output<typeof jiraUserSchema>;

/** Short form, for people inside other results. */
export interface UserModel {
  readonly display_name: string;
  /** Cloud. */
  readonly account_id?: string | undefined;
  /** Data Center login. */
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

export interface UserProfileModel extends UserModel {
  readonly key?: string | undefined;
  readonly active?: boolean | undefined;
  readonly time_zone?: string | undefined;
  readonly locale?: string | undefined;
  readonly avatar_url?: string | undefined;
}

export function toUser(user: JiraUser): UserModel {
  return {
    display_name: displayName(user),
    ...compact({ account_id: user.accountId, name: user.name, email: user.emailAddress }),
  };
}

export function toUserProfile(user: JiraUser): UserProfileModel {
  return {
    display_name: displayName(user),
    ...compact({
      account_id: user.accountId,
      name: user.name ?? displayName(user),
      key: user.key,
      email: user.emailAddress,
      active: user.active,
      time_zone: user.timeZone,
      locale: user.locale,
      avatar_url: user.avatarUrls?.["48x48"],
    }),
  };
}

/** The name to show for a person; ids stand in for hidden names. */
export function displayName(user: JiraUser): string {
  return user.displayName ?? user.name ?? user.key ?? user.accountId ?? "Unknown";
}
