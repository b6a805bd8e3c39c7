// Reads the plots layer of every {z}/{x}/{y}.mvt under a folder with
// @mapbox/vector-tile and prints, by tile, each plot's id and its area in
// square tile units.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { VectorTile, classifyRings } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";

const ringArea = (ring) => {
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    sum += ring[i].x * ring[i + 1].y - ring[i + 1].x * ring[i].y;
  }
  return Math.abs(sum) / 2;
};

const dir = process.argv[2];
const tiles = {};
for (const path of readdirSync(dir, { recursive: true })) {
  if (!path.endsWith(".mvt")) continue;
  const plots = (tiles[path.slice(0, -".mvt".length)] = {});
  const layer = new VectorTile(new PbfReader(readFileSync(join(dir, path)))).layers.plots;
  for (let i = 0; layer && i < layer.length; i++) {
    const feature = layer.feature(i);
    plots[feature.id] = classifyRings(feature.loadGeometry())
      .map(([outer, ...holes]) => holes.reduce((area, hole) => area - ringArea(hole), ringArea(outer)))
      .reduce((a, b) => a + b, 0);
  }
}
console.log(JSON.stringify(tiles));
