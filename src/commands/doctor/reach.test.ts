import { expect, it } from "vitest";
import { AtlassianMcpError } from "../../errors.ts";
import type { Probe, ProbedTls } from "../../http/probe.ts";
import { reach } from "./reach.ts";

const now = Date.UTC(2026, 10, 1);
const days = (count: number) => now + count * 86_400_000;
const tls: ProbedTls = {
  protocol: "TLSv1.3",
  subject: "jira.example.com",
  issuer: "Example CA",
  validTo: days(100),
  trusted: true,
};
const fine: Probe = {
  status: 200,
  headers: { "content-type": "application/json" },
  text: "{}",
  elapsedMs: 12,
};

async function reached(
  answer: Partial<Probe> | Error,
  product: "jira" | "confluence" = "jira",
): Promise<Awaited<ReturnType<typeof reach>>> {
  const probe = async (): Promise<Probe> => {
    if (answer instanceof Error) throw answer;
    return { ...fine, ...answer };
  };
  const base = new URL("https://jira.example.com/jira");
  return reach(product, { base, path: "/rest" }, { probe, now: () => now, limitMs: 1000 });
}

const html = { "content-type": "text/html; charset=UTF-8" };

it.each([
  ["an answer", {}, "ok"],
  ["a refusal of strangers", { status: 401 }, "ok"],
  ["a certificate that lasts", { tls }, "ok"],
  ["a certificate that ends soon", { tls: { ...tls, validTo: days(13) } }, "warning"],
  ["a certificate that only passes unchecked", { tls: { ...tls, trusted: false } }, "warning"],
  ["a redirect", { status: 302, headers: { location: "https://sso.example.com/x" } }, "problem"],
  ["a redirect to nowhere", { status: 302 }, "problem"],
  ["a web page", { headers: html, text: "<html>Hello</html>" }, "problem"],
  ["a web page that is not there", { status: 404, headers: html, text: "<html/>" }, "problem"],
  ["a Jira without what every Jira has", { status: 404 }, "problem"],
  ["a site that is down", { status: 503 }, "problem"],
] as const)("%s", async (_, answer, outcome) => {
  const { finding } = await reached(answer);
  expect(finding.outcome).toBe(outcome);
  expect(finding.remedy === undefined).toBe(outcome === "ok");
});

it("does not expect the same of every Confluence", async () => {
  expect((await reached({ status: 404 }, "confluence")).finding.outcome).toBe("ok");
});

it("expects nothing of the gateway's root but an answer", async () => {
  const probe = async () => ({ ...fine, status: 404, headers: html });
  const root = { base: new URL("https://api.example.com"), path: "/" };
  const { finding } = await reach("jira", root, { probe, now: () => now, limitMs: 1000 });
  expect(finding.outcome).toBe("ok");
});

it("names where a redirect goes, but not what it carries", async () => {
  const location = "https://sso.example.com/login?ticket=abc";
  const { text } = (await reached({ status: 302, headers: { location } })).finding;
  expect(text).toContain("sso.example.com/login");
  expect(text).not.toContain("ticket");
});

it("tells how the site was reached and what certificate it has", async () => {
  const { finding } = await reached({ tls, proxy: "proxy.example.com:3128" });
  expect(finding.text).toBe(
    "answers through proxy.example.com:3128 after 12 ms, TLSv1.3, certificate of jira.example.com by Example CA, valid until 2027-02-09",
  );
  expect(finding.facts).toMatchObject({ proxy: "proxy.example.com:3128", tls_protocol: "TLSv1.3" });
});

it("is the problem of a site that cannot be reached", async () => {
  const error = new AtlassianMcpError("network", "The name cannot be resolved", { next: "Check." });
  const { finding, probe } = await reached(error);
  expect(finding).toMatchObject({ outcome: "problem", code: "network", remedy: "Check." });
  expect(probe).toBeUndefined();
});
