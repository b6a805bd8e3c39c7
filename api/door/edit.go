package door

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// LargestDocument bounds the body of an edit, in bytes.
const LargestDocument = 8 << 20

// Body reads the body of an edit, within LargestDocument.
func Body(c echo.Context) ([]byte, error) {
	return io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, LargestDocument))
}

// Edit is a Feature with what an edit says beside it, as foreign members.
type Edit struct {
	Feature geojson.Feature
	land.Act
}

// DecodeEdit reads an edit of a plot. Its coordinates are x before y in crs; with
// 0 in what its "crs" member says, else longitude, latitude.
func DecodeEdit(body []byte, crs geo.CRS) (Edit, error) {
	var edit Edit
	var err error
	if edit.Feature, err = geojson.DecodeFeature(body, crs); err != nil {
		return edit, err
	}
	var beside struct {
		Reason    string `json:"reason"`
		CaseNo    string `json:"case_no"`
		ValidFrom string `json:"valid_from"`
	}
	if err := json.Unmarshal(body, &beside); err != nil {
		return edit, land.Invalid("reason", geo.Say("reason、case_no、valid_from 是文字", "reason, case_no and valid_from are texts"), geo.Say("请在 properties 旁以字符串发送", "send them as strings beside properties"))
	}
	edit.Act, err = ReadAct(beside.Reason, beside.CaseNo, beside.ValidFrom)
	return edit, err
}

// ReadAct reads what an edit says of itself; the day may be empty.
func ReadAct(reason, caseNo, validFrom string) (land.Act, error) {
	act := land.Act{Reason: reason, CaseNo: caseNo}
	var err error
	if act.ValidFrom, err = land.ParseDate(validFrom); err != nil {
		return act, land.Invalid("valid_from", geo.WordsOf(err), geo.Words{})
	}
	return act, nil
}

// Park is the park in which the Feature asks for a new plot, by its property park.
func (e Edit) Park() (land.ParkCode, error) {
	park := land.ParkCode(e.Feature.Properties["park"])
	return park, park.Validate()
}

// Draft is the plot that the Feature asks for.
func (e Edit) Draft() (land.Draft, error) {
	if e.Feature.Geometry == nil {
		return land.Draft{}, land.Invalid("geometry", geo.Say("地块没有界址", "the plot has no boundary"), geo.Say("请给出 Polygon 或 MultiPolygon", "give a Polygon or MultiPolygon"))
	}
	draft := land.Draft{Boundary: e.Feature.Geometry, CRS: e.Feature.CRS}
	if err := SetProperties(&draft.Attributes, e.Feature.Properties); err != nil {
		return draft, err
	}
	if !e.ValidFrom.IsZero() {
		draft.ValidFrom = e.ValidFrom
	}
	return draft, nil
}

// Update is the edit that the Feature asks for of a version of a plot: properties
// and geometry that it leaves out stay as they are; null clears. A valid_from
// among the properties that came back as it was read asks for nothing; the member
// beside them does.
func (e Edit) Update(id land.PlotID, version int) land.Update {
	return land.Update{
		Version: version, Boundary: e.Feature.Geometry, CRS: e.Feature.CRS,
		ValidFrom: e.ValidFrom, Reason: e.Reason, CaseNo: e.CaseNo,
		Change: func(a *land.Attributes) error {
			properties := e.Feature.Properties
			if sent := properties["id"]; sent != "" && sent != strconv.FormatInt(int64(id), 10) {
				return land.Invalid("id", geo.Say("该 Feature 是地块 %s", "the Feature is plot %s", sent), geo.Say("请发送到该地块的地址", "send it to that plot's address"))
			}
			return SetProperties(a, properties)
		},
	}
}

// SetProperties sets properties of a plot, and refuses those that it does not have.
func SetProperties(a *land.Attributes, properties map[string]string) error {
	faults, unknown := land.SetProperties(a, properties)
	for _, name := range unknown {
		faults = append(faults, land.Finding{Severity: land.Block, Field: name}.Saying(
			geo.Say("地块没有此字段", "a plot has no such property"), geo.Say("请去掉", "leave it out")))
	}
	return land.Refuse(faults)
}

// IfMatch reads the version that the client read, from If-Match.
func IfMatch(header string) (int, error) {
	if header == "" {
		return 0, Deny(http.StatusPreconditionRequired, geo.Say(`编辑需要 If-Match 标头，值为所读地块的 ETag，例如 "7"`, `an edit needs the header If-Match with the ETag of the plot that you read, such as "7"`))
	}
	text := strings.TrimPrefix(strings.TrimSpace(header), "W/")
	version, err := strconv.Atoi(strings.Trim(text, `"`))
	if err != nil {
		return 0, land.ErrStale
	}
	return version, nil
}
