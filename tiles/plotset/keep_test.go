package plotset

import (
	"bytes"
	"context"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/dikuai/dikuai/data/land"
)

// manyPlots is a set made and edited at random.
func manyPlots(random *rand.Rand) *Set {
	var plots []land.Plot
	for id := range land.PlotID(1500) {
		plots = append(plots, somewhere(random, id+1))
	}
	set := Of(plots)
	for range 20 {
		var changed []land.Plot
		for range 10 {
			changed = append(changed, somewhere(random, land.PlotID(1+random.IntN(1600))))
		}
		changed = lastOfEach(changed)
		set, _ = set.With(changed, []land.PlotID{land.PlotID(1601 + random.IntN(9))})
	}
	return set
}

func lastOfEach(plots []land.Plot) []land.Plot {
	seen := map[land.PlotID]bool{}
	var out []land.Plot
	for _, p := range plots {
		if !seen[p.ID] {
			seen[p.ID] = true
			out = append(out, p)
		}
	}
	return out
}

func TestKeptSetsAreTheSame(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	set := manyPlots(rand.New(rand.NewPCG(seed, 1)))
	for range 2 { // without labels, then with them
		var file bytes.Buffer
		if err := set.Keep(&file); err != nil {
			t.Fatal(err)
		}
		kept, err := Kept(bytes.NewReader(file.Bytes()), int64(file.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if kept.Len() != set.Len() || kept.CentiMu() != set.CentiMu() {
			t.Fatalf("%d plots of %d, %d of %d hundredths of a mu", kept.Len(), set.Len(), kept.CentiMu(), set.CentiMu())
		}
		var order []Ref
		set.All(func(r Ref) bool {
			order = append(order, r)
			return true
		})
		kept.All(func(r Ref) bool {
			was := order[0]
			order = order[1:]
			if !reflect.DeepEqual(r.Plot(), was.Plot()) || r.Box() != was.Box() {
				t.Fatalf("kept %+v, was %+v", r.Plot(), was.Plot())
			}
			if found, ok := kept.Get(r.ID()); !ok || found != r {
				t.Fatalf("plot %d is not found by its number", r.ID())
			}
			return true
		})
		if len(order) > 0 {
			t.Fatalf("%d plots are not kept", len(order))
		}
		labelled := 0
		kept.blocks.Ascend(0, func(b *block) bool {
			if l, was := b.labels.Load(), blockAt(set, b.from).labels.Load(); !reflect.DeepEqual(l, was) {
				t.Fatal("labels differ")
			} else if l != nil {
				labelled++
			}
			return true
		})
		t.Logf("%d bytes, %d blocks with labels", file.Len(), labelled)
		edited, _ := kept.With([]land.Plot{somewhere(rand.New(rand.NewPCG(seed, 2)), 7)}, []land.PlotID{8})
		if _, ok := edited.Get(8); ok || edited.Len() != set.Len()-1 {
			t.Error("a kept set cannot be edited")
		}
		set.Label(context.Background(), 2)
	}
}

func blockAt(s *Set, from int64) *block {
	b, _ := s.blocks.Floor(from)
	return b
}

// TestSpoiltSetsAreRefused changes, cuts and lengthens what was kept.
func TestSpoiltSetsAreRefused(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	var file bytes.Buffer
	if err := manyPlots(random).Keep(&file); err != nil {
		t.Fatal(err)
	}
	for range 300 {
		text := bytes.Clone(file.Bytes())
		switch random.IntN(3) {
		case 0:
			text[random.IntN(len(text))] ^= byte(1 << random.IntN(8))
		case 1:
			text = text[:random.IntN(len(text))]
		default:
			text = append(text, byte(random.Uint32()))
		}
		if _, err := Kept(bytes.NewReader(text), int64(len(text))); err == nil {
			t.Fatal("a spoilt file was read")
		}
	}
}

// FuzzKeptBlock reads blocks of any bytes: what is sound can be used.
func FuzzKeptBlock(f *testing.F) {
	random := rand.New(rand.NewPCG(3, 3))
	var kinds []*Kind
	var holders []string
	for n := range land.PlotID(5) {
		set := Of([]land.Plot{somewhere(random, 1), somewhere(random, n+1)})
		set.Label(context.Background(), 1)
		set.blocks.Ascend(0, func(b *block) bool {
			k := keeper{kindAt: map[*Kind]uint32{}, holderAt: map[string]uint32{}}
			k.add(b)
			f.Add(k.chunk)
			kinds, holders = append(kinds, b.kinds...), append(holders, b.holders...)
			return true
		})
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r := blockReader{text, false}
		b := r.block(kinds, holders)
		if r.bad || !b.sound() {
			return
		}
		for i := range b.len() {
			b.plot(i)
			b.shape(i)
		}
	})
}
