package ogc

import (
	"slices"

	"github.com/dikuai/dikuai/api/access"
)

// Policy is who may call the routes that Mount makes.
func Policy() access.Policy {
	below := func(paths ...string) []string {
		for i := range paths {
			paths[i] = root + paths[i]
		}
		return paths
	}
	return slices.Concat(
		access.Reading(access.Anyone, below("", "/", "/conformance", "/api", "/collections", collectionPath, collectionPath+"/schema", collectionPath+"/queryables",
			collectionPath+"/sortables", itemsPath, itemPath, itemPath+"/versions", "/tileMatrixSets", "/tileMatrixSets/:tileMatrixSetId",
			"/tiles", tileSetPath, tilePath, collectionPath+"/tiles", collectionPath+tileSetPath, collectionPath+tilePath)...),
		access.Policy{
			{Method: "OPTIONS", Path: root + itemsPath, Who: access.Known},
			{Method: "OPTIONS", Path: root + itemPath, Who: access.Known},
			{Method: "POST", Path: root + itemsPath, Who: access.Officers},
			{Method: "PUT", Path: root + itemPath, Who: access.Officers},
			{Method: "PATCH", Path: root + itemPath, Who: access.Officers},
			{Method: "DELETE", Path: root + itemPath, Who: access.Officers},
		})
}
