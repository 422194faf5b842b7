import type { Notice, Problem } from "../../config/problems.ts";
import { allSettings } from "../../config/schema.ts";
import { type Finding, ok, problem, type Section, warning } from "./report.ts";

/** What loading the settings found: every problem, every notice, and where the credentials come from. */
export function examineSettings(
  problems: readonly Problem[],
  notices: readonly Notice[],
  origins: ReadonlyMap<string, string>,
): Section {
  const wrong = problems.map(({ setting, found, source, problem: what, remedy }) => {
    const from = source === undefined ? "" : ` (from ${source})`;
    return problem("settings", `${setting}${from} ${what}; found: ${found}`, remedy, { setting });
  });
  const notable = notices.map(({ setting, message }) =>
    warning("settings", message, "Make sure that this is meant.", { setting }),
  );
  const fine = ok("settings", `${origins.size} settings, all usable${fromWhere(origins)}`);
  return {
    title: "Settings",
    findings: [...(wrong.length === 0 ? [fine] : wrong), ...notable, ...credentialSources(origins)],
  };
}

function fromWhere(origins: ReadonlyMap<string, string>): string {
  const places = [...new Set(origins.values())];
  return places.length === 0 ? "" : `; from ${places.join(", ")}`;
}

/** One line for each place that holds credentials, with their names. */
function credentialSources(origins: ReadonlyMap<string, string>): Finding[] {
  const places = new Map<string, string[]>();
  for (const { name, group, secret } of allSettings) {
    const source = origins.get(name);
    const isCredential =
      secret === true || /_(USERNAME|CLIENT_CERT|CLIENT_KEY|OAUTH_CLIENT_ID)$/.test(name);
    if (source === undefined || !isCredential || group === "network") continue;
    places.set(source, [...(places.get(source) ?? []), name]);
  }
  return [...places].map(([source, names]) =>
    ok("credentials", `from ${source}: ${names.join(", ")}`, {
      facts: { source, settings: names },
    }),
  );
}
