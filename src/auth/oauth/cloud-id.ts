/** Cloud ids are UUIDs; nothing else may become part of a gateway path. */
export function isCloudId(text: string): boolean {
  return /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text);
}
