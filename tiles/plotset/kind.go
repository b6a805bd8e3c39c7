package plotset

import (
	"slices"
	"strings"
	"sync"

	"github.com/dikuai/dikuai/data/land"
)

// Kind is what many plots have in common.
type Kind struct {
	Index      int    // counts the kinds of a set and its successors from 0
	Values     Values // the same for the same values
	useNumber  uint16 // counts the land uses of a set and its successors from 0
	Park       land.ParkCode
	Use        land.UseCode
	Status     land.Status
	UseText    string // as tiles and tables show it, secondary codes included
	FARMax     Maybe
	Secondary  string // codes with strokes between
	Use2023    string
	SupplyMode string
	Setbacks   string
	FARMin     Maybe
	DensityMax Maybe
	GreenMin   Maybe
	HeightMax  Maybe
}

// Values numbers the values of kinds' properties, each from 0 among all, for
// tables of what is already written; FARMax's is 0 where there is none.
type Values struct{ Park, Use, Status, FARMax int }

// Maybe is a number that may not be set.
type Maybe struct {
	Value float64
	Set   bool
}

func maybe(v *float64) Maybe {
	if v == nil {
		return Maybe{}
	}
	return Maybe{*v, true}
}

func (m Maybe) pointer() *float64 {
	if !m.Set {
		return nil
	}
	return &m.Value
}

func kindOf(p *land.Plot) Kind {
	k := Kind{
		Park: p.Park, Use: p.Use, Status: p.Status, UseText: p.Use.Code, FARMax: maybe(p.FARMax),
		Use2023: p.Use2023, SupplyMode: p.SupplyMode, Setbacks: p.Setbacks,
		FARMin: maybe(p.FARMin), DensityMax: maybe(p.DensityMax), GreenMin: maybe(p.GreenMin), HeightMax: maybe(p.HeightMax),
	}
	if len(p.SecondaryUse) > 0 {
		k.Secondary = strings.Join(p.SecondaryUse, "/")
		k.UseText = p.UseText()
	}
	return k
}

// fill gives a plot what its kind says.
func (k *Kind) fill(p *land.Plot) {
	p.Park, p.Use, p.Status, p.FARMax = k.Park, k.Use, k.Status, k.FARMax.pointer()
	p.Use2023, p.SupplyMode, p.Setbacks = k.Use2023, k.SupplyMode, k.Setbacks
	p.FARMin, p.DensityMax, p.GreenMin, p.HeightMax = k.FARMin.pointer(), k.DensityMax.pointer(), k.GreenMin.pointer(), k.HeightMax.pointer()
	if k.Secondary != "" {
		p.SecondaryUse = strings.Split(k.Secondary, "/")
	}
}

// interner holds each kind and each holder once, for all snapshots that came
// out of one another. Safe for concurrent use.
type interner struct {
	mu     sync.Mutex
	kinds  map[Kind]*Kind
	texts  map[string]string
	values map[any]int
	uses   []land.UseCode
}

func newInterner() *interner {
	return &interner{kinds: map[Kind]*Kind{}, texts: map[string]string{}, values: map[any]int{}}
}

func (n *interner) kind(k Kind) *Kind {
	n.mu.Lock()
	defer n.mu.Unlock()
	held, ok := n.kinds[k]
	if !ok {
		numbered := k
		numbered.Index = len(n.kinds)
		numbered.Values = Values{n.value(k.Park), n.value(k.UseText), n.value(k.Status), 0}
		number := slices.Index(n.uses, k.Use)
		if number < 0 {
			number = len(n.uses)
			n.uses = append(n.uses, k.Use)
		}
		numbered.useNumber = uint16(number)
		if k.FARMax.Set {
			numbered.Values.FARMax = n.value(k.FARMax.Value)
		}
		held = &numbered
		n.kinds[k] = held
	}
	return held
}

// value numbers a value. Texts of different types are different values.
func (n *interner) value(v any) int {
	i, ok := n.values[v]
	if !ok {
		i = len(n.values)
		n.values[v] = i
	}
	return i
}

func (n *interner) text(s string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	held, ok := n.texts[s]
	if !ok {
		held = strings.Clone(s)
		n.texts[held] = held
	}
	return held
}
