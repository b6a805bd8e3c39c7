package gdal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// layer is one layer of a file, as ogrinfo describes it.
type layer struct {
	name     string
	geometry string // such as "3D Multi Polygon"
	wkt      string // reference system as WKT 1; empty when there is none
	middle   *geo.Point
}

func (l layer) String() string { return fmt.Sprintf("%s (%s)", l.name, l.geometry) }

// polygons says whether the layer is declared to hold areas.
func (l layer) polygons() bool {
	return strings.HasSuffix(l.geometry, "Polygon") || strings.HasSuffix(l.geometry, "Surface")
}

// mixed says whether the layer may hold areas among other things.
func (l layer) mixed() bool {
	return strings.HasPrefix(l.geometry, "Unknown") || strings.HasSuffix(l.geometry, "Geometry Collection")
}

// maxLayers bounds the layers of a file that are looked at.
const maxLayers = 1000

func (t tool) layers(ctx context.Context, s source) ([]layer, error) {
	var all []layer
	consume := func(out io.Reader) error {
		var err error
		all, err = parseLayers(out)
		return err
	}
	args := append([]string{"-ro", "-so", "-al", "-nomd", "-wkt_format", "WKT1"}, s.openOptions...)
	_, err := t.start(ctx, consume, "ogrinfo", append(args, s.path)...)
	return all, err
}

// parseLayers reads ogrinfo's description of layers.
func parseLayers(out io.Reader) ([]layer, error) {
	var all []layer
	var wkt *strings.Builder
	lines := bufio.NewReader(io.LimitReader(out, 64<<20))
	for {
		line, err := lines.ReadString('\n')
		line = strings.TrimRight(line, "\n")
		if name, ok := strings.CutPrefix(line, "Layer name: "); ok {
			if len(all) == maxLayers {
				return nil, &unreadableError{geo.Say("图层超过 %d 个", "it has more than %d layers", maxLayers)}
			}
			all = append(all, layer{name: name})
			wkt = nil
		}
		if len(all) > 0 {
			l := &all[len(all)-1]
			switch {
			case strings.HasPrefix(line, "Geometry: ") && l.geometry == "":
				l.geometry = strings.TrimPrefix(line, "Geometry: ")
			case strings.HasPrefix(line, "Extent: ") && l.middle == nil:
				l.middle = parseExtent(line)
			case line == "Layer SRS WKT:":
				wkt = &strings.Builder{}
			case wkt != nil && (line == "(unknown)" || strings.HasPrefix(line, "Data axis to CRS axis mapping:")):
				l.wkt = wkt.String()
				wkt = nil
			case wkt != nil:
				wkt.WriteString(line)
			}
		}
		if err != nil {
			return all, nil
		}
	}
}

// parseExtent gives the middle of "Extent: (x, y) - (x, y)".
func parseExtent(line string) *geo.Point {
	numbers := strings.FieldsFunc(strings.TrimPrefix(line, "Extent: "), func(r rune) bool { return strings.ContainsRune("(), ", r) })
	var v [4]float64
	if len(numbers) != 5 {
		return nil
	}
	for i, text := range append(numbers[:2:2], numbers[3:]...) {
		var err error
		if v[i], err = strconv.ParseFloat(text, 64); err != nil {
			return nil
		}
	}
	return &geo.Point{(v[0] + v[2]) / 2, (v[1] + v[3]) / 2}
}

// choose takes the only layer with areas; a fault lists the layers where there
// is none or more than one.
func choose(all []layer) (layer, *land.Finding) {
	var polygons, mixed, names []string
	var chosen, fallback layer
	for _, l := range all {
		names = append(names, l.String())
		switch {
		case l.polygons():
			polygons = append(polygons, l.name)
			chosen = l
		case l.mixed():
			mixed = append(mixed, l.name)
			fallback = l
		}
	}
	list := strings.Join(names[:min(len(names), 50)], ", ")
	switch {
	case len(polygons) == 1:
	case len(polygons) == 0 && len(mixed) == 1:
		chosen = fallback
	case len(polygons)+len(mixed) == 0:
		return layer{}, fault("2101", geo.Say("文件没有面图层；其图层为 %s", "the file has no layer of polygons; its layers are %s", list), givePolygons)
	default:
		return layer{}, fault("2101", geo.Say("文件有多个可能含地块的图层：%s", "the file has several layers that may hold the plots: %s", list), geo.Say("请提交只有一个面图层的文件", "deliver a file with one polygon layer"))
	}
	if strings.HasPrefix(chosen.name, "-") {
		return layer{}, fault("1108", geo.Say("图层名 %q 以短横线开头", "the layer name %q begins with a stroke", chosen.name), geo.Say("请给图层改名", "rename the layer"))
	}
	return chosen, nil
}

func fault(code string, message, remedy geo.Words) *land.Finding {
	f := land.Finding{Code: code, Severity: land.Block}.Saying(message, remedy)
	return &f
}
