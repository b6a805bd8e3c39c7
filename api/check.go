package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
)

// CheckReport is what a check of the register found, as the API and the command
// tell it.
type CheckReport struct {
	Seq      land.Seq    `json:"register_seq"`
	Plots    int         `json:"plots"`
	Errors   int         `json:"errors"`
	Warnings int         `json:"warnings"`
	Limits   land.Limits `json:"limits"` // in force
	Findings []finding   `json:"findings"`
}

// DescribeCheck tells a check.
func DescribeCheck(r land.CheckReport) CheckReport {
	return CheckReport{r.Seq, r.Plots, r.Count(land.Block), r.Count(land.Warn), r.Limits, findings(r.Findings)}
}

// getChecks checks the register of one park or all.
func (s *server) getChecks(c echo.Context) error {
	q, err := door.Parameters(c, "park")
	if err != nil {
		return err
	}
	var parks []land.ParkCode
	for _, code := range door.List(q, "park") {
		parks = append(parks, land.ParkCode(code))
	}
	report, err := s.DB.Check(c.Request().Context(), func(int) {}, parks...)
	if err != nil {
		return err
	}
	door.SetSeq(c, report.Seq)
	return door.Answer(c, http.StatusOK, DescribeCheck(report))
}
