package gdal

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/internal/sqlite"
)

// plainTypes are the column types of a GeoPackage (OGC 12-128r19, table 1) whose
// values read as text as they are stored.
var plainTypes = map[string]bool{
	"TEXT": true, "DATE": true, "TINYINT": true, "SMALLINT": true, "MEDIUMINT": true, "INT": true, "INTEGER": true,
	"FLOAT": true, "DOUBLE": true, "REAL": true,
}

// packaged is the table of a GeoPackage's layer. A million features come
// straight from the file in a third of the time that they take by way of a
// program and its text.
type packaged struct {
	file     *os.File
	database *sqlite.File
	root     uint32
	columns  []sqlite.Column
	geometry int // the number of its column
}

// openPackaged opens the table of a layer; sqlite.ErrUnsupported says that it
// must be read by GDAL.
func openPackaged(path, layer string) (*packaged, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	p := &packaged{file: file, geometry: -1}
	if err := p.open(layer); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return p, nil
}

func (p *packaged) open(layer string) error {
	info, err := p.file.Stat()
	if err != nil {
		return err
	}
	if p.database, err = sqlite.Open(p.file, info.Size()); err != nil {
		return err
	}
	geometry, err := p.geometryColumn(layer)
	if err != nil {
		return err
	}
	if p.root, p.columns, err = p.database.Table(layer); err != nil {
		return err
	}
	for i, c := range p.columns {
		switch {
		case strings.EqualFold(c.Name, geometry):
			p.geometry = i
		case !plainTypes[c.Type]:
			return sqlite.ErrUnsupported
		}
	}
	if p.geometry < 0 {
		return sqlite.ErrUnsupported
	}
	return nil
}

// geometryColumn is the name of a layer's column of geometries.
func (p *packaged) geometryColumn(layer string) (name string, err error) {
	root, columns, err := p.database.Table("gpkg_geometry_columns")
	if err != nil {
		return "", err
	}
	if len(columns) < 2 || columns[0].Name != "table_name" || columns[1].Name != "column_name" {
		return "", sqlite.ErrUnsupported
	}
	err = p.database.Rows(root, func(_ int64, row []sqlite.Value) error {
		if len(row) >= 2 && row[0].Text() == layer {
			name = row[1].Text()
		}
		return nil
	})
	return name, err
}

// features calls feature for each row of the layer.
func (p *packaged) features(decode func([]byte) string, feature func(record) error) error {
	r := record{texts: map[string]string{}}
	err := p.database.Rows(p.root, func(_ int64, row []sqlite.Value) error {
		r.geometry = nil
		for i, c := range p.columns {
			v := sqlite.Value{}
			if i < len(row) {
				v = row[i]
			}
			switch {
			case i == p.geometry:
				r.geometry = v.Bytes()
			case c.RowID:
			case v.Kind == sqlite.Text || v.Kind == sqlite.Blob:
				r.texts[c.Name] = decode(v.Bytes())
			default:
				r.texts[c.Name] = v.Text()
			}
		}
		return feature(r)
	})
	if errors.Is(err, sqlite.ErrDamaged) {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return err
}
