import { crc32, deflateSync, inflateSync } from "node:zlib";

const signature = Buffer.from("89504e470d0a1a0a", "hex");
const maxColours = 256;

/**
 * The same picture with a palette in place of full colours: a fraction of the size for pages, which have few. The
 * commonest 256 colours stay, each other becomes the nearest of them.
 *
 * @param png 8 bits per channel, RGB or RGBA without transparency, not interlaced, as browsers write it.
 */
export function withPalette(png: Buffer): Buffer {
  const chunks = chunksOf(png);
  const header = chunks.find(({ type }) => type === "IHDR")?.data ?? Buffer.alloc(13);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = { 2: 3, 6: 4 }[header.readUInt8(9)];
  if (channels === undefined || header.readUInt8(8) !== 8 || header.readUInt8(12) !== 0) {
    throw new TypeError("The picture is of a kind that is not expected from a browser");
  }
  const data = Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  const pixels = coloursOf(unfiltered(inflateSync(data), width * channels, channels), channels);
  const palette = commonest(pixels);
  const rows = Buffer.alloc(height * (width + 1));
  const indexOf = nearestIn(palette);
  pixels.forEach((colour, at) => {
    rows[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = indexOf(colour);
  });
  const indexed = Buffer.from(header);
  indexed.writeUInt8(3, 9);
  return Buffer.concat([
    signature,
    chunk("IHDR", indexed),
    chunk("PLTE", Buffer.from(palette.flatMap(parts))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = signature.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

/** Takes back the filter of each row (PNG, section 9): rows are stored as differences to their neighbours. */
function unfiltered(data: Buffer, rowBytes: number, step: number): Buffer {
  const rows = data.length / (rowBytes + 1);
  const out = Buffer.alloc(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    const filter = data[row * (rowBytes + 1)] ?? 0;
    for (let column = 0; column < rowBytes; column++) {
      const at = row * rowBytes + column;
      const left = column >= step ? (out[at - step] ?? 0) : 0;
      const up = row > 0 ? (out[at - rowBytes] ?? 0) : 0;
      const corner = column >= step && row > 0 ? (out[at - rowBytes - step] ?? 0) : 0;
      const stored = data[row * (rowBytes + 1) + 1 + column] ?? 0;
      out[at] = (stored + expected(filter, left, up, corner)) & 0xff;
    }
  }
  return out;
}

function expected(filter: number, left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(guess - value));
  const paeth =
    (toLeft ?? 0) <= Math.min(toUp ?? 0, toCorner ?? 0)
      ? left
      : (toUp ?? 0) <= (toCorner ?? 0)
        ? up
        : corner;
  return [0, left, up, (left + up) >> 1, paeth][filter] ?? 0;
}

function coloursOf(bytes: Buffer, channels: number): number[] {
  return Array.from({ length: bytes.length / channels }, (_, at) =>
    bytes.readUIntBE(at * channels, 3),
  );
}

function commonest(colours: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.slice(0, maxColours).map(([colour]) => colour);
}

function nearestIn(palette: readonly number[]): (colour: number) => number {
  const known = new Map(palette.map((colour, index) => [colour, index]));
  return (colour) => {
    const index = known.get(colour);
    if (index !== undefined) return index;
    const distances = palette.map((candidate) => distance(candidate, colour));
    const nearest = distances.indexOf(Math.min(...distances));
    known.set(colour, nearest);
    return nearest;
  };
}

function distance(one: number, other: number): number {
  const [a, b] = [parts(one), parts(other)];
  return a.reduce((sum, part, index) => sum + (part - (b[index] ?? 0)) ** 2, 0);
}

function parts(colour: number): number[] {
  return [colour >> 16, (colour >> 8) & 0xff, colour & 0xff];
}
