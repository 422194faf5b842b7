/**
 * The pretend Atlassian in a process of its own, with an app for a server at a public address. Prints one line: the
 * settings of such a server, and the logins of people who signed in through it earlier. Arguments: the public address,
 * how many logins.
 */
import { startSandbox } from "../src/sandbox/server.ts";
import { proxyEnv } from "../test/server/onboarding.ts";
import type { SignInSite } from "./remote-site.ts";

const [publicUrl = "", count = "0"] = process.argv.slice(2);
const sandbox = await startSandbox();
const env = proxyEnv(sandbox, publicUrl);
const sites = [sandbox.cloudId];
const logins = Array.from({ length: Number(count) }, () => sandbox.login.issue({ sites }));
const facts: SignInSite = { env, logins };
console.log(JSON.stringify(facts));
