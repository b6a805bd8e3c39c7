// What lies over the map, in pixels: the styles place it, and the map keeps its
// own centre in the part that stays free.

export const top = 60 // the demonstration mark
export const side = 368 // legend and card at the right of a wide screen

/** Height of the sheet from below on a narrow screen. */
export function sheet(open: boolean, height: number): number {
  return open ? Math.round(height * 0.54) : 58
}
