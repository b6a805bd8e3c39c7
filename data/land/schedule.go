package land

// Schedule is what a plan says is to be reached, and by when (计划进度).
type Schedule struct {
	Periods []Period
	Targets []Target
}

// Period is a period of a plan, with its first and its last day.
type Period struct {
	Code        string // such as "near"
	Zh, En      string
	From, Until Date
	Source      string
}

// Target is a goal of a plan, to be reached by a day.
type Target struct {
	MetricZh, MetricEn string
	Unit               string // such as 亿元 (100 million yuan)
	AtLeast            float64
	Scope              string // which part of the cluster it speaks of
	By                 Date
	Source             string
}
