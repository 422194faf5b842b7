import { oneLine } from "../../errors.ts";
import { checkTitles, type Finding, type Outcome, type Report, tally } from "./report.ts";

const words: Readonly<Record<Outcome, string>> = {
  ok: "ok",
  warning: "warning",
  problem: "PROBLEM",
  skipped: "skipped",
};

/** The report for people: a line for each check, and under it what to do. Fit to be pasted into a ticket. */
export function formatText(report: Report): string {
  const { version, machine, time, sections } = report;
  const blocks = sections.map(({ title, findings }) =>
    [title, ...findings.flatMap(linesOf)].join("\n"),
  );
  return `${[`mcp-atlassian ${version} doctor, ${machine}, ${time}`, ...blocks, summary(report)].join("\n\n")}\n`;
}

const indent = " ".repeat(11);

function linesOf({ check, outcome, text, details = [], remedy }: Finding): string[] {
  return [
    `  ${words[outcome].padEnd(8)} ${checkTitles[check]}: ${oneLine(text)}`,
    ...details.map((line) => `${indent}- ${oneLine(line)}`),
    ...(remedy === undefined ? [] : [`${indent}What to do: ${oneLine(remedy)}`]),
  ];
}

function summary(report: Report): string {
  const { problem, warning, skipped } = tally(report);
  const parts = [
    count(problem, "problem"),
    count(warning, "warning"),
    ...(skipped > 0 ? [`${count(skipped, "check")} skipped`] : []),
  ];
  return problem === 0 && warning === 0 && skipped === 0
    ? "Everything is in order."
    : `${parts.join(", ")}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** The report for programs. */
export function formatJson(report: Report, exitCode: number): string {
  const { sections, ...head } = report;
  const all = { ...head, exit_code: exitCode, summary: tally(report), sections };
  return `${JSON.stringify(all, undefined, 2)}\n`;
}
