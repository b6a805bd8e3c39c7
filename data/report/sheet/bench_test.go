package sheet

import "testing"

func BenchmarkPlotMap(b *testing.B) {
	reg := demonstration(b, "luogang")
	p := plotNamed(b, reg.Plots, "LG-01-01")
	for b.Loop() {
		plotMapOf(b, reg, p, Options{})
	}
}

func BenchmarkPlotMapOfManyPoints(b *testing.B) {
	reg := demonstration(b, "luogang")
	p := plotNamed(b, reg.Plots, "LG-06-01")
	for b.Loop() {
		plotMapOf(b, reg, p, Options{})
	}
}

func BenchmarkPDF(b *testing.B) {
	reg := demonstration(b, "luogang")
	s := plotMapOf(b, reg, plotNamed(b, reg.Plots, "LG-01-01"), Options{})
	for b.Loop() {
		pdfOf(b, s)
	}
}

func BenchmarkParkMap(b *testing.B) {
	reg := demonstration(b, "luogang")
	for b.Loop() {
		if _, err := ParkMap(fonts(b), reg, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
