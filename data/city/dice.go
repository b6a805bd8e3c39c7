package city

import (
	"math/bits"
	"math/rand/v2"
)

// dice are the throws of one district. Only the generator itself is of the
// standard library, which fixes its stream; what is made of it is fixed here.
type dice struct{ pcg *rand.PCG }

func newDice(seed uint64, more ...int64) dice {
	return dice{rand.NewPCG(seed, hash(seed, more...))}
}

// upTo is one of 0 to n-1.
func (d dice) upTo(n int64) int64 {
	high, _ := bits.Mul64(d.pcg.Uint64(), uint64(n))
	return int64(high)
}

// within is one of low to high.
func (d dice) within(low, high int64) int64 {
	if high <= low {
		return low
	}
	return low + d.upTo(high-low+1)
}

// around is one of -n to n.
func (d dice) around(n int64) int64 { return d.within(-n, n) }

// chance is true n times of 1000.
func (d dice) chance(n int64) bool { return d.upTo(1000) < n }

// share is a thing with its weight among others.
type share[T any] struct {
	of     T
	weight int64
}

// pick throws one of the shares by its weight.
func pick[T any](d dice, shares []share[T]) T {
	var sum int64
	for _, s := range shares {
		sum += s.weight
	}
	at := d.upTo(sum)
	for _, s := range shares {
		if at < s.weight {
			return s.of
		}
		at -= s.weight
	}
	return shares[len(shares)-1].of
}

// logNormal are 32 equally likely values of a log-normal variable whose
// logarithm has the standard deviation 0.7, in thousandths of its median.
var logNormal = [32]int64{221, 309, 371, 423, 470, 515, 559, 602, 645, 688, 732, 777, 823, 871, 921, 973,
	1028, 1086, 1148, 1215, 1287, 1366, 1453, 1550, 1661, 1788, 1940, 2126, 2365, 2698, 3232, 4516}

// spread is median times a log-normal throw.
func (d dice) spread(median int64) int64 {
	return median * logNormal[d.upTo(int64(len(logNormal)))] / 1000
}

// hash mixes numbers into one (SplitMix64).
func hash(seed uint64, more ...int64) uint64 {
	h := seed
	for _, m := range more {
		h += 0x9E3779B97F4A7C15 ^ uint64(m)*0xD1342543DE82EF95
		h = (h ^ h>>30) * 0xBF58476D1CE4E5B9
		h = (h ^ h>>27) * 0x94D049BB133111EB
		h ^= h >> 31
	}
	return h
}
