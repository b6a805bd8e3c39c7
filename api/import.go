package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// ImportJob is what became of a file, as the API and the command tell it.
type ImportJob struct {
	ID         int64         `json:"id"`
	State      string        `json:"state"` // done or refused
	Park       land.ParkCode `json:"park"`
	File       string        `json:"file"`
	DryRun     bool          `json:"dry_run"`
	Format     string        `json:"format,omitempty"`
	CRS        string        `json:"crs,omitempty"`
	Encoding   string        `json:"encoding,omitempty"`
	Plots      int           `json:"plots"`
	New        int           `json:"new"`
	Changed    int           `json:"changed"`
	Same       int           `json:"same"`
	AreaM2     float64       `json:"area_m2"`
	AreaMu     float64       `json:"area_mu"`
	MaxShiftM  float64       `json:"max_shift_m"`
	Notes      []finding     `json:"notes"`
	Faults     []finding     `json:"faults"`
	Change     *land.Seq     `json:"change"`
	RecordedAt time.Time     `json:"recorded_at"`
}

// DescribeImport tells an import.
func DescribeImport(r land.ImportResult) ImportJob {
	j := ImportJob{
		ID: r.ID, State: "done", Park: r.Park, File: r.File, DryRun: r.DryRun,
		Format: r.Delivery.Format, Encoding: r.Delivery.Encoding,
		Plots: r.New + r.Changed + r.Same, New: r.New, Changed: r.Changed, Same: r.Same,
		AreaM2: geo.Round(float64(r.Area), 4), AreaMu: geo.Round(float64(r.Area.Mu()), 6), MaxShiftM: geo.Round(r.MaxShift, 6),
		Notes: findings(r.Delivery.Notes), Faults: findings(r.Faults), RecordedAt: r.RecordedAt,
	}
	if r.Delivery.CRS != 0 {
		j.CRS = r.Delivery.CRS.String()
	}
	if len(r.Faults) > 0 {
		j.State = "refused"
	}
	if r.Change > 0 {
		j.Change = &r.Change
	}
	return j
}

// postImport takes a file into a park: as multipart form field "file", or as
// the body itself with its name in ?filename=. It answers when the file is in
// or refused; the job can be read again at its Location.
func (s *server) postImport(c echo.Context) error {
	q, err := parameters(c, "park", "crs", "format", "dry_run", "replace", "reason", "filename", "map")
	if err != nil {
		return err
	}
	in := land.Import{Park: land.ParkCode(q.Get("park")), Kind: land.Imported, Reason: q.Get("reason")}
	if err := in.Park.Validate(); err != nil {
		return err
	}
	actor := access.Actor(c)
	if err := actor.MayEdit(in.Park); err != nil {
		return err
	}
	for name, at := range map[string]*bool{"dry_run": &in.DryRun, "replace": &in.Replace} {
		if text := q.Get(name); text != "" {
			if *at, err = strconv.ParseBool(text); err != nil {
				return &queryError{name, fmt.Sprintf("%q is neither true nor false", text), "give true or false"}
			}
		}
	}
	handling, err := exchange.ParseHandling(q.Get("crs"), q["map"])
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "dikuai-import-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, err := s.receive(c, dir, q.Get("filename"), &in.File)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	result, err := s.DB.Import(ctx, actor, in, func(emit func(land.Draft) error) (land.Delivery, error) {
		return exchange.Read(ctx, path, q.Get("format"), handling, emit)
	})
	if result.ID > 0 {
		c.Response().Header().Set(echo.HeaderLocation, fmt.Sprintf("/api/v1/imports/%d", result.ID))
	}
	if err != nil {
		return err
	}
	if result.Change > 0 {
		s.settle(ctx, result.Change)
		setSeq(c, result.Change)
	}
	return answer(c, http.StatusCreated, DescribeImport(result))
}

// receive stores the delivered file in dir and gives its path. Only the last
// part of the name is used.
func (s *server) receive(c echo.Context, dir, name string, file *land.HandedIn) (string, error) {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, largestUpload)
	var body io.Reader = r.Body
	if form, err := r.MultipartReader(); err == nil {
		for {
			part, err := form.NextPart()
			if errors.Is(err, io.EOF) {
				return "", &queryError{"file", "the form has no field file", "send the file in the form field file"}
			}
			if err != nil {
				return "", badForm(err)
			}
			if part.FormName() == "file" {
				body, name = part, part.FileName()
				break
			}
		}
	}
	name = filepath.Base(filepath.Clean("/" + name))
	if name == "/" || len(name) > 200 {
		return "", &queryError{"filename", "the file has no usable name", "name it as it is called, such as plots.zip"}
	}
	path := filepath.Join(dir, name)
	raw, err := io.ReadAll(body)
	if err != nil {
		return "", badForm(err)
	}
	file.Name, file.SHA256, file.Raw = name, sha256.Sum256(raw), raw
	return path, os.WriteFile(path, raw, 0o600)
}

func badForm(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return &statusError{http.StatusBadRequest, "the body broke off or is not a form: " + err.Error()}
}

// settle waits until this process's own view holds a change, so that its next
// answers show it. It is a courtesy: a slow view is not an error.
func (s *server) settle(ctx context.Context, seq land.Seq) {
	if _, err := s.seen(ctx, seq); err != nil {
		s.Log.Warn("the view is behind", "change", seq)
	}
}

func (s *server) getImport(c echo.Context) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return &land.NotFoundError{What: "import", Name: c.Param("id")}
	}
	result, err := s.DB.ImportResult(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if err := access.Actor(c).MayEdit(result.Park); err != nil {
		return err
	}
	return answer(c, http.StatusOK, DescribeImport(result))
}
