package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

func TestTheFormOfACaseSumsUpItsPlots(t *testing.T) {
	t.Parallel()
	day, err := land.ParseDate("2026-03-02")
	if err != nil {
		t.Fatal(err)
	}
	far := 1.85
	at := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	s := CaseSheet{
		Case: land.Case{
			No: "nansha-2026-0001", Kind: land.LandSupply, State: land.CaseClosed, OpenedOn: day, ChangedAt: at, Applicant: land.CaseApplicant{Name: "检测研究院"},
			CaseContent: land.CaseContent{Title: "研发中心", Mode: land.ByAgreement, Follows: "nansha-2025-0009", Declared: land.Declared{FAR: &far}},
			Told:        land.CaseFacts{Reserved: []land.Reservation{{Year: 2026, Kind: land.NewLand, Mu: land.MuAmount(30)}}, Contract: &land.Contract{AgreedStart: day, AgreedCompletion: day.AddYears(2), Price: 12_345_000}},
		},
		Park:      land.Park{Code: "nansha", NameZh: "南沙园区", NameEn: "Nansha Park", PlaneCRS: geo.GK114, Demonstration: true},
		Documents: []land.CaseDocument{{Type: "application", FileName: "申请书.pdf", At: at}, {Type: "contract", Number: "440115-2026-000012", Day: day, Issued: true}},
		Events: []land.CaseEvent{
			{Act: "accept", From: land.CaseSubmitted, To: land.CaseAccepted, Actor: "李经办", At: at},
			{Act: "propose", From: land.CaseAccepted, To: land.CaseProposed, Actor: "李经办", At: at, Opinion: "拟同意"},
			{Act: "contract", From: land.CaseApproved, To: land.CaseClosed, Actor: "李经办", At: at, Document: "contract", DocumentNo: "440115-2026-000012", DocumentOn: day},
		},
		AsOf: day, Seq: 812,
	}
	for i, area := range []geo.SquareMetres{20000.004, 10000} {
		p := land.Plot{ID: land.PlotID(i + 1), Area: area}
		p.Attributes = land.Attributes{PlotNo: []string{"NS-1", "NS-2"}[i], Use: land.UseCode{Scheme: land.GB50137, Code: "A35"}, Status: land.Supplied, Holder: "检测研究院"}
		s.Plots = append(s.Plots, p)
	}
	table := CaseForm(s)
	var csv bytes.Buffer
	if err := CSV(&csv, table); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"案号,nansha-2026-0001", "承接案件,nansha-2025-0009", "供应方式,协议出让", "容积率,1.85", "2026 年，预留 30 亩", "动工 2026-03-02；竣工 2028-03-02；价款 12.345 万元",
		"NS-1", "20000.00,30.00", "合计 2 块,-,30000.00,45.00", "申请书,申请书.pdf", "440115-2026-000012,-,-,2026-03-02", "李经办,拟同意", "签订协议出让合同 李经办,国有建设用地使用权出让合同440115-2026-000012",
	} {
		if !strings.Contains(csv.String(), want) {
			t.Errorf("%q is not in\n%s", want, csv.String())
		}
	}
	if strings.Contains(csv.String(), "受理 李经办") {
		t.Error("an act without an opinion is among the opinions")
	}
	for _, write := range []func(*bytes.Buffer) error{func(b *bytes.Buffer) error { return XLSX(b, table) }, func(b *bytes.Buffer) error { return HTML(b, table) }} {
		var first, again bytes.Buffer
		if write(&first) != nil || write(&again) != nil || !bytes.Equal(first.Bytes(), again.Bytes()) {
			t.Error("two prints differ")
		}
	}
	if stamp := table.Stamp().String(); !strings.Contains(stamp, "case=nansha-2026-0001") {
		t.Error(stamp)
	}
}
