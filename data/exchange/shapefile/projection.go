package shapefile

import (
	"fmt"

	"github.com/dikuai/dikuai/geo"
)

const (
	cgcs2000Geographic = `GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	wgs84Geographic    = `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	webMercator        = `PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",` + wgs84Geographic + `,PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]`
)

// projection is a supported system as ArcGIS writes it into a .prj.
func projection(crs geo.CRS) string {
	switch crs {
	case geo.CGCS2000:
		return cgcs2000Geographic
	case geo.WGS84:
		return wgs84Geographic
	case geo.WebMercator:
		return webMercator
	}
	name, meridian, easting := zone(crs)
	return fmt.Sprintf(`PROJCS["%s",%s,PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",%d.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",%d.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`,
		name, cgcs2000Geographic, easting, meridian)
}

// zone gives ArcGIS' name of a Gauss-Krüger zone, its central meridian in degrees
// and its false easting in metres. EPSG numbers the zones in runs.
func zone(crs geo.CRS) (name string, meridian, easting int) {
	n := int(crs)
	switch {
	case n <= 4501: // 6° with zone number
		zone := n - 4491 + 13
		return fmt.Sprintf("CGCS2000_GK_Zone_%d", zone), 6*zone - 3, zone*1_000_000 + 500_000
	case n <= 4512: // 6°
		meridian = 75 + 6*(n-4502)
		return fmt.Sprintf("CGCS2000_GK_CM_%dE", meridian), meridian, 500_000
	case n <= 4533: // 3° with zone number
		zone := n - 4513 + 25
		return fmt.Sprintf("CGCS2000_3_Degree_GK_Zone_%d", zone), 3 * zone, zone*1_000_000 + 500_000
	}
	meridian = 75 + 3*(n-4534)
	return fmt.Sprintf("CGCS2000_3_Degree_GK_CM_%dE", meridian), meridian, 500_000
}
