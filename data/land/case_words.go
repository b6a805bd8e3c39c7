package land

import "github.com/dikuai/dikuai/geo"

var guardWords = map[Guard]geo.Words{
	GuardStated:     {Zh: "该类案件应申报的内容已申报", En: "what the kind must declare is declared"},
	GuardFree:       {Zh: "地块状态适合，且未由其他在办案件占用", En: "the plots' statuses suit, and no other open case binds them"},
	GuardHolder:     {Zh: "申请人为地块的权利人", En: "the applicant holds the plots"},
	GuardPermit:     {Zh: "已有用地规划许可证", En: "there is a permit to use the land"},
	GuardOther:      {Zh: "不是拟办人", En: "not who proposed"},
	GuardChecked:    {Zh: "合规性审查有效，且结论不是不符合", En: "the compliance check still holds, and did not fail"},
	GuardAuction:    {Zh: "招拍挂出让", En: "supply by public sale"},
	GuardAgreement:  {Zh: "协议出让", En: "supply by agreement"},
	GuardAllocation: {Zh: "划拨", En: "supply by allocation"},
	GuardHeld:       {Zh: "没有供地案件承接", En: "no case of supply carries it on"},
	GuardOneYear:    {Zh: "自约定动工日起已满一年", En: "a year has passed since construction was to begin"},
	GuardTwoYears:   {Zh: "自约定动工日起已满两年", En: "two years have passed since construction was to begin"},
	GuardUncharged:  {Zh: "尚未征缴土地闲置费", En: "no fee was charged yet"},
}

// Words say the condition.
func (g Guard) Words() geo.Words { return guardWords[g] }

var effectWords = map[Effect]geo.Words{
	EffectBind:       {Zh: "占用地块", En: "binds the plots"},
	EffectUnbind:     {Zh: "解除占用", En: "binds them no more"},
	EffectReserve:    {Zh: "预留指标", En: "reserves quota"},
	EffectRelease:    {Zh: "释放指标", En: "releases quota"},
	EffectUse:        {Zh: "使用指标", En: "uses quota"},
	EffectFulfil:     {Zh: "所承接的选址案件办结", En: "closes the siting that it follows"},
	EffectConditions: {Zh: "规划条件改为申报值", En: "the planning conditions are those declared"},
}

// Words say what comes of the effect: of one that moves plots, from where to where.
func (e Effect) Words() geo.Words {
	if move, moves := effectMoves[e]; moves {
		return geo.Say("地块由%s变为%s", "plots go from %s to %s", move.from, move.to)
	}
	return effectWords[e]
}

var needWords = map[CaseNeed]geo.Words{
	NeedReason:   {Zh: "理由", En: "a reason"},
	NeedOpinion:  {Zh: "意见", En: "an opinion"},
	NeedWinner:   {Zh: "竞得人", En: "the winner"},
	NeedContract: {Zh: "约定动工日、约定竣工日和价款", En: "when construction is to begin and to end, and the price"},
	NeedFee:      {Zh: "土地闲置费", En: "the idle-land fee"},
}

// Words say what is needed.
func (n CaseNeed) Words() geo.Words { return needWords[n] }
