package bench

import (
	"math/bits"
	"time"
)

// histogram counts times in slots that are 1/64 of their octave wide, so that a
// percentile is within 1 % and millions of times take no memory.
type histogram struct {
	counts [60 * slotsOfOctave]uint32
	n      int
}

const slotsOfOctave = 64

func (h *histogram) add(d time.Duration) {
	h.counts[slotOf(uint64(max(d, 0)))]++
	h.n++
}

func (h *histogram) merge(other *histogram) {
	for i, n := range other.counts {
		h.counts[i] += n
	}
	h.n += other.n
}

// percentile is the time that a part of all times do not exceed, part from 0 to 1.
func (h *histogram) percentile(part float64) time.Duration {
	wanted := int(part*float64(h.n-1)) + 1
	seen := 0
	for slot, n := range h.counts {
		if seen += int(n); n > 0 && seen >= wanted {
			return middleOf(slot)
		}
	}
	return 0
}

func slotOf(ns uint64) int {
	if ns < slotsOfOctave {
		return int(ns)
	}
	shift := bits.Len64(ns) - 7
	return (shift+1)*slotsOfOctave + int(ns>>shift) - slotsOfOctave
}

func middleOf(slot int) time.Duration {
	if slot < slotsOfOctave {
		return time.Duration(slot)
	}
	shift := slot/slotsOfOctave - 1
	low := uint64(slot%slotsOfOctave+slotsOfOctave) << shift
	return time.Duration(low + 1<<shift/2)
}
