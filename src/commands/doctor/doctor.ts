import type { LoadResult } from "../../config/load.ts";
import type { Settings } from "../../config/product.ts";
import { isOurs } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { type Composition, compose } from "../../server/compose.ts";
import { Connections } from "../../server/connections.ts";
import { identity } from "../../server/identity.ts";
import { within } from "./deadline.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { examineServer } from "./http-server.ts";
import { examineProduct } from "./product.ts";
import { failed, type Report, type Section, skipped, tally, warning } from "./report.ts";
import { secretFormsOf, withoutSecretsIn } from "./secrets.ts";
import { examineSettings } from "./settings.ts";
import { examineStore } from "./store.ts";
import { formatJson, formatText } from "./text.ts";

/** Settings as they were loaded, or what is wrong with them. */
export type Loaded = Extract<LoadResult, { kind: "settings" | "errors" }>;

export interface DoctorOptions {
  /** Output for programs. */
  readonly json: boolean;
  readonly log: Logger;
  /** Tells an impatient person what is going on. */
  readonly progress?: ((text: string) => void) | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
  /** For each check; default 10 s. */
  readonly limitMs?: number | undefined;
  /** Default: this machine and its Node.js. */
  readonly machine?: string | undefined;
}

export interface Outcome {
  readonly text: string;
  /** 0: in order, warnings aside; 1: something fails; 2: the settings are wrong. */
  readonly exitCode: 0 | 1 | 2;
}

const defaultLimitMs = 10_000;

/** Looks at everything that serving depends on. Changes nothing, but renews OAuth tokens as serving would. */
export async function runDoctor(loaded: Loaded, options: DoctorOptions): Promise<Outcome> {
  const { now = Date.now, machine = thisMachine() } = options;
  const time = new Date(now()).toISOString();
  const { sections, secrets, areSettingsWrong } = await examineAll(loaded, options);
  const found: Report = { version: identity.version, machine, time, sections };
  const report = withoutSecretsIn(found, secrets);
  const exitCode = areSettingsWrong ? 2 : tally(report).problem > 0 ? 1 : 0;
  const text = options.json ? formatJson(report, exitCode) : formatText(report);
  return { text, exitCode };
}

function thisMachine(): string {
  return `Node.js ${process.versions.node}, ${process.platform} ${process.arch}`;
}

interface Examined {
  readonly sections: readonly Section[];
  readonly secrets: readonly string[];
  readonly areSettingsWrong: boolean;
}

async function examineAll(loaded: Loaded, options: DoctorOptions): Promise<Examined> {
  const { notices, origins } = loaded;
  if (loaded.kind === "errors") {
    const wrong = examineSettings(loaded.problems, notices, origins);
    return { sections: [wrong, notTried], secrets: [], areSettingsWrong: true };
  }
  const { settings } = loaded;
  const secrets = secretFormsOf(settings);
  const section = examineSettings([], notices, origins);
  let composition: Composition;
  try {
    composition = compose(settings, options.log);
  } catch (error) {
    if (!isOurs(error)) throw error;
    const findings = [failed("settings", error), ...section.findings.slice(1)];
    return { sections: [{ ...section, findings }, notTried], secrets, areSettingsWrong: true };
  }
  const more = composition.notices.map((text) =>
    warning("settings", text, "Correct the setting that it names."),
  );
  const first = { ...section, findings: [...section.findings, ...more] };
  const rest = await examineWith(composition, settings, origins, secrets, options);
  return { sections: [first, ...rest], secrets, areSettingsWrong: false };
}

const notTried: Section = {
  title: "Sites",
  findings: [skipped("rest", "not looked at before the settings are right")],
};

async function examineWith(
  { runtime, probe, close }: Composition,
  settings: Settings,
  origins: ReadonlyMap<string, string>,
  secrets: string[],
  { now = Date.now, limitMs = defaultLimitMs, progress = () => {} }: DoctorOptions,
): Promise<Section[]> {
  const connections = new Connections(runtime);
  const diagnosis: Diagnosis = {
    ...{ settings, origins, runtime, connections, probe, now, limitMs, progress, secrets },
  };
  try {
    const [jira, confluence, store] = await Promise.all([
      examineProduct("jira", diagnosis),
      examineProduct("confluence", diagnosis),
      examineStore(settings, limitMs),
    ]);
    return [jira, confluence, examineServer(settings), ...store];
  } finally {
    // What hangs must not hold up the report.
    await within(1000, close).catch(() => {});
  }
}
