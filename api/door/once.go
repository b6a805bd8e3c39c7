package door

import (
	"crypto/sha256"
	"fmt"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// OnceHeader is the header by which a client asks for something once, however
// often it sends it (draft-ietf-httpapi-idempotency-key-header).
const OnceHeader = "Idempotency-Key"

// ReplayedHeader tells that the answer is that of an earlier call.
const ReplayedHeader = "Idempotency-Replayed"

// ReadOnce reads the client's key for a call with a body; without one the call is
// as any other. The route is part of what is asked.
func ReadOnce(c echo.Context, body []byte) (land.Once, error) {
	values := c.Request().Header.Values(OnceHeader)
	if len(values) == 0 {
		return land.Once{}, nil
	}
	if len(values) > 1 || values[0] == "" {
		return land.Once{}, land.Invalid(OnceHeader, geo.Say("幂等键为空或多于一个", "there is no key, or more than one"), geo.Say("请给出一个，例如 UUID", "give one, such as a UUID"))
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %s\n", c.Request().Method, c.Request().URL.Path)
	sum.Write(body)
	once := land.Once{Key: values[0], Request: [sha256.Size]byte(sum.Sum(nil))}
	return once, once.Validate()
}
