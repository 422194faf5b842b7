#!/usr/bin/env node
import { loadSettings } from "./config/load.ts";
import { runProgram } from "./program.ts";

const interrupted = 130;

/**
 * Lets the first signal end things in order; the second one ends the process. Listeners stay: a library that locks files
 * kills the process when it finds itself the only listener.
 */
function onFirstSignal(stop: () => void): void {
  let isStopping = false;
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(interrupted);
      isStopping = true;
      stop();
    });
  }
}

const { stdin, stdout, stderr } = process;
const loaded = loadSettings({ argv: process.argv.slice(2), env: process.env, cwd: process.cwd() });
const { code, isFinal } = await runProgram(loaded, { stdin, stdout, stderr, onFirstSignal });
process.exitCode = code;
if (isFinal) process.exit();
