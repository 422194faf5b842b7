// What the bundle contains of others: their licences as text, and a bill of materials (CycloneDX 1.6).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** rolldown plugin: writes `THIRD-PARTY-LICENSES.txt` and `bom.json` beside the bundle. */
export function thirdParty() {
  return {
    name: "third-party",
    generateBundle(_, bundle) {
      const folders = new Set();
      for (const chunk of Object.values(bundle)) {
        for (const id of chunk.moduleIds ?? []) {
          const folder = packageFolder(id);
          if (folder) folders.add(folder);
        }
      }
      const packages = [...folders].map(describe).sort((a, b) => (a.name < b.name ? -1 : 1));
      const unlicensed = packages.filter((each) => !each.licence);
      if (unlicensed.length > 0) {
        this.error(`no licence known: ${unlicensed.map((each) => each.name).join(", ")}`);
      }
      this.emitFile({
        type: "asset",
        fileName: "THIRD-PARTY-LICENSES.txt",
        source: texts(packages),
      });
      this.emitFile({ type: "asset", fileName: "bom.json", source: bom(packages) });
    },
  };
}

function packageFolder(id) {
  const path = id.replace(/^\0/, "").split("?")[0] ?? "";
  if (!path.includes("node_modules/")) return undefined;
  let folder = dirname(path);
  while (folder.includes("node_modules/")) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version) return folder;
    folder = dirname(folder);
  }
  return undefined;
}

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : "";
  return { name, version, licence: typeof license === "string" ? license : license?.type, text };
}

function texts(packages) {
  const parts = packages.map(
    ({ name, version, licence, text }) =>
      `${name} ${version}\nLicence: ${licence}\n\n${text || "(The package carries no licence text.)"}\n`,
  );
  const rule = `\n${"-".repeat(80)}\n\n`;
  return `This program contains the following packages.\n${rule}${parts.join(rule)}`;
}

function bom(packages) {
  const components = packages.map(({ name, version, licence }) => ({
    type: "library",
    name,
    version,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    licenses: [/\s/.test(licence) ? { expression: licence } : { license: { id: licence } }],
  }));
  return `${JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components }, null, 1)}\n`;
}
