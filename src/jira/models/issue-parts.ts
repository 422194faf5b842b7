import { z } from "zod";
import { isoDate } from "../dates.ts";
import { compact } from "./compact.ts";
import { displayName, jiraUserSchema, toUser } from "./user.ts";

const named = z.looseObject({ name: z.string() });

export const statusSchema = z.looseObject({
  name: z.string(),
  statusCategory: z
    .looseObject({ name: z.string().optional(), colorName: z.string().optional() })
    .nullish(),
});

/** An issue as it stands inside another one. */
export const issueStubSchema = z.looseObject({
  id: z.string().optional(),
  key: z.string(),
  fields: z
    .looseObject({
      summary: z.string().optional(),
      status: statusSchema.nullish(),
      priority: named.nullish(),
      issuetype: named.nullish(),
    })
    .nullish(),
});

type IssueStub = z.output<typeof issueStubSchema>;

export const attachmentSchema = z.looseObject({
  id: z.union([z.string(), z.number()]),
  filename: z.string(),
  size: z.number().optional(),
  mimeType: z.string().optional(),
  created: z.string().optional(),
  author: jiraUserSchema.nullish(),
});

export const issueLinkSchema = z.looseObject({
  id: z.string(),
  type: z.looseObject({
    id: z.string().optional(),
    name: z.string(),
    inward: z.string().optional(),
    outward: z.string().optional(),
  }),
  inwardIssue: issueStubSchema.nullish(),
  outwardIssue: issueStubSchema.nullish(),
});

export const changelogSchema = z.looseObject({
  total: z.number().optional(),
  histories: z
    .array(
      z.looseObject({
        created: z.string().optional(),
        author: jiraUserSchema.nullish(),
        items: z
          .array(
            z.looseObject({
              field: z.string(),
              fieldtype: z.string().optional(),
              from: z.string().nullish(),
              fromString: z.string().nullish(),
              to: z.string().nullish(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

export function toStatus(raw: z.output<typeof statusSchema>) {
  return {
    name: raw.name,
    ...compact({ category: raw.statusCategory?.name, color: raw.statusCategory?.colorName }),
  };
}

/** Key, summary, status and type of a parent, subtask or linked issue; the key alone where that is out of reach. */
export function toIssueStub(raw: IssueStub, isInReach: (key: string) => boolean) {
  const { key, id, fields }: IssueStub = isInReach(raw.key) ? raw : { key: raw.key };
  return {
    key,
    ...compact({
      id,
      summary: fields?.summary,
      status: fields?.status?.name,
      priority: fields?.priority?.name,
      issue_type: fields?.issuetype?.name,
    }),
  };
}

export function toAttachment(raw: z.output<typeof attachmentSchema>, browseBase: string) {
  const id = String(raw.id);
  return {
    id,
    filename: raw.filename,
    ...compact({
      size: raw.size,
      content_type: raw.mimeType,
      author: raw.author ? displayName(raw.author) : undefined,
      created: raw.created === undefined ? undefined : isoDate(raw.created),
    }),
    url: `${browseBase}/secure/attachment/${id}/${encodeURIComponent(raw.filename)}`,
  };
}

export function toIssueLink(
  raw: z.output<typeof issueLinkSchema>,
  isInReach: (key: string) => boolean,
) {
  const { type } = raw;
  return {
    id: raw.id,
    type: {
      name: type.name,
      ...compact({ id: type.id, inward: type.inward, outward: type.outward }),
    },
    ...(raw.inwardIssue ? { inward_issue: linkedIssue(raw.inwardIssue, isInReach) } : {}),
    ...(raw.outwardIssue ? { outward_issue: linkedIssue(raw.outwardIssue, isInReach) } : {}),
  };
}

function linkedIssue(raw: IssueStub, isInReach: (key: string) => boolean) {
  const { key, id, ...fields } = toIssueStub(raw, isInReach);
  return { key, ...compact({ id, fields }) };
}

export function toChangelog(raw: z.output<typeof changelogSchema>) {
  return raw.histories.map((history) => ({
    ...compact({
      created: history.created === undefined ? undefined : isoDate(history.created),
      author: history.author ? toUser(history.author).display_name : undefined,
    }),
    items: history.items.map((item) => ({
      field: item.field,
      ...compact({
        fieldtype: item.fieldtype === "jira" ? undefined : item.fieldtype,
        from_id: item.from,
        from_string: item.fromString,
        to_id: item.to,
        to_string: ownText(item, "toString"),
      }),
    })),
  }));
}

/** `toString` exists on every object: only an own one is Jira's. */
function ownText(item: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  return typeof value === "string" ? value : undefined;
}
