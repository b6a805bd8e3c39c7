package postgis

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// versionDigest is the SHA-256 of everything that is written of a plot version;
// computed columns are left out.
func versionDigest(p land.Plot, retired bool, plane geo.CRS, geom []byte) [sha256.Size]byte {
	d := make(digest, 0, 512+len(geom))
	d.number(int64(p.ID), int64(p.Version), int64(plane))
	d.truth(retired)
	d.text(string(p.Park), p.PlotNo, p.Name, string(p.Use.Scheme), p.Use.Code)
	d.number(int64(len(p.SecondaryUse)))
	d.text(p.SecondaryUse...)
	d.text(p.Use2023, string(p.Status), p.Holder, p.Setbacks, p.SupplyMode, p.SuppliedOn.String(), p.ValidFrom.String())
	d.optional((*float64)(p.StatedArea), p.FARMin, p.FARMax, p.DensityMax, p.GreenMin, p.HeightMax, p.GFAMax)
	d.moment(p.RecordedAt)
	d.bytes(geom)
	return sha256.Sum256(d)
}

// changeHash chains a change to the one before; digests are those of its
// versions, in the order of c.Plots.
func changeHash(before []byte, c land.Change, digests [][]byte) []byte {
	d := make(digest, 0, 512+64*len(c.Plots))
	d.bytes(before)
	d.number(int64(c.Seq), c.Import)
	d.text(string(c.Kind), string(c.Park), c.Actor, c.Reason, c.CaseNo, string(c.Control.Layer), c.Control.Digest)
	d.number(int64(c.Control.Version))
	d.moment(c.RecordedAt)
	d.number(int64(len(c.Plots)))
	for i, p := range c.Plots {
		d.number(int64(p.ID), int64(p.Version))
		d.bytes(digests[i])
	}
	d.number(int64(len(c.Lineage)))
	for _, l := range c.Lineage {
		d.number(int64(l.Parent), int64(l.Child))
	}
	for _, q := range c.Quota { // changes of before there was a ledger are as they were, and so are those of before there were cases
		d.number(int64(q.Entry))
		d.text(q.Digest)
	}
	if len(c.Case) > 0 {
		d.number(int64(len(c.Quota)), int64(len(c.Case)))
	}
	for _, e := range c.Case {
		d.number(e.Event)
		d.text(e.Digest)
	}
	return d.sum()
}

// digest gathers values so that no two sequences of them read alike.
type digest []byte

// sum is the SHA-256 of what was gathered.
func (d digest) sum() []byte {
	sum := sha256.Sum256(d)
	return sum[:]
}

func (d *digest) number(values ...int64) {
	for _, v := range values {
		*d = binary.BigEndian.AppendUint64(*d, uint64(v))
	}
}

func (d *digest) bytes(value []byte) {
	d.number(int64(len(value)))
	*d = append(*d, value...)
}

func (d *digest) text(values ...string) {
	for _, v := range values {
		d.number(int64(len(v)))
		*d = append(*d, v...)
	}
}

func (d *digest) truth(v bool) {
	if v {
		d.number(1)
	} else {
		d.number(0)
	}
}

func (d *digest) optional(values ...*float64) {
	for _, v := range values {
		d.truth(v != nil)
		if v != nil {
			d.number(int64(math.Float64bits(*v)))
		}
	}
}

func (d *digest) moment(t time.Time) { d.number(t.UnixMicro()) }
