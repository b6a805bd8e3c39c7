package sheet

import (
	"testing"

	"github.com/dikuai/dikuai/geo"
)

func TestSidesNameTheRealNeighbours(t *testing.T) {
	t.Parallel()
	project, err := onGrid(geo.GK114)
	if err != nil {
		t.Fatal(err)
	}
	luogang, trial := demonstration(t, "luogang"), ringed(t)
	for _, c := range []struct {
		plot string
		want [4]string // 东, 南, 西, 北
	}{
		{"LG-01-01", [4]string{"云岭路", "标准路", "园区外", "LG-01-02"}},
		{"SY-01", [4]string{"未登记用地", "SY-03", "未登记用地", "未登记用地"}},
		{"SY-02", [4]string{"SY-01", "SY-01", "SY-01", "SY-01"}},
		{"SY-03", [4]string{"园区外", "园区外", "园区外", "SY-01、未登记用地"}},
	} {
		reg := luogang
		if c.plot[0] == 'S' {
			reg = trial
		}
		plot := plotNamed(t, reg.Plots, c.plot)
		var around []tract
		for _, a := range tractsOf(reg.Plots, project) {
			if a.ID != plot.ID {
				around = append(around, a)
			}
		}
		if got := abuttals(ringsOf(plot.Boundary, project), around, geo.MapPoints(reg.Parks[0].Boundary, project)); got != c.want {
			t.Errorf("%s lies between %q, want %q", c.plot, got, c.want)
		}
	}
}
