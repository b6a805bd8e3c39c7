// Package plotset keeps the plots of a register in memory, compactly, in
// immutable snapshots.
//
// Plots lie in blocks of about a hundred in the order of a Hilbert curve, so
// that a tile reads neighbours. A block holds no pointer for each plot: vertices,
// rings, texts and records are arrays of their own, and what many plots share
// (their Kind) is held once. An edit writes its plots' blocks anew and shares
// every other with the snapshot before.
//
// A vertex is held once as a place of the Web Mercator world in 32-bit fixed
// point, which tiles are drawn from by shifts and subtractions, and with it the
// few bits by which the stored coordinates differ from that place: together they
// give back the stored doubles exactly.
package plotset
