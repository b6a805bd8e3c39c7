package door

import (
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"
)

func TestAStreamThatFailsIsCutOff(t *testing.T) {
	t.Parallel()
	e := echo.New()
	e.GET("/:bytes", func(c echo.Context) error {
		return Stream(c, "text/plain", func(w io.Writer) error {
			size := 1 << 20
			if c.Param("bytes") == "few" {
				size = 10
			}
			body := make([]byte, size)
			if _, err := rand.Read(body); err != nil { // which gzip cannot make smaller
				return err
			}
			if _, err := w.Write(body); err != nil {
				return err
			}
			return errors.New("what was read is broken")
		})
	})
	server := httptest.NewServer(e)
	defer server.Close()
	many, err := http.Get(server.URL + "/many")
	if err != nil {
		t.Fatal(err)
	}
	defer many.Body.Close()
	if n, err := io.Copy(io.Discard, many.Body); err == nil {
		t.Errorf("%d bytes are taken for all", n)
	}
	few, err := http.Get(server.URL + "/few") // nothing was sent yet
	if err != nil {
		t.Fatal(err)
	}
	defer few.Body.Close()
	if said, err := io.ReadAll(few.Body); few.StatusCode != http.StatusInternalServerError || err != nil {
		t.Errorf("status %d: %q, %v", few.StatusCode, said, err)
	}
}
