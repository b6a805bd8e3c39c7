package postgis

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// versionDigest is the SHA-256 of everything that is written of a plot version;
// computed columns are left out.
func versionDigest(p land.Plot, retired bool, plane geo.CRS, geom []byte) []byte {
	d := digest{sha256.New()}
	d.number(int64(p.ID), int64(p.Version), int64(plane))
	d.truth(retired)
	d.text(string(p.Park), p.PlotNo, p.Name, string(p.Use.Scheme), p.Use.Code)
	d.number(int64(len(p.SecondaryUse)))
	d.text(p.SecondaryUse...)
	d.text(p.Use2023, string(p.Status), p.Holder, p.Setbacks, p.SupplyMode, p.SuppliedOn.String(), p.ValidFrom.String())
	d.optional((*float64)(p.StatedArea), p.FARMin, p.FARMax, p.DensityMax, p.GreenMin, p.HeightMax, p.GFAMax)
	d.moment(p.RecordedAt)
	d.text(string(geom))
	return d.Sum(nil)
}

// changeHash chains a change to the one before.
func changeHash(before []byte, c land.Change, versions [][]byte) []byte {
	d := digest{sha256.New()}
	d.text(string(before))
	d.number(int64(c.Seq), c.Import)
	d.text(string(c.Kind), string(c.Park), c.Actor, c.Reason, c.CaseNo, string(c.Control.Layer), c.Control.Digest)
	d.number(int64(c.Control.Version))
	d.moment(c.RecordedAt)
	d.number(int64(len(c.Plots)))
	for i, p := range c.Plots {
		d.number(int64(p.ID), int64(p.Version))
		d.text(string(versions[i]))
	}
	d.number(int64(len(c.Lineage)))
	for _, l := range c.Lineage {
		d.number(int64(l.Parent), int64(l.Child))
	}
	return d.Sum(nil)
}

// digest writes values so that no two sequences of them read alike.
type digest struct{ hash.Hash }

func (d digest) number(values ...int64) {
	var b [8]byte
	for _, v := range values {
		binary.BigEndian.PutUint64(b[:], uint64(v))
		d.Write(b[:])
	}
}

func (d digest) text(values ...string) {
	for _, v := range values {
		d.number(int64(len(v)))
		d.Write([]byte(v))
	}
}

func (d digest) truth(v bool) {
	if v {
		d.number(1)
	} else {
		d.number(0)
	}
}

func (d digest) optional(values ...*float64) {
	for _, v := range values {
		d.truth(v != nil)
		if v != nil {
			d.number(int64(math.Float64bits(*v)))
		}
	}
}

func (d digest) moment(t time.Time) { d.number(t.UnixMicro()) }
