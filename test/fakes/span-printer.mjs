// A tracer for programs under test, loaded with `node --import`: prints each span that ends as a line on stderr.
import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";

const storage = new AsyncLocalStorage();
context.setGlobalContextManager({
  active: () => storage.getStore() ?? ROOT_CONTEXT,
  with: (active, job, self, ...args) => storage.run(active, () => job.call(self, ...args)),
  bind: (_, target) => target,
  enable() {
    return this;
  },
  disable() {
    return this;
  },
});

function startSpan(name, { kind, attributes } = {}, active = context.active()) {
  const parent = trace.getSpanContext(active);
  const own = {
    traceId: parent?.traceId ?? randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    traceFlags: 1,
  };
  const facts = { span: name, kind, trace: own.traceId, id: own.spanId, parent: parent?.spanId };
  const all = { ...attributes };
  return {
    spanContext: () => own,
    setAttribute: (key, value) => {
      all[key] = value;
    },
    setStatus: ({ code }) => {
      facts.status = code;
    },
    end: () => process.stderr.write(`${JSON.stringify({ ...facts, attributes: all })}\n`),
  };
}

trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan }) });
