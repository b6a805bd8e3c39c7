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
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

// ImportJob is what became of a file, as the API and the command tell it.
type ImportJob struct {
	ID         int64            `json:"id"`
	State      land.ImportState `json:"state"`
	Progress   *progress        `json:"progress,omitempty"` // while it runs
	Park       land.ParkCode    `json:"park"`
	File       string           `json:"file"`
	DryRun     bool             `json:"dry_run"`
	Format     string           `json:"format,omitempty"`
	CRS        string           `json:"crs,omitempty"`
	Encoding   string           `json:"encoding,omitempty"`
	Plots      int              `json:"plots"`
	New        int              `json:"new"`
	Changed    int              `json:"changed"`
	Same       int              `json:"same"`
	AreaM2     float64          `json:"area_m2"`
	AreaMu     float64          `json:"area_mu"`
	MaxShiftM  float64          `json:"max_shift_m"`
	Notes      []finding        `json:"notes"`
	Faults     []finding        `json:"faults"`
	Change     *land.Seq        `json:"change"`
	RecordedAt time.Time        `json:"recorded_at"`
}

type progress struct {
	Stage string `json:"stage"`
	Plots int    `json:"plots"`
}

// DescribeImport tells an import.
func DescribeImport(r land.ImportResult) ImportJob {
	j := ImportJob{
		ID: r.ID, State: r.State, Park: r.Park, File: r.File, DryRun: r.DryRun,
		Format: r.Delivery.Format, Encoding: r.Delivery.Encoding,
		Plots: r.New + r.Changed + r.Same, New: r.New, Changed: r.Changed, Same: r.Same,
		AreaM2: geo.Round(float64(r.Area), 4), AreaMu: geo.Round(float64(r.Area.Mu()), 6), MaxShiftM: geo.Round(r.MaxShift, 6),
		Notes: findings(r.Delivery.Notes), Faults: findings(r.Faults), RecordedAt: r.RecordedAt,
	}
	if r.Delivery.CRS != 0 {
		j.CRS = r.Delivery.CRS.String()
	}
	if r.Change > 0 {
		j.Change = &r.Change
	}
	return j
}

// postImport takes a file into a park: as multipart form field "file", or as
// the body itself with its name in ?filename=. It answers when the file is in
// or refused; with Prefer: respond-async (RFC 7240) at once, and the job is
// followed at its Location.
func (s *server) postImport(c echo.Context) error {
	q, err := door.Parameters(c, "park", "crs", "format", "dry_run", "replace", "reason", "filename", "map", "source")
	if err != nil {
		return err
	}
	in := land.Import{Park: land.ParkCode(q.Get("park")), Kind: land.Imported, Reason: q.Get("reason"), Format: q.Get("format"), Source: q.Get("source")}
	if err := in.Park.Validate(); err != nil {
		return err
	}
	if err := access.Actor(c).MayEdit(in.Park); err != nil {
		return err
	}
	for name, at := range map[string]*bool{"dry_run": &in.DryRun, "replace": &in.Replace} {
		if text := q.Get(name); text != "" {
			if *at, err = strconv.ParseBool(text); err != nil {
				return door.Refuse(name, geo.Say("%q 既非 true 也非 false", "%q is neither true nor false", text), geo.Say("请给出 true 或 false", "give true or false"))
			}
		}
	}
	if in.Handling, err = exchange.ParseHandling(q.Get("crs"), q["map"]); err != nil {
		return err
	}
	if in, err = s.DB.Remembered(c.Request().Context(), in); err != nil {
		return err
	}
	if err := s.receive(c, q.Get("filename"), &in.File); err != nil {
		return err
	}
	return s.startImport(c, in)
}

// startImport keeps the file and runs the import, in the background if that is
// preferred.
func (s *server) startImport(c echo.Context, in land.Import) error {
	ctx, actor := c.Request().Context(), access.Actor(c)
	id, err := s.DB.ReceiveImport(ctx, actor, in)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, fmt.Sprintf("/api/v1/imports/%d", id))
	job := s.jobs.start(ctx, id)
	in.Progress = job.report
	run := func() (land.ImportResult, error) {
		defer job.end()
		return s.runImport(job.ctx, actor, id, in)
	}
	if strings.Contains(c.Request().Header.Get("Prefer"), "respond-async") {
		go func() {
			if _, err := run(); err != nil {
				s.Log.Info("import refused", "import", id, "error", err)
			}
		}()
		c.Response().Header().Set("Preference-Applied", "respond-async")
		return door.Answer(c, http.StatusAccepted, map[string]any{"id": id, "state": land.ImportRunning})
	}
	stop := context.AfterFunc(ctx, job.cancel) // a caller who goes away cancels
	defer stop()
	result, err := run()
	if err != nil {
		return err
	}
	if result.Change > 0 {
		door.SetSeq(c, result.Change)
	}
	return door.Answer(c, http.StatusCreated, DescribeImport(result))
}

func (s *server) runImport(ctx context.Context, actor land.Actor, id int64, in land.Import) (land.ImportResult, error) {
	result, err := s.DB.RunImport(ctx, actor, id, in, readFile(ctx, in.File, in.Format, in.Handling))
	if result.Change > 0 {
		s.views.Settle(ctx, result.Change)
	}
	return result, err
}

// readFile reads the plots of a file that was handed in, by way of a folder of
// its own, which programs that read formats need.
func readFile(ctx context.Context, file land.HandedIn, format string, h land.Handling) postgis.ReadPlots {
	return func(emit func(land.Draft) error) (land.Delivery, error) {
		dir, err := os.MkdirTemp("", "dikuai-import-")
		if err != nil {
			return land.Delivery{}, err
		}
		defer os.RemoveAll(dir)
		path := filepath.Join(dir, file.Name)
		if err := os.WriteFile(path, file.Raw, 0o600); err != nil {
			return land.Delivery{}, err
		}
		return exchange.Read(ctx, path, format, h, emit)
	}
}

// receive reads the delivered file. Only the last part of its name is used.
func (s *server) receive(c echo.Context, name string, file *land.HandedIn) error {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, largestUpload)
	var body io.Reader = r.Body
	if form, err := r.MultipartReader(); err == nil {
		for {
			part, err := form.NextPart()
			if errors.Is(err, io.EOF) {
				return door.Refuse("file", geo.Say("表单没有 file 字段", "the form has no field file"), geo.Say("请在表单字段 file 中发送文件", "send the file in the form field file"))
			}
			if err != nil {
				return badForm(err)
			}
			if part.FormName() == "file" {
				body, name = part, part.FileName()
				break
			}
		}
	}
	name = filepath.Base(filepath.Clean("/" + name))
	if name == "/" || len(name) > 200 {
		return door.Refuse("filename", geo.Say("文件没有可用的名称", "the file has no usable name"), geo.Say("请写明文件名，例如 plots.zip", "name it as it is called, such as plots.zip"))
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		return badForm(err)
	}
	file.Name, file.SHA256, file.Raw = name, sha256.Sum256(raw), raw
	return nil
}

func badForm(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return door.Deny(http.StatusBadRequest, geo.Say("请求体中断或不是表单：%v", "the body broke off or is not a form: %v", err))
}
