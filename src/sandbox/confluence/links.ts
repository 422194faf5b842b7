import { type Content, latest, type Site } from "./world.ts";

/** The path under which Cloud shows a title in the address bar. */
function slug(title: string): string {
  return encodeURIComponent(title).replaceAll("%20", "+");
}

/** The short form of an id in `/x/…` links: little-endian base64 without its filling. */
export function tinyKey(id: string): string {
  const bytes: number[] = [];
  for (let rest = Number(id); rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  while (bytes.length < 4) bytes.push(0);
  const base64 = Buffer.from(bytes).toString("base64");
  return base64.replace(/A*=*$/, "").replaceAll("/", "-").replaceAll("+", "_");
}

/** Links of Cloud to a page, folder or blog post, relative to the base of `_links`. */
export function contentLinks(site: Site, content: Content): Record<string, string> {
  const key = site.spaces.get(content.spaceId)?.key ?? "";
  const { id, kind } = content;
  const place = kind === "blogpost" ? "blog" : `${kind === "folder" ? "folder" : "pages"}`;
  const webui = `/spaces/${key}/${place}/${id}${kind === "folder" ? "" : `/${slug(latest(content).title)}`}`;
  const edit = `/pages/resumedraft.action?draftId=${id}`;
  return {
    webui,
    editui: edit,
    edituiv2: `/spaces/${key}/pages/edit-v2/${id}`,
    tinyui: `/x/${tinyKey(id)}`,
  };
}
