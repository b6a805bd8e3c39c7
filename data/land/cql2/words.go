package cql2

var comparisons = []string{"=", "<>", "<", ">", "<=", ">="}

var arithmetic = []string{"+", "-", "*", "/", "%", "div", "^"}

var spatialOps = []string{"s_intersects", "s_equals", "s_disjoint", "s_touches", "s_within", "s_overlaps", "s_crosses", "s_contains"}

// temporalOps and arrayOps give the spelling in JSON.
var (
	temporalOps = map[string]string{"t_after": "t_after", "t_before": "t_before", "t_contains": "t_contains",
		"t_disjoint": "t_disjoint", "t_during": "t_during", "t_equals": "t_equals", "t_finishedby": "t_finishedBy",
		"t_finishes": "t_finishes", "t_intersects": "t_intersects", "t_meets": "t_meets", "t_metby": "t_metBy",
		"t_overlappedby": "t_overlappedBy", "t_overlaps": "t_overlaps", "t_startedby": "t_startedBy", "t_starts": "t_starts"}
	arrayOps = map[string]string{"a_equals": "a_equals", "a_contains": "a_contains", "a_containedby": "a_containedBy", "a_overlaps": "a_overlaps"}
)
