package ogc

import (
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles"
)

// controls are the features of the published control layers that hold on the
// view's day. Areas are rounded as tables print them.
var controls = func() *table[*tiles.Control] {
	t := &table[*tiles.Control]{
		key: "id", name: "name",
		fill:  func(c *tiles.Control) string { return kindOf(c).Color },
		shown: func(c *tiles.Control) bool { return c.Layer.Demonstration },
	}
	kind := textColumn("kind", "管控类别", "kind of control", func(c *tiles.Control) string { return string(c.Layer.Kind) })
	for _, k := range land.ControlKinds() {
		kind.enum = append(kind.enum, string(k.Kind))
	}
	t.columns = []column[*tiles.Control]{
		wholeColumn("id", "标识码", "id", func(c *tiles.Control) int { return int(c.ID) }).as("id"),
		textColumn("layer", "图层代码", "layer code", func(c *tiles.Control) string { return string(c.Layer.Code) }),
		textColumn("layer_zh", "图层名称", "layer name, Chinese", func(c *tiles.Control) string { return c.Layer.NameZh }),
		textColumn("layer_en", "图层英文名称", "layer name, English", func(c *tiles.Control) string { return c.Layer.NameEn }),
		wholeColumn("layer_version", "图层版本", "layer version", func(c *tiles.Control) int { return c.Layer.Version }),
		kind,
		textColumn("kind_zh", "管控类别名称", "kind of control, Chinese", func(c *tiles.Control) string { return kindOf(c).Zh }),
		textColumn("rule", "管控规则", "rule", func(c *tiles.Control) string { return string(kindOf(c).Rule) }),
		textColumn("code", "要素编号", "feature code", func(c *tiles.Control) string { return c.Code }),
		textColumn("name", "要素名称", "feature name", func(c *tiles.Control) string { return c.Name }),
		numberColumn("height_max_m", "限高(米)", "height limit, m", "m", func(c *tiles.Control) (float64, bool) { return c.HeightMax() }),
		dayColumn("valid_from", "生效日期", "valid from", func(c *tiles.Control) land.Date { return c.Layer.ValidFrom }).as("primary-interval-start"),
		dayColumn("valid_to", "失效日期", "valid to", func(c *tiles.Control) land.Date { return c.Layer.ValidTo }).as("primary-interval-end"),
		truthColumn("demonstration", "示范数据", "drawn for show, not surveyed", func(c *tiles.Control) bool { return c.Layer.Demonstration }),
		numberColumn("area_m2", "面积(平方米)", "plane area, m²", "m2", func(c *tiles.Control) (float64, bool) { return printed(c.Area), true }),
		numberColumn("area_mu", "面积(亩)", "plane area, 亩", "", func(c *tiles.Control) (float64, bool) { return printedMu(c.Area), true }),
		numberColumn("area_ellipsoid_m2", "椭球面积(平方米)", "ellipsoidal area, m²", "m2", func(c *tiles.Control) (float64, bool) { return printed(c.AreaEllipsoid), true }),
	}
	t.rows = func(v *tiles.View, box *orb.Bound) []row[*tiles.Control] {
		var all []row[*tiles.Control]
		take := func(c *tiles.Control) bool {
			all = append(all, row[*tiles.Control]{t, c, int64(c.ID), c.Boundary})
			return true
		}
		if box != nil {
			v.Controls.Search(*box, take)
		} else {
			v.Controls.Ascend(0, take)
		}
		return all
	}
	return t
}()

func kindOf(c *tiles.Control) land.ControlKindName {
	k, _ := land.LookupControlKind(c.Layer.Kind)
	return k
}
