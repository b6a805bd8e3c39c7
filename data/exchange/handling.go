package exchange

import (
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// ParseHandling reads how a file is to be read from a reference system ("" leaves
// it to the file) and column maps "SRC=DST", where SRC is a column or "=VALUE"
// for a value that every plot gets.
func ParseHandling(crs string, maps []string) (land.Handling, error) {
	h := land.Handling{Map: map[string]string{}}
	if crs != "" {
		var err error
		if h.CRS, err = geo.ParseCRS(crs); err != nil {
			return h, err
		}
	}
	for _, m := range maps {
		at := strings.LastIndexByte(m, '=')
		if at <= 0 {
			return h, land.Invalid("map", geo.Say("%q 不是“列名=字段”的形式", "%q is not SRC=DST", m),
				geo.Say("请写文件的列名、= 和地块的字段，例如 地块号=plot_no", "write the file's column, =, and the plot's property, such as 地块号=plot_no"))
		}
		source, property := m[:at], m[at+1:]
		if f, ok := land.LookupField(property); !ok || f.Set == nil {
			return h, land.Invalid("map", geo.Say("%q 不是可设置的字段", "%q is not a property that can be set", property), geo.Say("例如 plot_no、land_use、status", "use one such as plot_no, land_use or status"))
		}
		h.Map[source] = property
	}
	return h, nil
}
