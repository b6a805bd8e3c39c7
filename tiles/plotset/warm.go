package plotset

// Warm reads a little of all that drawing plots will read, step by step for all of
// them, so that the processor waits for many places of memory at once instead of
// for one after another. Its answer means nothing; it keeps the reads from being
// left out.
func Warm(refs []Ref) uint32 {
	var sum uint32
	for _, r := range refs {
		sum += uint32(r.block.records[r.at].kind) + r.block.records[r.at+1].ring
	}
	for _, r := range refs {
		b, record := r.block, &r.block.records[r.at]
		sum += uint32(b.kinds[record.kind].Values.Status) + b.ends[record.ring]
		for i := record.point; i < b.records[r.at+1].point; i += 8 { // a cache line each
			sum += b.points[i][0]
		}
		if record.numberLen > 0 {
			sum += uint32(b.texts[record.text])
		}
		if labels := b.labels.Load(); labels != nil {
			sum += (*labels)[r.at].At.X
		}
	}
	return sum
}
