import { describe, expect, it } from "vitest";
import { AtlassianMcpError } from "../../errors.ts";
import { checkStorage } from "./check.ts";

function faultOf(xml: string): { code: string; message: string } {
  try {
    checkStorage(xml);
  } catch (error) {
    if (error instanceof AtlassianMcpError) return error;
    throw error;
  }
  return { code: "none", message: "" };
}

describe("checkStorage", () => {
  it.each([
    "",
    "plain text",
    "<p>a&nbsp;&eacute;&#233;</p><!-- c --><![CDATA[<&]]>",
    '<ac:link><ri:page ri:content-title="a" /></ac:link><at:var at:name="x" />',
    '<my:thing xmlns:my="urn:x" my:a="1"><my:part /></my:thing>',
  ])("lets pass %j", (xml) => {
    expect(faultOf(xml).code).toBe("none");
  });

  it.each([
    ["an element that is not closed", "<p>\n <strong>a</p>", "line 2, column 11"],
    ["an element without end", "<p>a", "line 1, column 1"],
    ["an end without element", "a</p>", "line 1, column 2"],
    ["HTML's open line break", "<p>a<br>b</p>", "`<br>`"],
    ["a bare ampersand", "<p>a\nb & c</p>", "line 2, column 3"],
    ["an unknown entity", "<p>&nope;</p>", "`&nope;`"],
    ["a bare less-than sign", "<p>1 < 2</p>", "line 1, column 6"],
    ["an attribute without quotes", "<p class=x>a</p>", "line 1"],
    ["a doubled attribute", '<p a="1" a="2">a</p>', "line 1"],
    ["CDATA without end", "<p><![CDATA[a</p>", "line 1, column 4"],
    ["an undeclared prefix", "<p>a</p>\n<x:y />", "line 2, column 1"],
    ["an undeclared prefix of an attribute", '<p x:y="1">a</p>', "`x:y`"],
    ["a macro without a name", "<ac:structured-macro />", "`ac:name`"],
    ["an early end of the whole", "</storage><p/>", "line 1"],
    ["too deep nesting", `${"<div>".repeat(201)}${"</div>".repeat(201)}`, "200"],
  ])("refuses %s and says where", (_, xml, part) => {
    const fault = faultOf(xml);
    expect(fault.code).toBe("input");
    expect(fault.message).toContain(part);
  });
});
