import { isDocumentId } from "./client-documents.ts";
import type { ClientView } from "./pages/types.ts";

/** How a client is shown: whoever describes itself in a document is known by its address. */
export function viewOf(id: string, name: string | undefined): ClientView {
  const origin = isDocumentId(id)
    ? ({ kind: "document", url: id } as const)
    : ({ kind: "registered" } as const);
  return { name, origin };
}
