import { beforeEach, describe, expect, it } from "vitest";
import { people } from "../people.ts";
import { cloudRules } from "./cloud.ts";
import { dataCenterRules } from "./data-center.ts";
import { type Consent, createIssuer, type Issuer } from "./issuer.ts";

let time = 0;
beforeEach(() => {
  time = Date.parse("2026-03-11T12:00:00Z");
});
const now = () => new Date(time);
const minutes = (count: number) => count * 60_000;
const days = (count: number) => minutes(count * 24 * 60);

const consent: Consent = {
  clientId: "app",
  user: people[0],
  scopes: ["read:jira-work", "offline_access"],
  sites: ["site-a"],
};
const proof = { clientId: "app", redirectUri: "http://localhost/cb", verifier: undefined };

function withCode(issuer: Issuer): string {
  return issuer.code(consent, { redirectUri: "http://localhost/cb" });
}

describe("codes", () => {
  it("are good for one exchange", () => {
    const issuer = createIssuer(cloudRules, now);
    const code = withCode(issuer);
    expect(issuer.redeem(code, proof, undefined)?.refreshToken).toEqual(expect.any(String));
    expect(issuer.redeem(code, proof, undefined)).toBeUndefined();
  });

  it.each([
    ["another app", { clientId: "other" }],
    ["another callback", { redirectUri: "http://localhost/cb/" }],
    ["no callback", { redirectUri: undefined }],
    ["a verifier out of the blue", { verifier: "v".repeat(43) }],
  ])("are refused to %s", (_name, change) => {
    const issuer = createIssuer(cloudRules, now);
    expect(issuer.redeem(withCode(issuer), { ...proof, ...change }, undefined)).toBeUndefined();
  });

  it("last five minutes", () => {
    const issuer = createIssuer(cloudRules, now);
    const [inTime, late] = [withCode(issuer), withCode(issuer)];
    time += minutes(5) - 1;
    expect(issuer.redeem(inTime, proof, undefined)).toBeDefined();
    time += 1;
    expect(issuer.redeem(late, proof, undefined)).toBeUndefined();
  });
});

describe("access tokens", () => {
  it("stand for their user until they expire", () => {
    const issuer = createIssuer(cloudRules, now);
    const { accessToken, expiresInSeconds } = issuer.issue(consent, true);
    expect(expiresInSeconds).toBe(3600);
    expect(issuer.principalOf(accessToken)).toMatchObject({ user: people[0], sites: ["site-a"] });
    time += minutes(60);
    expect(issuer.principalOf(accessToken)).toBeUndefined();
  });

  it("outlive the refresh that replaces their refresh token", () => {
    const issuer = createIssuer(cloudRules, now);
    const first = issuer.issue(consent, true);
    const second = issuer.refresh(first.refreshToken ?? "", "app");
    expect(second?.accessToken).not.toBe(first.accessToken);
    expect(issuer.principalOf(first.accessToken)).toBeDefined();
  });

  it("live as long as a test wants, until everything is cleared", () => {
    const issuer = createIssuer(cloudRules, now);
    issuer.setAccessSeconds(5);
    expect(issuer.issue(consent, false).expiresInSeconds).toBe(5);
    issuer.clear();
    expect(issuer.issue(consent, false).expiresInSeconds).toBe(3600);
  });
});

describe("refresh tokens", () => {
  it("still work for ten minutes after they were replaced, then end the grant on Cloud", () => {
    const issuer = createIssuer(cloudRules, now);
    const first = issuer.issue(consent, true);
    const second = issuer.refresh(first.refreshToken ?? "", "app");
    time += minutes(10) - 1;
    const again = issuer.refresh(first.refreshToken ?? "", "app");
    expect(again?.refreshToken).not.toBe(second?.refreshToken);
    time += 1;
    expect(issuer.refresh(first.refreshToken ?? "", "app")).toBeUndefined();
    expect(issuer.refresh(second?.refreshToken ?? "", "app")).toBeUndefined();
    expect(issuer.principalOf(again?.accessToken ?? "")).toBeUndefined();
    expect(issuer.liveGrants()).toBe(0);
  });

  it("are refused at once after they were replaced on Data Center, which spares the grant", () => {
    const issuer = createIssuer(dataCenterRules, now);
    const first = issuer.issue({ ...consent, scopes: ["READ", "WRITE"] }, true);
    const second = issuer.refresh(first.refreshToken ?? "", "app");
    expect(issuer.refresh(first.refreshToken ?? "", "app")).toBeUndefined();
    expect(issuer.principalOf(second?.accessToken ?? "")).toMatchObject({ level: "WRITE" });
    expect(issuer.refresh(second?.refreshToken ?? "", "app")).toBeDefined();
  });

  it("die after ninety days without use", () => {
    const issuer = createIssuer(cloudRules, now);
    const first = issuer.issue(consent, true);
    time += days(90) - 1;
    const second = issuer.refresh(first.refreshToken ?? "", "app");
    expect(second).toBeDefined();
    time += days(90);
    expect(issuer.liveGrants()).toBe(0);
    expect(issuer.refresh(second?.refreshToken ?? "", "app")).toBeUndefined();
  });

  it("belong to one app", () => {
    const issuer = createIssuer(cloudRules, now);
    const { refreshToken = "" } = issuer.issue(consent, true);
    expect(issuer.refresh(refreshToken, "other")).toBeUndefined();
    expect(issuer.revoke(refreshToken, "other")).toBe(false);
    expect(issuer.refresh(refreshToken, "app")).toBeDefined();
  });
});

describe("ends", () => {
  it("one access token, or with its refresh token the whole grant", () => {
    const issuer = createIssuer(cloudRules, now);
    const first = issuer.issue(consent, true);
    const second = issuer.refresh(first.refreshToken ?? "", "app");
    issuer.revoke(first.accessToken);
    expect(issuer.principalOf(first.accessToken)).toBeUndefined();
    expect(issuer.principalOf(second?.accessToken ?? "")).toBeDefined();
    issuer.revoke(second?.refreshToken ?? "");
    expect(issuer.principalOf(second?.accessToken ?? "")).toBeUndefined();
  });

  it("a grant by any of its tokens, and counts those that are left", () => {
    const issuer = createIssuer(cloudRules, now);
    const [first] = [issuer.issue(consent, true), issuer.issue(consent, false)];
    expect(issuer.liveGrants()).toBe(2);
    issuer.endGrant(first.accessToken);
    expect(issuer.refresh(first.refreshToken ?? "", "app")).toBeUndefined();
    expect(issuer.liveGrants()).toBe(1);
    time += minutes(60);
    expect(issuer.liveGrants()).toBe(0);
  });
});
