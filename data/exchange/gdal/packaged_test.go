package gdal

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/exchange/internal/intake"
	"github.com/dikuai/dikuai/data/exchange/internal/sqlite"
	"github.com/dikuai/dikuai/data/land"
)

// packageOf makes a GeoPackage of n plots with texts of every length, numbers,
// days and nulls, holes, parts and heights, some on pages of their own.
func packageOf(t *testing.T, dir string, random *rand.Rand, n int) string {
	t.Helper()
	var csv strings.Builder
	csv.WriteString("WKT,plot_no,name,land_use,far_max,height_max_m,supplied_on,holder,area_m2,version\n")
	for i := range n {
		ring := func(reach float64, points int) string {
			var all []string
			for k := range points {
				sin, cos := math.Sincos(2 * math.Pi * float64(k%(points-1)) / float64(points-1))
				all = append(all, fmt.Sprintf("%.3f %.3f %d", 443600+100*float64(i)+reach*cos, 2543500+reach*sin, k%(points-1)))
			}
			return "(" + strings.Join(all, ",") + ")"
		}
		shape := "POLYGON Z (" + ring(40, 4+random.IntN(20)) + ")"
		switch random.IntN(6) {
		case 0:
			shape = "POLYGON Z (" + ring(40, 4+random.IntN(3000)) + "," + ring(10, 5) + ")"
		case 1:
			shape = "MULTIPOLYGON Z ((" + ring(40, 5) + "),(" + ring(3, 9) + "))"
		case 2:
			shape = strings.ReplaceAll(shape, " Z", "")
		}
		fmt.Fprintf(&csv, "%q,PY-%d,%s,A35,%s,%d,%s,%s,12.5,3\n", shape, i, strings.Repeat("科", random.IntN(60)),
			[]string{"", "2.5", "0.1", "3"}[random.IntN(4)], random.IntN(200)-20, []string{"", "2016-05-20"}[random.IntN(2)], []string{"", "甲\t\\乙"}[random.IntN(2)])
	}
	file := write(t, dir, "package.csv", csv.String())
	write(t, dir, "package.csvt", "WKT,String,String,String,Real,Integer,Date,String,Real,Integer64")
	to := filepath.Join(dir, "package.gpkg")
	ogr2ogr(t, to, file, "-oo", "GEOM_POSSIBLE_NAMES=WKT", "-oo", "KEEP_GEOM_COLUMNS=NO", "-oo", "EMPTY_STRING_AS_NULL=YES", "-a_srs", "EPSG:4547", "-nlt", "GEOMETRYZ", "-nln", "用地 \"plots\"")
	return to
}

// TestPackagesReadLikeGDALReadsThem reads the same tables both ways.
func TestPackagesReadLikeGDALReadsThem(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	file := packageOf(t, t.TempDir(), rand.New(rand.NewPCG(seed, 0)), 500)
	type answer struct {
		drafts   []land.Draft
		delivery land.Delivery
		err      error
	}
	ask := func(how func(*reader) error) (a answer) {
		dir := t.TempDir()
		limits := Limits{}.withDefaults()
		s, err := prepare(GeoPackage, file, dir, limits)
		if err != nil {
			t.Fatal(err)
		}
		r := &reader{tool: tool{drivers: []string{driverOf[GeoPackage]}, dir: dir, env: s.env, limits: limits}, source: s, decode: decodeGeometry,
			emit: func(d land.Draft) error { a.drafts = append(a.drafts, d); return nil }}
		r.columns = intake.NewColumns(land.Handling{}, &r.log, s.ignored...)
		all, err := r.tool.layers(t.Context(), s)
		if err != nil || !r.system(all[0]) {
			t.Fatal(all, err)
		}
		if err := how(r); err != nil {
			t.Fatal(err)
		}
		a.delivery, a.err = r.log.Finish(r.delivery)
		return a
	}
	byGDAL := ask(func(r *reader) error { return r.readByGDAL(t.Context(), "") })
	byUs := ask(func(r *reader) error {
		p, err := openPackaged(r.source.path, "用地 \"plots\"")
		if err != nil {
			return err
		}
		return r.readPackaged(t.Context(), p)
	})
	if len(byUs.drafts) != 500 || !reflect.DeepEqual(byUs, byGDAL) {
		t.Errorf("%d plots, %v, %v by us\n%d plots, %v, %v by GDAL", len(byUs.drafts), byUs.delivery, byUs.err, len(byGDAL.drafts), byGDAL.delivery, byGDAL.err)
		for i := range min(len(byUs.drafts), len(byGDAL.drafts)) {
			if !reflect.DeepEqual(byUs.drafts[i], byGDAL.drafts[i]) {
				t.Fatalf("%+v by us\n%+v by GDAL", byUs.drafts[i], byGDAL.drafts[i])
			}
		}
	}
}

// TestDamagedPackagesEnd changes bytes anywhere in a file, which must neither
// crash nor hold up the reader.
func TestDamagedPackagesEnd(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	whole, err := os.ReadFile(packageOf(t, dir, random, 60))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "damaged.gpkg")
	ends := map[string]int{}
	for range 500 {
		damaged := append([]byte{}, whole...)
		for range 1 + random.IntN(30) {
			damaged[random.IntN(len(damaged))] = byte(random.Uint32())
		}
		if random.IntN(10) == 0 {
			damaged = damaged[:random.IntN(len(damaged))]
		}
		if err := os.WriteFile(file, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := openPackaged(file, "用地 \"plots\"")
		if err == nil {
			err = p.features(func(b []byte) string { return string(b) }, func(r record) error {
				_, _ = decodePackaged(r.geometry)
				return context.Cause(t.Context())
			})
			p.file.Close()
		}
		switch {
		case err == nil:
			ends["read"]++
		case errors.Is(err, sqlite.ErrDamaged), errors.Is(err, sqlite.ErrUnsupported):
			ends["refused"]++
		default:
			t.Errorf("%v", err)
		}
	}
	t.Log(ends)
}
