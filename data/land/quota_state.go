package land

// QuotaState is an account of the ledger as it stands at a moment.
type QuotaState struct {
	Account     QuotaAccount
	Granted     Quantity // 下达 + 追加 − 核减
	Adjusted    Quantity // of that 追加 − 核减, below nothing when more was taken than added
	Transferred Quantity // 调入 − 调出, below nothing when more went than came
	Carried     Quantity // 结转 from the year before, less what went to the next
	Reserved    Quantity
	Used        Quantity
	Available   Quantity
	LastDay     Date // of the last one
}

// Add counts one side of an entry in.
func (s *QuotaState) Add(pot Pot, counts EntryType, q Quantity) {
	switch pot {
	case PotAvailable:
		s.Available = s.Available.Plus(q)
		switch counts {
		case EntryGrant:
			s.Granted = s.Granted.Plus(q)
		case EntrySupplement, EntryWithdraw:
			s.Granted, s.Adjusted = s.Granted.Plus(q), s.Adjusted.Plus(q)
		case EntryTransfer:
			s.Transferred = s.Transferred.Plus(q)
		case EntryCarryOver:
			s.Carried = s.Carried.Plus(q)
		}
	case PotReserved:
		s.Reserved = s.Reserved.Plus(q)
	case PotUsed:
		s.Used = s.Used.Plus(q)
	}
}

// Allocated is what the account has in all: what was granted and came from
// elsewhere. It is what is available, reserved and used together.
func (s QuotaState) Allocated() Quantity { return s.Granted.Plus(s.Transferred).Plus(s.Carried) }

// Forecast is the account at the year's end if every open reservation is used
// and nothing else happens.
func (s QuotaState) Forecast() QuotaState {
	s.Used, s.Reserved = s.Used.Plus(s.Reserved), Quantity{}
	return s
}

// QuotaLevel says how much of an account is left.
type QuotaLevel string

// The levels.
const (
	QuotaOK   QuotaLevel = "ok"
	QuotaLow  QuotaLevel = "low"
	QuotaNone QuotaLevel = "none" // nothing is available
)

// DefaultQuotaWarning is the percentage of the allocation below which what is
// available is low, where nobody sets another.
const DefaultQuotaWarning = 10

// Level holds what is available against a percentage of the allocation.
func (s QuotaState) Level(percent int) QuotaLevel {
	switch left := s.Available.Total; {
	case left <= 0:
		return QuotaNone
	case left*100 < s.Allocated().Total*Amount(percent):
		return QuotaLow
	}
	return QuotaOK
}

// CaseQuota is what a case has of an account.
type CaseQuota struct {
	CaseNo         string
	Reserved, Used Quantity
}

// QuotaStatement is an account with the documents (文号) that granted and supplemented it.
type QuotaStatement struct {
	QuotaState
	Documents []string
}

// QuotaUse is what a case has of an account, with the documents by which it used
// it, and the numbers of the plots that were changed for the case.
type QuotaUse struct {
	Account QuotaAccount
	CaseQuota
	Documents []string
	Plots     []string
}
