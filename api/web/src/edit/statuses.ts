// The steps between statuses that the register allows, as in its dictionary
// status_moves.csv.
const moves: Record<string, string[]> = {
  planned: ['reserved', 'available'],
  reserved: ['available'],
  available: ['committed'],
  committed: ['available', 'supplied'],
  supplied: ['under_construction', 'idle'],
  idle: ['under_construction', 'reserved'],
  under_construction: ['completed'],
  completed: ['verified'],
}

export function nextStatuses(status: string): string[] {
  return moves[status] ?? []
}
