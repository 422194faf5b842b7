import fc from "fast-check";

fc.configureGlobal({
  seed: 20261123,
  interruptAfterTimeLimit: 8000,
  markInterruptAsFailure: false,
});
