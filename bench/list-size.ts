import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { print } from "./figures.ts";
import { StdioClient } from "./stdio-client.ts";

/** Bytes and tokens of `tools/list` for each surface, as a client receives it. */
export async function benchListSize(
  name: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const surfaces = [
    ["default", {}],
    ["TOOLSETS=default", { TOOLSETS: "default" }],
    ["TOOLSETS=all", { TOOLSETS: "all" }],
    ["READ_ONLY_MODE", { READ_ONLY_MODE: "true" }],
  ] as const;
  for (const [surface, more] of surfaces) {
    const client = new StdioClient(command, { ...env, ...more });
    await client.open();
    const { result } = await client.request("tools/list");
    await client.close();
    const tools = (result?.["tools"] ?? []) as unknown[];
    const text = JSON.stringify(tools);
    print("tools_list_size", {
      server: name,
      surface,
      tools: tools.length,
      bytes: Buffer.byteLength(text),
      tokens: encode(text).length,
    });
  }
}
