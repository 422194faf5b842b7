export { getFieldOptions } from "./get-field-options.ts";
export { searchFields } from "./search-fields.ts";
