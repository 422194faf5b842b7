/**
 * Runs the protocol's public conformance suite: its own tools, resources and prompts on our HTTP stack, the built
 * program as it is, and the program's authorization server. Usage: npm run conformance
 */
import { checkAuthorization } from "../test/conformance/authorization.ts";
import { startFixtureServer } from "../test/conformance/fixture-server.ts";
import { openSuite, runRequirements } from "../test/conformance/suite.ts";
import { type Report, report, say } from "../test/programs/report.ts";
import { startHttpProgram, stop } from "../test/server/harness.ts";

const revisions = ["2026-07-28", "2025-11-25"];

await report(async (all) => {
  say("Installing the suite");
  const suite = await openSuite();
  const check = async (title: string, baseline: string, url: URL, more: readonly string[] = []) => {
    for (const revision of revisions) {
      say(`\n${title}, ${revision}`);
      const outcome = await runRequirements(suite, url, { revision, baseline });
      show(all, outcome, revision === "2026-07-28" ? more : []);
    }
  };

  const fixtures = await startFixtureServer();
  await check("The suite's own tools on our HTTP stack", "fixtures", fixtures.url, [
    "http-header-validation",
    "json-schema-2020-12",
  ]);
  await fixtures.stop();

  const program = await startHttpProgram({}, ["--sandbox"]);
  await check("The program", "production", new URL(program.url), ["http-header-validation"]);
  await stop(program);

  say("\nThe program as authorization server");
  for (const revision of revisions) await checkAuthorization(suite, all, revision);
});

function show(
  all: Report,
  { passed, expected, failed, more }: Awaited<ReturnType<typeof runRequirements>>,
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
