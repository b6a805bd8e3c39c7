package door

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/tiles"
)

// Media types of answers.
const (
	GeoJSON = "application/geo+json"
	Tile    = "application/vnd.mapbox-vector-tile"
)

// Base is the address under which clients reach the service, without a stroke at
// the end: the public one where it is known, else as the client says in Host.
func Base(c echo.Context, public string) string {
	if public != "" {
		return strings.TrimSuffix(public, "/")
	}
	scheme := "http"
	if c.Request().TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.Request().Host
}

// Answer sends a JSON document, under an ETag and gzipped where it is worth it.
func Answer(c echo.Context, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if status == http.StatusOK && c.Request().Method == http.MethodGet {
		return Compressed(c, echo.MIMEApplicationJSON, body)
	}
	return c.Blob(status, echo.MIMEApplicationJSON, body)
}

// Private sends a JSON document that is for the caller alone, and that nothing on
// the way keeps.
func Private(c echo.Context, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Blob(status, echo.MIMEApplicationJSON, body)
}

// Compressed answers with a body under a strong ETag, gzipped for those who
// take it, 304 for those who have it.
func Compressed(c echo.Context, contentType string, body []byte) error {
	sum := sha256.Sum256(body)
	return Encoded(c, contentType, hex.EncodeToString(sum[:12]), func(gzipped bool) []byte {
		if gzipped {
			return tiles.Compress(body)
		}
		return body
	})
}

// Encoded answers with a body in the form that the client takes, each form under
// an ETag of its own, 304 for those who have it. A tag that begins with W/ is a
// weak one.
func Encoded(c echo.Context, contentType, tag string, body func(gzipped bool) []byte) error {
	gzipped := takesGzip(c.Request().Header.Get(echo.HeaderAcceptEncoding))
	if gzipped {
		tag += "-gzip"
	}
	h := c.Response().Header()
	h["Etag"] = []string{quoted(tag)}
	h["Vary"] = append(h["Vary"], echo.HeaderAcceptEncoding)
	if Held(c.Request().Header.Get("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	if gzipped {
		h["Content-Encoding"] = []string{"gzip"}
	}
	sent := body(gzipped)
	h["Content-Length"] = []string{strconv.Itoa(len(sent))} // so that it does not go out in chunks
	return c.Blob(http.StatusOK, contentType, sent)
}

// takesGzip reads Accept-Encoding (RFC 9110 §12.5.3); an absent one asks for
// the plain form.
func takesGzip(accept string) bool {
	if accept == "" || accept == "gzip" {
		return accept != ""
	}
	for _, part := range strings.Split(accept, ",") {
		name, q, weighted := strings.Cut(part, ";")
		if n := strings.ToLower(strings.TrimSpace(name)); n != "gzip" && n != "*" {
			continue
		}
		if !weighted {
			return true
		}
		value, ok := strings.CutPrefix(strings.TrimSpace(q), "q=")
		weight, err := strconv.ParseFloat(value, 64)
		return ok && err == nil && weight > 0
	}
	return false
}

// quoted is a tag as an ETag.
func quoted(tag string) string {
	if opaque, weak := strings.CutPrefix(tag, "W/"); weak {
		return `W/"` + opaque + `"`
	}
	return `"` + tag + `"`
}

// Held says whether If-None-Match names the tag (RFC 9110 §13.1.2).
func Held(ifNoneMatch, tag string) bool {
	if ifNoneMatch == "" {
		return false
	}
	opaque := strings.TrimPrefix(quoted(tag), "W/")
	for _, t := range strings.Split(ifNoneMatch, ",") {
		t = strings.TrimSpace(t)
		if t == "*" || strings.TrimPrefix(t, "W/") == opaque {
			return true
		}
	}
	return false
}

// VersionTag is the ETag of a version, as If-Match wants it.
func VersionTag(version int) string { return `"` + strconv.Itoa(version) + `"` }
