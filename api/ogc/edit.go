package ogc

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// What bodies of edits may be.
const mergePatch = "application/merge-patch+json" // RFC 7396

var (
	features = []string{door.GeoJSON, jsonType}
	patches  = []string{mergePatch, door.GeoJSON, jsonType}
)

// longestReason bounds the header Change-Reason, in characters.
const longestReason = 500

// reasonOf is why an edit is made: what it says itself, or the header
// Change-Reason, which may be percent-encoded for the sake of Chinese; else that
// it came by this door.
func reasonOf(c echo.Context, said string) (string, error) {
	text := strings.TrimSpace(c.Request().Header.Get("Change-Reason"))
	if decoded, err := url.PathUnescape(text); err == nil {
		text = decoded
	}
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > longestReason {
		return "", door.Refuse("Change-Reason", geo.Say("文字过长或无法解码", "the text is too long or cannot be decoded"), geo.Say("最多 %d 个字符，UTF-8，可用百分号编码", "use at most %d characters of UTF-8, percent-encoded if you like", longestReason))
	}
	return cmp.Or(said, text, "OGC API – Features "+c.Request().Method), nil
}

// editable finds the collection of an edit, and refuses one that nobody edits.
func (s *server) editable(c echo.Context) (collection, error) {
	of, err := s.collection(c, s.Views.Live.View())
	if err == nil && !of.editable {
		c.Response().Header().Set(echo.HeaderAllow, readMethods)
		err = door.Deny(http.StatusMethodNotAllowed, geo.Say("集合 %s 只读", "collection %s is read only", of.id))
	}
	return of, err
}

// decode reads the body of an edit, whose coordinates are in the system of
// Content-Crs; prepare makes the Feature of it.
func decode(c echo.Context, types []string, prepare func([]byte) ([]byte, error)) (door.Edit, error) {
	kind, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	if err != nil || !slices.Contains(types, kind) {
		return door.Edit{}, door.Deny(http.StatusUnsupportedMediaType, geo.Say("请求体的类型应为 %s", "the body's type is to be %s", strings.Join(types, ", ")))
	}
	system, given, err := readContentCRS(c.Request().Header.Get("Content-Crs"))
	if err != nil {
		return door.Edit{}, err
	}
	body, err := door.Body(c)
	if err != nil {
		return door.Edit{}, err
	}
	if body, err = prepare(body); err != nil {
		return door.Edit{}, err
	}
	if system.northFirst {
		body = swapped(body)
	}
	stated := geo.CRS(0) // the body says, or means longitude and latitude
	if given {
		stated = system.CRS
	}
	edit, err := door.DecodeEdit(body, stated)
	if err != nil {
		return edit, err
	}
	edit.Reason, err = reasonOf(c, edit.Reason)
	return edit, err
}

func asItIs(body []byte) ([]byte, error) { return body, nil }

// postItem takes a new plot in.
func (s *server) postItem(c echo.Context) error {
	of, err := s.editable(c)
	if err != nil {
		return err
	}
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	edit, err := decode(c, features, asItIs)
	if err != nil {
		return err
	}
	if of.park != "" && edit.Feature.Properties["park"] == "" {
		edit.Feature.Properties["park"] = string(of.park)
	}
	park, err := edit.Park()
	if err != nil {
		return err
	}
	if !of.has(park) {
		return land.Invalid("park", geo.Say("集合 %s 不含园区 %s", "collection %s is not of park %s", of.id, park), geo.Say("请去掉 park，或发送到该园区的集合", "leave park out, or send it to that park's collection"))
	}
	draft, err := edit.Draft()
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	plot, change, err := s.DB.CreatePlot(ctx, access.Actor(c), park, draft, edit.Reason, edit.CaseNo)
	if err != nil {
		return err
	}
	s.Views.Settle(ctx, change.Seq)
	c.Response().Header().Set(echo.HeaderLocation, s.address(c, "collections", of.id, "items", strconv.FormatInt(int64(plot.ID), 10)))
	return s.answerEdit(c, of, http.StatusCreated, plot, change.Seq)
}

// putItem puts a whole plot in the place of another: properties that the Feature
// leaves out are cleared.
func (s *server) putItem(c echo.Context) error {
	return s.change(c, features, asItIs, func(e *door.Edit) error {
		given := map[string]bool{}
		for name := range e.Feature.Properties {
			if f, ok := land.LookupField(name); ok {
				given[f.Name] = true
			}
		}
		var found []land.Finding
		for _, name := range requiredToReplace {
			if !given[name] {
				found = append(found, land.Finding{Severity: land.Block, Field: name}.Saying(geo.Say("没有给出", "it is left out"), geo.Say("请给出；只改部分属性请用 PATCH", "give it; to change some properties, use PATCH")))
			}
		}
		if e.Feature.Geometry == nil {
			found = append(found, land.Finding{Severity: land.Block, Field: "geometry"}.Saying(geo.Say("地块没有界址", "the plot has no boundary"), geo.Say("请给出；只改部分属性请用 PATCH", "give it; to change some properties, use PATCH")))
		}
		properties := maps.Clone(e.Feature.Properties)
		for _, f := range land.Fields() {
			if f.Set != nil && !given[f.Name] && f.Name != "valid_from" {
				properties[f.Name] = ""
			}
		}
		e.Feature.Properties = properties
		return land.Refuse(found)
	})
}

// patchItem changes what the body names, and leaves the rest as it is.
func (s *server) patchItem(c echo.Context) error {
	return s.change(c, patches, patched, func(e *door.Edit) error {
		if e.Feature.ID != "" && e.Feature.ID != c.Param("featureId") {
			return land.Invalid("id", geo.Say("标识码不能更改", "an id is not changed"), geo.Say("请去掉 id", "leave id out"))
		}
		return nil
	})
}

// mostTries bounds how often an edit that asks for whatever version there is takes
// its turn again after another edit came first.
const mostTries = 5

// change makes a plot's next version.
func (s *server) change(c echo.Context, types []string, prepare func([]byte) ([]byte, error), check func(*door.Edit) error) error {
	of, err := s.editable(c)
	if err != nil {
		return err
	}
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	present, err := s.present(c, of)
	if err != nil {
		return err
	}
	version, whichever, err := readIfMatch(c)
	if err != nil {
		return err
	}
	edit, err := decode(c, types, prepare)
	if err != nil {
		return err
	}
	if err := check(&edit); err != nil {
		return err
	}
	ctx := c.Request().Context()
	for try := 1; ; try++ {
		if whichever {
			version = present.Version
		}
		plot, change, err := s.DB.UpdatePlot(ctx, access.Actor(c), present.ID, edit.Update(present.ID, version))
		if errors.Is(err, land.ErrStale) && whichever && try < mostTries {
			if present, err = s.DB.Plot(ctx, present.ID); err == nil {
				continue
			}
		}
		if err != nil {
			return err
		}
		s.Views.Settle(ctx, change.Seq)
		return s.answerEdit(c, of, http.StatusOK, plot, change.Seq)
	}
}

// present reads the plot that is to be edited. One that is not there is 404 or
// 410, or 412 for those who said which version they had read.
func (s *server) present(c echo.Context, of collection) (land.Plot, error) {
	ctx := c.Request().Context()
	err := error(&land.NotFoundError{What: "plot", Name: c.Param("featureId")})
	id, ok := plotID(c.Param("featureId"))
	if ok {
		var plot land.Plot
		if plot, err = s.DB.Plot(ctx, id); err == nil {
			if of.has(plot.Park) {
				return plot, nil
			}
			err = &land.NotFoundError{What: "plot", Name: c.Param("featureId")}
		}
	}
	var missing *land.NotFoundError
	if !errors.As(err, &missing) {
		return land.Plot{}, err
	}
	if c.Request().Header.Get("If-Match") != "" {
		return land.Plot{}, door.Deny(http.StatusPreconditionFailed, missing.Words())
	}
	if ok {
		if ended := s.DB.Successors(ctx, id); ended != nil {
			err = ended
		}
	}
	return land.Plot{}, err
}

// readIfMatch reads the version that the client read; clients that cannot say take
// whichever there is (If-Match: *).
func readIfMatch(c echo.Context) (version int, whichever bool, err error) {
	text := strings.TrimSpace(c.Request().Header.Get("If-Match"))
	if text == "*" {
		return 0, true, nil
	}
	version, err = door.IfMatch(text)
	return version, false, err
}

// deleteItem ends a plot; its history stays.
func (s *server) deleteItem(c echo.Context) error {
	of, err := s.editable(c)
	if err != nil {
		return err
	}
	q, err := door.Parameters(c, "reason", "case_no", "valid_from")
	if err != nil {
		return err
	}
	present, err := s.present(c, of)
	if err != nil {
		return err
	}
	version, whichever, err := readIfMatch(c)
	if err != nil {
		return err
	}
	if whichever {
		version = present.Version
	}
	act, err := door.ReadAct(q.Get("reason"), q.Get("case_no"), q.Get("valid_from"))
	if err != nil {
		return err
	}
	if act.Reason, err = reasonOf(c, act.Reason); err != nil {
		return err
	}
	ctx := c.Request().Context()
	change, err := s.DB.RetirePlot(ctx, access.Actor(c), present.ID, version, act)
	if err != nil {
		return err
	}
	s.Views.Settle(ctx, change.Seq)
	door.SetSeq(c, change.Seq)
	return c.NoContent(http.StatusNoContent)
}

// answerEdit answers with the plot as it now holds; with nothing for those who
// prefer that (RFC 7240).
func (s *server) answerEdit(c echo.Context, of collection, status int, p land.Plot, seq land.Seq) error {
	door.SetSeq(c, seq)
	h := c.Response().Header()
	h.Set("ETag", door.VersionTag(p.Version))
	if strings.Contains(c.Request().Header.Get("Prefer"), "return=minimal") {
		h.Set("Preference-Applied", "return=minimal")
		if status == http.StatusOK {
			status = http.StatusNoContent
		}
		return c.NoContent(status)
	}
	at := s.address(c, "collections", of.id, "items", fmt.Sprint(p.ID))
	body, err := itemBody(featureOf(s.Views.Live.View(), &p), systems[0], []link{
		{Href: at, Rel: "self", Type: door.GeoJSON},
		{Href: s.address(c, "collections", of.id), Rel: "collection", Type: jsonType, Title: both(of.title)},
	})
	if err != nil {
		return err
	}
	h.Set("Content-Crs", systems[0].header())
	return c.Blob(status, door.GeoJSON, body)
}
