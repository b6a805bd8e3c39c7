package dxf

// Handles of what every drawing has, and the one before the first entity's.
const (
	modelSpace  = "1F"
	paperSpace  = "1B"
	rootObjects = "C"
	groups      = "D"
	firstHandle = 0x1000
	firstLayer  = 0x100
)

// metres is the drawing's unit ($INSUNITS).
const metres = 6

// utf8 is UTF-8's code page. AutoCAD reads drawings of its version 2007 as UTF-8
// whatever they say; GDAL believes the code page.
const utf8 = "ANSI_65001"

// begin writes what stands before the entities (AutoCAD DXF Reference, 2007).
// GDAL and AutoCAD take a comment only within a section.
func (p *pen) begin(d *Drawing, comments []string) {
	p.groups(0, "SECTION", 2, "HEADER")
	for _, c := range comments {
		p.group(999, c)
	}
	p.groups(9, "$ACADVER", 1, "AC1021", 9, "$DWGCODEPAGE", 3, utf8, 9, "$INSUNITS", 70, metres, 9, "$HANDSEED", 5, hex(d.handle+1))
	if len(d.extent) > 0 {
		b := d.extent.Bound()
		p.groups(9, "$EXTMIN", 10, b.Min[0], 20, b.Min[1], 30, 0.0, 9, "$EXTMAX", 10, b.Max[0], 20, b.Max[1], 30, 0.0)
	}
	p.groups(0, "ENDSEC", 0, "SECTION", 2, "CLASSES", 0, "ENDSEC")
	p.tables(d)
	p.blocks()
	p.groups(0, "SECTION", 2, "ENTITIES")
}

func (p *pen) table(name, handle string, entries int) {
	p.groups(0, "TABLE", 2, name, 5, handle, 330, "0", 100, "AcDbSymbolTable", 70, entries)
}

func (p *pen) record(kind, handle, table, class, name string) {
	p.groups(0, kind, 5, handle, 330, table, 100, "AcDbSymbolTableRecord", 100, class, 2, name)
}

func (p *pen) tables(d *Drawing) {
	p.groups(0, "SECTION", 2, "TABLES")
	p.viewport(d)

	p.table("LTYPE", "5", 3)
	for i, name := range []string{"ByBlock", "ByLayer", "Continuous"} {
		p.record("LTYPE", hex(0x14+i), "5", "AcDbLinetypeTableRecord", name)
		p.groups(70, 0, 3, "", 72, 65, 73, 0, 40, 0.0)
	}
	p.groups(0, "ENDTAB")

	p.table("LAYER", "2", len(d.layers)+1)
	for i, l := range append([]Layer{{Name: "0"}}, d.layers...) {
		p.record("LAYER", hex(firstLayer+i), "2", "AcDbLayerTableRecord", l.Name)
		p.groups(70, 0, 62, nearestIndex(l.Color))
		if rgb, ok := parseColor(l.Color); ok {
			p.groups(420, rgb[0]<<16|rgb[1]<<8|rgb[2])
		}
		p.groups(6, "Continuous", 370, l.weight())
	}
	p.groups(0, "ENDTAB")

	p.table("STYLE", "3", 1)
	p.record("STYLE", "11", "3", "AcDbTextStyleTableRecord", "Standard")
	p.groups(70, 0, 40, 0.0, 41, 1.0, 50, 0.0, 71, 0, 42, 2.5, 3, "gbenor.shx", 4, "gbcbig.shx") // the fonts of every AutoCAD sold in China
	p.groups(0, "ENDTAB")

	p.table("VIEW", "6", 0)
	p.groups(0, "ENDTAB")
	p.table("UCS", "7", 0)
	p.groups(0, "ENDTAB")
	p.table("APPID", "9", 1)
	p.record("APPID", "12", "9", "AcDbRegAppTableRecord", "ACAD")
	p.groups(70, 0, 0, "ENDTAB")

	p.table("DIMSTYLE", "A", 1)
	p.groups(100, "AcDbDimStyleTable", 71, 0,
		0, "DIMSTYLE", 105, "27", 330, "A", 100, "AcDbSymbolTableRecord", 100, "AcDbDimStyleTableRecord", 2, "Standard", 70, 0,
		0, "ENDTAB")

	p.table("BLOCK_RECORD", "1", 2)
	for handle, name := range spaces {
		p.record("BLOCK_RECORD", handle, "1", "AcDbBlockTableRecord", name)
		p.groups(340, "0")
	}
	p.groups(0, "ENDTAB", 0, "ENDSEC")
}

// spaces yields the two spaces of a drawing by the handles of their records.
func spaces(yield func(handle, name string) bool) {
	_ = yield(modelSpace, "*Model_Space") && yield(paperSpace, "*Paper_Space")
}

// viewport shows the whole drawing when it is opened.
func (p *pen) viewport(d *Drawing) {
	p.table("VPORT", "8", 1)
	p.record("VPORT", "94", "8", "AcDbViewportTableRecord", "*Active")
	b := d.extent.Bound()
	middle := b.Center()
	height := max(b.Max[1]-b.Min[1], b.Max[0]-b.Min[0], 1)
	p.groups(70, 0, 10, 0.0, 20, 0.0, 11, 1.0, 21, 1.0, 12, middle[0], 22, middle[1],
		13, 0.0, 23, 0.0, 14, 10.0, 24, 10.0, 15, 10.0, 25, 10.0, 16, 0.0, 26, 0.0, 36, 1.0, 17, 0.0, 27, 0.0, 37, 0.0,
		40, height, 41, 1.5, 42, 50.0, 43, 0.0, 44, 0.0, 50, 0.0, 51, 0.0, 71, 0, 72, 1000, 73, 1, 74, 3, 75, 0, 76, 0, 77, 0, 78, 0,
		0, "ENDTAB")
}

func (p *pen) blocks() {
	p.groups(0, "SECTION", 2, "BLOCKS")
	next := 0x30
	for owner, name := range spaces {
		p.groups(0, "BLOCK", 5, hex(next), 330, owner, 100, "AcDbEntity", 8, "0", 100, "AcDbBlockBegin", 2, name, 70, 0,
			10, 0.0, 20, 0.0, 30, 0.0, 3, name, 1, "",
			0, "ENDBLK", 5, hex(next+1), 330, owner, 100, "AcDbEntity", 8, "0", 100, "AcDbBlockEnd")
		next += 2
	}
	p.groups(0, "ENDSEC")
}

// end writes what stands behind the entities.
func (p *pen) end() {
	p.groups(0, "ENDSEC", 0, "SECTION", 2, "OBJECTS",
		0, "DICTIONARY", 5, rootObjects, 330, "0", 100, "AcDbDictionary", 281, 1, 3, "ACAD_GROUP", 350, groups,
		0, "DICTIONARY", 5, groups, 330, rootObjects, 100, "AcDbDictionary", 281, 1,
		0, "ENDSEC", 0, "EOF")
}
