const NAMES: Readonly<Record<string, string>> = {
  black: "#000000",
  blue: "#0000ff",
  brown: "#a52a2a",
  cyan: "#00ffff",
  gray: "#808080",
  green: "#008000",
  grey: "#808080",
  lime: "#00ff00",
  magenta: "#ff00ff",
  maroon: "#800000",
  navy: "#000080",
  olive: "#808000",
  orange: "#ffa500",
  pink: "#ffc0cb",
  purple: "#800080",
  red: "#ff0000",
  silver: "#c0c0c0",
  teal: "#008080",
  white: "#ffffff",
  yellow: "#ffff00",
};
const STATUS = new Set(["neutral", "purple", "blue", "red", "yellow", "green"]);
const RGB = /^rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,[^)]*)?\)$/;

/** A CSS colour as `#rrggbb`, the one form ADF takes; `undefined` when it cannot be told. */
export function hexColor(value: string): string | undefined {
  const color = value.trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(color)) return color === value.toLowerCase() ? value : color;
  if (/^#[0-9a-f]{3}$/.test(color)) return color.replace(/[0-9a-f]/g, "$&$&");
  const [, ...parts] = RGB.exec(color) ?? [];
  if (parts.length === 3) {
    return `#${parts.map((part) => Math.min(255, Number(part)).toString(16).padStart(2, "0")).join("")}`;
  }
  return Object.hasOwn(NAMES, color) ? NAMES[color] : undefined;
}

/** A colour that a status may have, `neutral` when the given one is unknown. */
export function statusColor(value: string): string {
  const color = value.trim().toLowerCase();
  if (STATUS.has(color)) return color;
  return /^#[0-9a-f]{6}$/i.test(value) ? value : "neutral";
}
