// Reads an archive with the pmtiles package. Tiles are asked for on standard
// input, as ["z/x/y", …]; what is printed is its header, its metadata and, by
// tile, the SHA-256 of the decompressed tile, null where there is none.
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { PMTiles } from "pmtiles";

const path = process.argv[2];
const file = await open(path);
const archive = new PMTiles({
  getKey: () => path,
  async getBytes(offset, length) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
    return { data: buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + bytesRead) };
  },
});
const tiles = {};
for (const name of JSON.parse(await text(process.stdin))) {
  const tile = await archive.getZxy(...name.split("/").map(Number));
  tiles[name] = tile ? createHash("sha256").update(Buffer.from(tile.data)).digest("hex") : null;
}
console.log(JSON.stringify({ header: await archive.getHeader(), metadata: await archive.getMetadata(), tiles }));
await file.close();
