// Package bench measures what dikuai promises against the parts that others
// would use in its place, on one machine and in one run: ours and theirs take
// turns, so that whatever else the machine does meets both.
package bench
