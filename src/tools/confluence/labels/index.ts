export { addLabel } from "./add-label.ts";
export { getLabels } from "./get-labels.ts";
