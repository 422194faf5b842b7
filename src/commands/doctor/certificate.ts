import type { ProductSettings } from "../../config/product.ts";
import { productWords } from "../../config/setting.ts";
import { certificateInfo } from "../../http/identity.ts";
import { isoDay } from "./names.ts";
import { type Finding, failed, ok, problem, warning } from "./report.ts";

const dayMs = 86_400_000;
const expiringDays = 30;

/** Whether the client certificate can be used today and for how much longer; nothing where none is set. */
export async function checkCertificate(
  { product, certificate }: Pick<ProductSettings, "product" | "certificate">,
  nowMs: number,
): Promise<Finding[]> {
  if (certificate === undefined) return [];
  const { env } = productWords[product];
  const setting = `${env}_CLIENT_CERT`;
  const check = "client_certificate";
  try {
    const info = await certificateInfo({ prefix: env, ...certificate });
    if (info === undefined) return [];
    const { subject, issuer, validFrom, validTo } = info;
    const text = `${subject}, issued by ${issuer}, valid from ${isoDay(validFrom)} to ${isoDay(validTo)}`;
    const facts = {
      subject,
      issuer,
      valid_from: new Date(validFrom).toISOString(),
      valid_to: new Date(validTo).toISOString(),
    };
    const renew = `Ask whoever issued it for a new one and name its file in ${setting}.`;
    if (validTo <= nowMs) return [problem(check, `${text}: expired`, renew, { setting, facts })];
    if (validFrom > nowMs) {
      const remedy = `Check this machine's clock, or use another certificate in ${setting}.`;
      return [problem(check, `${text}: not valid yet`, remedy, { setting, facts })];
    }
    const days = Math.floor((validTo - nowMs) / dayMs);
    if (days < expiringDays) {
      return [warning(check, `${text}: expires in ${days} days`, renew, { setting, facts })];
    }
    return [ok(check, text, { facts })];
  } catch (error) {
    return [failed(check, error)];
  }
}
