package api

import (
	"slices"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/ogc"
)

// policy is who may call what. Reading what is published is open; the rest needs
// a role.
var policy = slices.Concat(
	access.Reading(access.Anyone,
		"/*", "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs",
		"/styles/land.json", "/tiles/land.json", "/tiles/land/metadata.json", tileRoute,
		"/api/v1/parks", "/api/v1/parks/:code", "/api/v1/parks/:code/plots/:plot_no",
		"/api/v1/plots", "/api/v1/plots/at", "/api/v1/plots/fit", "/api/v1/plots/:id", "/api/v1/plots/:id/lineage",
		"/api/v1/statistics", "/api/v1/compliance", "/api/v1/controls/at", "/api/v1/events", "/api/v1/checks", "/api/v1/dictionary", "/api/v1/cases/flows",
		"/api/v1/reports/pack.zip", "/api/v1/reports/plot-map.:format", "/api/v1/reports/park-map.:format", "/api/v1/exports/:export", "/api/v1/session", "/api/v1/calendar/:year"),
	access.Policy{
		{Method: "POST", Path: "/api/v1/statistics", Who: access.Anyone}, // writes nothing
		{Method: "POST", Path: "/api/v1/compliance", Who: access.Anyone}, // the same
		{Method: "POST", Path: "/api/v1/session", Who: access.Anyone},    // brings a key in its body
		{Method: "DELETE", Path: "/api/v1/session", Who: access.Anyone},
	},
	access.Reading(access.Known, "/api/v1/reports/:file", // those of the quota ledger are for officers
		"/api/v1/plots/:id/history", "/api/v1/changes", "/api/v1/controls", "/api/v1/controls/:code/features"),
	access.Reading(access.Holders, "/api/v1/searches", "/api/v1/searches/:id", "/api/v1/searches/:id/plots"),
	access.Policy{
		{Method: "POST", Path: "/api/v1/searches", Who: access.Holders},
		{Method: "DELETE", Path: "/api/v1/searches/:id", Who: access.Holders},
	},
	access.Reading(access.Applicants, "/api/v1/cases", "/api/v1/cases/:no", "/api/v1/cases/:no/documents", "/api/v1/cases/:no/documents/:id",
		"/api/v1/cases/:no/checks", "/api/v1/cases/:no/precheck", "/api/v1/cases/:no/trail", "/api/v1/cases/:no/pack.zip", "/api/v1/cases/:no/:form"),
	access.Policy{
		{Method: "POST", Path: "/api/v1/cases", Who: access.Applicants},
		{Method: "PUT", Path: "/api/v1/cases/:no", Who: access.Applicants},
		{Method: "POST", Path: "/api/v1/cases/:no/actions/:action", Who: access.Applicants},
		{Method: "POST", Path: "/api/v1/cases/:no/documents", Who: access.Applicants},
		{Method: "POST", Path: "/api/v1/cases/:no/checks", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/delegations", Who: access.Approvers},
		{Method: "DELETE", Path: "/api/v1/delegations/:id", Who: access.Approvers},
	},
	access.Reading(access.Officers, "/api/v1/delegations", "/api/v1/imports/:id", "/api/v1/imports/:id/events", "/api/v1/imports/:id/preview", "/api/v1/webhooks", "/api/v1/webhooks/:id",
		"/api/v1/quotas", "/api/v1/quotas/:park/:year", "/api/v1/quotas/:park/:year/entries",
		"/api/v1/supervision", calendarRoute, "/api/v1/supervision/:digest"),
	access.Policy{
		{Method: "POST", Path: "/api/v1/plots", Who: access.Officers},
		{Method: "PUT", Path: "/api/v1/plots/:id", Who: access.Officers},
		{Method: "DELETE", Path: "/api/v1/plots/:id", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/plots/:id/split", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/plots/:id/reshape", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/plots/:id/renumber", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/plots/merge", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/plots/adjust", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/plots/attributes", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/controls", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/controls/:code/publish", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/controls/:code/withdraw", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/imports", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/imports/:id/apply", Who: access.Officers},
		{Method: "DELETE", Path: "/api/v1/imports/:id", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/quotas/:park/:year/entries", Who: access.Officers},
		{Method: "PUT", Path: "/api/v1/calendar/:year", Who: access.Admins},
		{Method: "POST", Path: "/api/v1/webhooks", Who: access.Officers},
		{Method: "POST", Path: "/api/v1/webhooks/:id/resume", Who: access.Officers},
		{Method: "DELETE", Path: "/api/v1/webhooks/:id", Who: access.Officers},
	},
	ogc.Policy(),
)
