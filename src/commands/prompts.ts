import type { Readable, Writable } from "node:stream";
import type { Prompts } from "./terminal.ts";

/** Questions on `output`, answered on `input`. The library is loaded at the first one. */
export function createPrompts(input: Readable, output: Writable, signal: AbortSignal): Prompts {
  const common = { input, output, signal };
  const load = () => import("@clack/prompts");
  return {
    async text({ message, initial, check }) {
      const { text, isCancel } = await load();
      const answer = await text({
        ...common,
        message,
        ...(initial !== undefined && { placeholder: initial, defaultValue: initial }),
        validate(typed = "") {
          const meant = typed.trim() === "" ? (initial ?? "") : typed.trim();
          return meant === "" ? "Please type an answer." : check?.(meant);
        },
      });
      return isCancel(answer) ? undefined : answer.trim();
    },
    async secret(message) {
      const { password, isCancel } = await load();
      const answer = await password({
        ...common,
        message,
        validate: (typed = "") => (typed.trim() === "" ? "Please type an answer." : undefined),
      });
      return isCancel(answer) ? undefined : answer.trim();
    },
    async choose(message, options) {
      const { select, isCancel } = await load();
      const answer = await select<string>({ ...common, message, options: [...options] });
      return isCancel(answer) ? undefined : options.find(({ value }) => value === answer)?.value;
    },
    async confirm(message) {
      const { confirm, isCancel } = await load();
      const answer = await confirm({ ...common, message });
      return isCancel(answer) ? undefined : answer;
    },
  };
}
