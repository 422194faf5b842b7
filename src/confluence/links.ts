/** Addresses for people: always on the site itself, never on the gateway. */
export interface Links {
  page(page: { readonly id: string; readonly webui?: string | undefined }): string;
  /** An address from a path that the site gave; `fallback` is the content's id. */
  content(webui: string | undefined, fallbackId: string): string;
  /** The address of a search hit or a file, where the site gave a path. */
  below(path: string | undefined): string | undefined;
}

export function linksOn(browseBase: string): Links {
  const at = (path: string) => {
    // Some answers count the context path in, some do not.
    const context = new URL(browseBase).pathname.replace(/\/$/, "");
    const below =
      context !== "" && path.startsWith(`${context}/`) ? path.slice(context.length) : path;
    return `${browseBase}${below}`;
  };
  const content = (webui: string | undefined, id: string) =>
    webui?.startsWith("/") ? at(webui) : at(`/pages/viewpage.action?pageId=${id}`);
  return {
    content,
    page: (page) => content(page.webui, page.id),
    below: (path) => (path?.startsWith("/") ? at(path) : undefined),
  };
}
