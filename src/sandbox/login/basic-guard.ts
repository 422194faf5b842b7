import type { DataCenterSite, SandboxAnswer } from "../types.ts";

/** What one Data Center site makes of user names and passwords, beyond whether they are right. */
export interface BasicGuard {
  /** What this login gets whatever its password is; `undefined`: the password decides. */
  refusalFor(login: string): SandboxAnswer | undefined;
  succeeded(login: string): void;
  failed(login: string): void;
  /** True when a success may be remembered for the next request. */
  readonly isCalm: boolean;
  /** Switches Basic authentication on or off. */
  allow(isAllowed: boolean): void;
  /** Asks for a CAPTCHA after this many failed logins in a row; `undefined`: never. */
  captchaAfter(failures: number | undefined): void;
  /** The user passed the CAPTCHA in a browser. */
  passCaptcha(login: string): void;
  clear(): void;
}

/** `onChange` is called when outcomes that were remembered no longer hold. */
export function createBasicGuard(
  site: DataCenterSite,
  base: string,
  onChange: () => void,
): BasicGuard {
  const failures = new Map<string, number>();
  let isAllowed = true;
  let limit = Number.POSITIVE_INFINITY;
  const challenge = captcha(
    `${base}${site === "jira-data-center" ? "/login.jsp" : "/login.action"}`,
  );
  return {
    refusalFor(login) {
      if (!isAllowed) return switchedOff;
      return (failures.get(login) ?? 0) >= limit ? challenge : undefined;
    },
    succeeded: (login) => void failures.delete(login),
    failed(login) {
      failures.set(login, (failures.get(login) ?? 0) + 1);
    },
    get isCalm() {
      return isAllowed && limit === Number.POSITIVE_INFINITY;
    },
    allow(value) {
      isAllowed = value;
      onChange();
    },
    captchaAfter(count) {
      limit = count ?? Number.POSITIVE_INFINITY;
      failures.clear();
      onChange();
    },
    passCaptcha: (login) => void failures.delete(login),
    clear() {
      isAllowed = true;
      limit = Number.POSITIVE_INFINITY;
      failures.clear();
      onChange();
    },
  };
}

const switchedOff: SandboxAnswer = {
  status: 403,
  json: { message: "Basic Authentication has been disabled on this instance." },
};

function captcha(loginUrl: string): SandboxAnswer {
  return {
    status: 403,
    headers: {
      "content-type": "text/html;charset=UTF-8",
      "x-seraph-loginreason": "AUTHENTICATION_DENIED",
      "x-authentication-denied-reason": `CAPTCHA_CHALLENGE; login-url=${loginUrl}`,
    },
    text: "<html><head><title>Forbidden (403)</title></head><body>Basic Authentication Failure - Reason : AUTHENTICATION_DENIED</body></html>",
  };
}
