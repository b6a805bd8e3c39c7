package gdal

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/land"
)

// writeStyles writes the table in which QGIS looks for a layer's default style,
// with the columns that QGIS gives it; without one of them it reads none.
func writeStyles(dir string, uses []land.UseCode, day land.Date) error {
	columns := []string{"f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML", "styleSLD", "useAsDefault", "description", "owner", "ui", "update_time"}
	types := []string{"String", "String", "String", "String", "String", "String", "String", "Integer(Boolean)", "String", "String", "String", "DateTime"}
	return writeTable(dir, stylesLayer, columns, types, func(row func([]string) error) error {
		return row([]string{"", "", plotsLayer, geometry, "用地分类", qml(uses), "", "1", "用地分类规划色", "", "", day.String() + "T00:00:00Z"})
	})
}

// unlisted is the colour of a use for which no source names one.
const unlisted = "#CCCCCC"

// qml is a QGIS style that colours plots by the main code of their land use and
// labels them with their numbers.
func qml(uses []land.UseCode) string {
	var categories, symbols strings.Builder
	for i, c := range uses {
		use, _ := land.LookupUse(c)
		fmt.Fprintf(&categories, `<category render="true" value="%s" label="%s" symbol="%d"/>`, quoted(c.Code), quoted(c.Code+" "+use.NameZh), i)
		fmt.Fprintf(&symbols, `<symbol type="fill" name="%d" alpha="1" clip_to_extent="1" force_rhr="0"><layer class="SimpleFill" enabled="1" locked="0" pass="0">`+
			`<prop k="color" v="%s"/><prop k="style" v="solid"/><prop k="outline_color" v="64,64,64,255"/><prop k="outline_style" v="solid"/><prop k="outline_width" v="0.2"/><prop k="outline_width_unit" v="MM"/>`+
			`</layer></symbol>`, i, components(use.Color))
	}
	return `<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'><qgis version="3.22.0" styleCategories="Symbology|Labeling" labelsEnabled="1">` +
		`<renderer-v2 type="categorizedSymbol" attr="regexp_replace(&quot;land_use&quot;,'/.*$','')" enableorderby="0" forceraster="0" symbollevels="0">` +
		`<categories>` + categories.String() + `</categories><symbols>` + symbols.String() + `</symbols></renderer-v2>` +
		`<labeling type="simple"><settings calloutType="simple"><text-style fieldName="plot_no" isExpression="0" fontSize="8" fontSizeUnit="Point" textColor="0,0,0,255"/>` +
		`<placement placement="1"/></settings></labeling></qgis>`
}

// components writes #RRGGBB as QGIS does: red,green,blue,alpha.
func components(color string) string {
	n, err := strconv.ParseUint(strings.TrimPrefix(color, "#"), 16, 32)
	if err != nil {
		return components(unlisted)
	}
	return fmt.Sprintf("%d,%d,%d,255", n>>16&0xFF, n>>8&0xFF, n&0xFF)
}

func quoted(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder does not fail
	return b.String()
}
