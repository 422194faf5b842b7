import type { Call } from "../requests.ts";
import { latest, type Space } from "../world.ts";
import { linkBase } from "./envelope.ts";
import type { Expand } from "./expand.ts";
import { personModel } from "./people.ts";

/** A space as v1 shows it. */
export function spaceModel(call: Call, space: Space, expand: Expand): object {
  const { base } = linkBase(call);
  const { id, key, name, type, homepageId, description, author, createdAt } = space;
  const plain = { value: description, representation: "plain", embeddedContent: [] };
  const home = call.site.contents.get(homepageId ?? "");
  const opened = {
    ...(expand.has("description") ? { description: { plain, _expandable: { view: "" } } } : {}),
    ...(expand.has("homepage") && home !== undefined
      ? {
          homepage: {
            id: home.id,
            type: home.kind,
            status: home.status,
            title: latest(home).title,
          },
        }
      : {}),
    ...(expand.has("creator")
      ? { creator: personModel(call, author), creationDate: createdAt }
      : {}),
  };
  return {
    id: Number(id),
    key,
    name,
    type,
    status: "current",
    ...opened,
    _links: { webui: `/spaces/${key}`, self: `${base}/rest/api/space/${encodeURIComponent(key)}` },
    _expandable: {
      metadata: "",
      icon: "",
      description: "",
      homepage: `/rest/api/content/${homepageId}`,
    },
  };
}
