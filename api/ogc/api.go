package ogc

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
)

// getAPI answers the API definition (OpenAPI 3.0), or its page.
func (s *server) getAPI(c echo.Context) error {
	q, in, view, err := s.asked(c, parametersOfAll, asAPI, asHTML)
	if err != nil {
		return err
	}
	document := definition(s.address(c), collectionsOf(view))
	if in.name == asHTML.name {
		return s.showAPI(c, document, s.selves(c, q, in, asAPI, asHTML))
	}
	body, err := json.Marshal(document)
	if err != nil {
		return err
	}
	return door.Compressed(c, apiType, body)
}

// definition is the API definition of a service whose landing page is at the
// address, on which the paths are relative. Each collection has a path of its own
// for its items, with its properties as parameters: that is where GDAL and QGIS
// look for what they may ask.
func definition(address string, all []collection) object {
	ids := make([]string, len(all))
	paths := object{
		"/":            object{"get": reading("getLandingPage", "首页 Landing page", jsonOr("landingPage", jsonType), "datetime", "f")},
		"/conformance": object{"get": reading("getConformance", "符合性声明 Conformance declaration", jsonOr("confClasses", jsonType), "datetime", "f")},
		"/api":         object{"get": reading("getAPI", "接口定义 API definition", jsonOr("any", apiType), "datetime", "f")},
		"/collections": object{"get": reading("getCollections", "集合 Collections", jsonOr("collections", jsonType), "datetime", "f")},
	}
	for i, of := range all {
		ids[i] = of.id
		maps.Copy(paths, itemPaths(of))
	}
	one := "/collections/{collectionId}"
	paths[one] = object{"get": reading("describeCollection", "集合 Collection", jsonOr("collection", jsonType), "collectionId", "datetime", "f")}
	paths[one+"/schema"] = object{"get": reading("getSchema", "属性 Schema", jsonOr("any", schemaType), "collectionId", "type", "datetime", "f")}
	paths[one+"/queryables"] = object{"get": reading("getQueryables", "可筛选的属性 Queryables", jsonOr("any", schemaType), "collectionId", "datetime", "f")}
	paths[one+"/sortables"] = object{"get": reading("getSortables", "可排序的属性 Sortables", jsonOr("any", schemaType), "collectionId", "datetime", "f")}
	maps.Copy(paths, tilePaths())
	return object{
		"openapi": "3.0.3",
		"info": object{
			"title": both(serviceTitle), "version": "1.0.0", "license": object{"name": "MIT"},
			"description": serviceAbout.Zh + "。" + upper(serviceAbout.En) + ".",
		},
		"servers":    []object{{"url": address}},
		"paths":      paths,
		"components": components(ids),
	}
}

// itemPaths are the routes of a collection's items.
func itemPaths(of collection) object {
	itemsAt := "/collections/" + of.id + "/items"
	get := reading("getItems."+of.id, both(of.title), jsonOr("featureCollectionGeoJSON", door.GeoJSON),
		"limit", "bbox", "bbox-crs", "datetime", "crs", "filter", "filter-lang", "filter-crs", "sortby", "cursor", "f")
	for _, f := range of.fields() {
		get["parameters"] = append(get["parameters"].([]object), propertyParameter(f))
	}
	getOne := reading("getItem."+of.id, both(of.title)+"：单个 one item", jsonOr("featureGeoJSON", door.GeoJSON), "featureId", "crs", "datetime", "f")
	list, single := object{"get": get}, object{"get": getOne}
	paths := object{itemsAt: list, itemsAt + "/{featureId}": single}
	if _, plotted := of.source.(plots); plotted {
		paths[itemsAt+"/{featureId}/versions"] = object{"get": reading("getVersions."+of.id, "各版本 Versions", object{
			jsonType: schemaRef("any"), linksType: object{"schema": object{"type": "string"}}, htmlType: object{"schema": object{"type": "string"}},
		}, "featureId", "f")}
		getOne["responses"].(object)["410"] = object{"$ref": "#/components/responses/Gone"}
	}
	if !of.editable {
		return paths
	}
	list["post"] = writing("postItem."+of.id, "新增地块 Add a plot", features, "201", "Content-Crs", "Change-Reason", "Prefer")
	list["options"] = telling("optionsItems." + of.id)
	single["put"] = writing("putItem."+of.id, "替换地块 Replace a plot", features, "200", "featureId", "If-Match", "Content-Crs", "Change-Reason", "Prefer")
	single["patch"] = writing("patchItem."+of.id, "修改地块 Update a plot", patches, "200", "featureId", "If-Match", "Content-Crs", "Change-Reason", "Prefer")
	single["delete"] = writing("deleteItem."+of.id, "注销地块 Retire a plot", nil, "204", "featureId", "If-Match", "Change-Reason", "reason", "case_no", "valid_from")
	single["options"] = telling("optionsItem."+of.id, "featureId")
	return paths
}

// tilePaths are the routes of tiles; the ends of their operation ids are those of
// 20-057 §14.
func tilePaths() object {
	paths := object{
		"/tileMatrixSets":                   object{"get": reading("getTileMatrixSetsList", "瓦片方案 Tile matrix sets", jsonOr("any", jsonType), "f")},
		"/tileMatrixSets/{tileMatrixSetId}": object{"get": reading("getTileMatrixSet", "瓦片方案 Tile matrix set", jsonOr("any", jsonType), "tileMatrixSetId", "f")},
	}
	for at, of := range map[string]string{"/tiles": "land.dataset", "/collections/{collectionId}/tiles": "land.collection"} {
		var first []string
		if of == "land.collection" {
			first = []string{"collectionId"}
		}
		set := at + "/{tileMatrixSetId}"
		paths[at] = object{"get": reading(of+".vector.getTileSetsList", "矢量瓦片集 Tile sets", jsonOr("any", jsonType), append(first, "f")...)}
		paths[set] = object{"get": reading(of+".vector.getTileSet", "矢量瓦片集 Tile set", jsonOr("any", jsonType), append(first, "tileMatrixSetId", "f")...)}
		tile := reading(of+".vector.getTile", "矢量瓦片 Vector tile", object{door.Tile: object{"schema": object{"type": "string", "format": "binary"}}},
			append(first, "tileMatrixSetId", "tileMatrix", "tileRow", "tileCol", "datetime", "f-tile")...)
		tile["responses"].(object)["204"] = object{"description": "瓦片为空 The tile is empty"}
		paths[set+"/{tileMatrix}/{tileRow}/{tileCol}"] = object{"get": tile}
	}
	return paths
}

func schemaRef(name string) object {
	return object{"schema": object{"$ref": "#/components/schemas/" + name}}
}

// jsonOr is an answer in a form of JSON, or as a page.
func jsonOr(schema, mediaType string) object {
	return object{mediaType: schemaRef(schema), htmlType: object{"schema": object{"type": "string"}}}
}

func refs(kind string, names []string) []object {
	all := make([]object, len(names))
	for i, n := range names {
		all[i] = object{"$ref": "#/components/" + kind + "/" + n}
	}
	return all
}

// refused are the answers of a refusal.
func refused(responses object, names map[string]string) object {
	for status, name := range names {
		responses[status] = object{"$ref": "#/components/responses/" + name}
	}
	return responses
}

// reading is an operation that reads.
func reading(id, summary string, content object, parameters ...string) object {
	responses := refused(object{
		"200": object{"description": summary, "content": content},
		"304": object{"description": "未变 Not modified"},
	}, map[string]string{"400": "InvalidParameter", "404": "NotFound", "429": "TooManyRequests", "500": "ServerError", "503": "NotNow"})
	return object{"operationId": id, "summary": summary, "parameters": refs("parameters", parameters), "responses": responses}
}

// writing is an operation that edits, for which a key is needed.
func writing(id, summary string, bodies []string, done string, parameters ...string) object {
	success := object{"description": summary}
	if done != "204" {
		success["content"] = object{door.GeoJSON: schemaRef("featureGeoJSON")}
		success["headers"] = object{"ETag": object{"schema": object{"type": "string"}}, "Register-Seq": object{"schema": object{"type": "integer"}}}
		if done == "201" {
			success["headers"].(object)["Location"] = object{"schema": object{"type": "string", "format": "uri"}}
		}
	}
	responses := refused(object{done: success, "204": object{"description": summary}}, map[string]string{
		"400": "InvalidParameter", "401": "NoKey", "403": "Forbidden", "404": "NotFound", "409": "Conflict", "410": "Gone", "412": "Stale", "413": "TooLarge",
		"415": "UnsupportedType", "422": "Invalid", "428": "NoVersion", "429": "TooManyRequests", "500": "ServerError",
	})
	o := object{"operationId": id, "summary": summary, "parameters": refs("parameters", parameters), "responses": responses, "security": []object{{"key": []string{}}}}
	if bodies != nil {
		content := object{}
		for _, b := range bodies {
			content[b] = schemaRef("featureGeoJSON")
			if b == mergePatch {
				content[b] = schemaRef("any")
			}
		}
		o["requestBody"] = object{"required": true, "content": content}
	}
	return o
}

// telling is an operation that tells what may be done.
func telling(id string, parameters ...string) object {
	responses := refused(object{"200": object{"description": "可用的方法 Allowed methods", "headers": object{"Allow": object{"schema": object{"type": "string"}}}}},
		map[string]string{"401": "NoKey", "404": "NotFound", "429": "TooManyRequests", "500": "ServerError"})
	return object{"operationId": id, "summary": "可用的方法 Allowed methods", "parameters": refs("parameters", parameters), "responses": responses}
}

// propertyParameter asks for items whose property has a value.
func propertyParameter(f field) object {
	schema := jsonSchemaOf(f, 0)
	for name := range schema {
		if name != "type" && name != "format" && name != "enum" {
			delete(schema, name)
		}
	}
	return object{"name": f.name, "in": "query", "required": false, "style": "form", "explode": false, "description": f.zh + " " + f.en, "schema": schema}
}

// parameter is one of a name, with the style that QGIS asks for.
func parameter(name, in, about string, schema object) object {
	p := object{"name": name, "in": in, "required": in == "path", "description": about, "schema": schema}
	if in == "query" {
		p["style"], p["explode"] = "form", false
	}
	return p
}

// components are what operations refer to. The component limit is where QGIS reads
// how large a page may be.
func components(ids []string) object {
	text, uri := object{"type": "string"}, object{"type": "string", "format": "uri", "enum": uris(), "default": crs84}
	whole := object{"type": "integer", "minimum": 0}
	parameters := object{}
	for _, p := range []object{
		parameter("limit", "query", "每页要素数 Items on a page", object{"type": "integer", "minimum": 1, "maximum": largestPage, "default": defaultPage}),
		parameter("bbox", "query", "与范围框相交 Meeting a box", object{"type": "array", "oneOf": []object{{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}}, "items": object{"type": "number"}}),
		parameter("bbox-crs", "query", "范围框的坐标系 Reference system of bbox", uri),
		parameter("datetime", "query", "某一时刻的登记内容；时段取其末端 The register at an instant, or at the end of an interval", text),
		parameter("crs", "query", "应答的坐标系 Reference system of the answer", uri),
		parameter("filter", "query", "CQL2 筛选条件 Filter in CQL2", text),
		parameter("filter-lang", "query", "筛选条件的语言 Language of filter", object{"type": "string", "enum": []string{cql2Text, cql2JSON, cqlText}, "default": cql2Text}),
		parameter("filter-crs", "query", "筛选条件的坐标系 Reference system of filter", uri),
		parameter("sortby", "query", "排序 Order, such as -area_mu,plot_no", object{"type": "array", "minItems": 1, "items": object{"type": "string", "pattern": "[+|-]?[A-Za-z_].*"}}),
		parameter("cursor", "query", "下一页的位置，取自 next 链接 Where the page begins, of a next link", text),
		parameter("f", "query", "格式 Form of the answer", object{"type": "string", "enum": []string{asJSON.name, asHTML.name}}),
		parameter("type", "query", "GeoJSON 要素的 schema Schema of GeoJSON features", object{"type": "string", "enum": []string{featureSchema, createSchema, replaceSchema, updateSchema}}),
		parameter("reason", "query", "原因 Why", text),
		parameter("case_no", "query", "案号 Case", text),
		parameter("valid_from", "query", "生效日期 Day from which it holds", object{"type": "string", "format": "date"}),
		parameter("collectionId", "path", "集合 Collection", object{"type": "string", "enum": ids}),
		parameter("featureId", "path", "要素标识码 Id of an item", text),
		parameter("tileMatrixSetId", "path", "瓦片方案 Tile matrix set", object{"type": "string", "enum": []string{webMercatorQuad}}),
		parameter("tileMatrix", "path", "层级 Tile matrix", object{"type": "string"}),
		parameter("tileRow", "path", "行 Row", whole),
		parameter("tileCol", "path", "列 Column", whole),
		parameter("If-Match", "header", "所读版本的 ETag，或 * ETag of the version that was read, or *", text),
		parameter("Content-Crs", "header", "请求体的坐标系 Reference system of the body", text),
		parameter("Change-Reason", "header", "原因 Why the edit is made, UTF-8, percent-encoded if you like", text),
		parameter("Prefer", "header", "return=minimal", text),
	} {
		parameters[p["name"].(string)] = p
	}
	parameters["f-tile"] = parameter("f", "query", "格式 Form of the answer", object{"type": "string", "enum": []string{asTile.name}})
	parameters["tileMatrix"].(object)["schema"] = object{"type": "string", "enum": matrixIDs()}
	responses := object{}
	for name, about := range map[string]string{
		"InvalidParameter": "参数无效或未知 A parameter is invalid or unknown", "NoKey": "需要密钥 A key is needed", "Forbidden": "密钥无此权限 The key does not allow it",
		"NotFound": "没有 There is none", "Conflict": "与登记库冲突 The register's state forbids it", "Gone": "已终止 It ended", "Stale": "版本已更新 There is a newer version",
		"TooLarge": "请求体过大 The body is too large", "UnsupportedType": "请求体的类型不支持 The body's type is not supported", "Invalid": "内容不合规则 The content breaks a rule",
		"NoVersion": "缺少 If-Match If-Match is missing", "TooManyRequests": "请求过多 Too many requests", "ServerError": "服务出错 The service failed", "NotNow": "暂不可用 Not now",
	} {
		responses[name] = object{"description": about, "content": object{"application/problem+json": schemaRef("problem")}}
	}
	return object{
		"parameters": parameters, "responses": responses, "schemas": schemas(),
		"securitySchemes": object{"key": object{"type": "http", "scheme": "bearer", "description": "dikuai access key create --role officer"}},
	}
}

func matrixIDs() []string {
	var all []string
	for _, m := range limits() {
		all = append(all, m.TileMatrix)
	}
	return all
}

// schemas are those of 17-069r4, and of problem documents.
func schemas() object {
	text, number := object{"type": "string"}, object{"type": "integer", "minimum": 0}
	list := func(of string) object {
		return object{"type": "array", "items": object{"$ref": "#/components/schemas/" + of}}
	}
	of := func(required []string, properties object) object {
		return object{"type": "object", "required": required, "properties": properties}
	}
	return object{
		"any":         object{"type": "object"},
		"link":        of([]string{"href", "rel"}, object{"href": text, "rel": text, "type": text, "title": text, "hreflang": text, "templated": object{"type": "boolean"}}),
		"landingPage": of([]string{"links"}, object{"title": text, "description": text, "attribution": text, "links": list("link")}),
		"confClasses": of([]string{"conformsTo"}, object{"conformsTo": object{"type": "array", "items": text}, "links": list("link")}),
		"collections": of([]string{"links", "collections"}, object{"links": list("link"), "crs": object{"type": "array", "items": text}, "collections": list("collection")}),
		"collection": of([]string{"id", "links"}, object{
			"id": text, "title": text, "description": text, "attribution": text, "links": list("link"), "extent": object{"type": "object"}, "itemType": text,
			"crs": object{"type": "array", "items": text}, "storageCrs": text,
		}),
		"featureCollectionGeoJSON": of([]string{"type", "features"}, object{
			"type": object{"type": "string", "enum": []string{"FeatureCollection"}}, "features": list("featureGeoJSON"), "links": list("link"),
			"timeStamp": object{"type": "string", "format": "date-time"}, "numberMatched": number, "numberReturned": number,
		}),
		"featureGeoJSON": of([]string{"type", "geometry", "properties"}, object{
			"type": object{"type": "string", "enum": []string{"Feature"}}, "id": object{"oneOf": []object{{"type": "string"}, {"type": "integer"}}},
			"geometry": object{"type": "object", "nullable": true}, "properties": object{"type": "object", "nullable": true}, "links": list("link"),
			"reason": text, "case_no": text, "valid_from": object{"type": "string", "format": "date"},
		}),
		"problem": of([]string{"title", "status"}, object{"type": text, "title": text, "status": object{"type": "integer"}, "detail": text, "detail_zh": text, "errors": object{"type": "array", "items": object{"type": "object"}}}),
	}
}

// operation is a route of a definition.
type operation struct {
	method, path, summary string
	parameters            []string
}

// operations lists the routes of a definition.
func operations(document object) []operation {
	paths := document["paths"].(object)
	var all []operation
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		methods := paths[path].(object)
		for _, method := range slices.Sorted(maps.Keys(methods)) {
			o := methods[method].(object)
			row := operation{method: method, path: path, summary: o["summary"].(string)}
			for _, p := range o["parameters"].([]object) {
				name, _ := p["name"].(string)
				if ref, ok := p["$ref"].(string); ok {
					name = ref[len("#/components/parameters/"):]
				}
				row.parameters = append(row.parameters, name)
			}
			all = append(all, row)
		}
	}
	return all
}
