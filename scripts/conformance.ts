/**
 * Runs the protocol's public conformance suite: its own tools, resources and prompts on our HTTP stack, the built
 * program as it is, and the program's authorization server. Usage: npm run conformance
 */
import { checkAuthorization } from "../test/conformance/authorization.ts";
import { startFixtureServer } from "../test/conformance/fixture-server.ts";
import { type Outcome, openSuite, runRequirements, type Suite } from "../test/conformance/suite.ts";
import { type Report, report, say } from "../test/programs/report.ts";
import { startHttpProgram, stop } from "../test/server/harness.ts";

/** Newest first. */
const revisions = ["2026-07-28", "2025-11-25"];
const titles = {
  fixtures: "The suite's own tools on our HTTP stack",
  production: "The program",
};

await report(async (all) => {
  say("Installing the suite");
  const suite = await openSuite();

  const fixtures = await startFixtureServer();
  try {
    const more = ["http-header-validation", "json-schema-2020-12"];
    await checkServer(all, suite, { baseline: "fixtures", url: fixtures.url, more });
  } finally {
    await fixtures.stop();
  }

  const program = await startHttpProgram({}, ["--sandbox"]);
  try {
    const more = ["http-header-validation"];
    await checkServer(all, suite, { baseline: "production", url: new URL(program.url), more });
  } finally {
    await stop(program);
  }

  say("\nThe program as authorization server");
  for (const revision of revisions) await checkAuthorization(suite, all, revision);
});

interface ServerCheck {
  readonly baseline: keyof typeof titles;
  readonly url: URL;
  /** Scenarios of the newest revision that must pass although it does not require them. */
  readonly more: readonly string[];
}

async function checkServer(
  all: Report,
  suite: Suite,
  { baseline, url, more }: ServerCheck,
): Promise<void> {
  for (const revision of revisions) {
    say(`\n${titles[baseline]}, ${revision}`);
    const outcome = await runRequirements(suite, url, { revision, baseline });
    show(all, outcome, revision === revisions[0] ? more : []);
  }
}

function show(
  all: Report,
  { passed, expected, failed, more }: Outcome,
  required: readonly string[],
): void {
  all.addPassed(passed.length);
  say(`  ok    ${passed.length} scenarios`);
  for (const name of required) {
    all.add(`${name} (not required)`, more.includes(name) ? undefined : "did not pass");
  }
  if (expected.length > 0) say(`  known ${expected.length} that cannot: ${expected.join(", ")}`);
  for (const name of failed) all.add(name, "see build/conformance-results");
}
