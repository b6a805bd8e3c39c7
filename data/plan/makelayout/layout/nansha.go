package layout

import "github.com/dikuai/dikuai/data/land"

// nansha is long: a curved river bank on the south, an arterial lengthwise, and
// a bulge on the north.
func nansha() design {
	return design{
		code: "nansha", prefix: "NS", nameZh: "南沙园区",
		centre: [2]int64{453800, 2516900},
		turn:   -28, area: 964_000, longest: 340,
		outline: []stop{
			corner(-985, -120), via(-760, -215), via(-480, -262), via(-180, -240), via(120, -205), via(420, -235), via(720, -300),
			corner(950, -292), corner(1000, -10), corner(915, 62), corner(890, 225),
			via(560, 262), via(250, 270), corner(-20, 258), corner(-38, 338), via(-140, 345), corner(-330, 322), corner(-342, 240),
			via(-600, 230), corner(-850, 185), corner(-940, 60),
		},
		roads: []road{
			{name: "湾区大道", width: 34, stops: []stop{via(-1100, 60), via(-700, -5), via(-350, 15), via(0, 50), via(350, 40), via(700, -30), via(1100, -90)}},
			{name: "合作中路", width: 28, stops: []stop{via(20, -400), via(62, -200), via(70, 0), via(40, 160), via(20, 500)}},
			{name: "港澳路", width: 20, stops: []stop{via(-540, 120), via(-300, 145), via(0, 160), via(300, 150), via(510, 135)}},
			{name: "凫洲路", width: 20, stops: []stop{via(-560, -400), via(-540, -250), via(-510, -50), via(-525, 120), via(-560, 400)}},
			{name: "蕉门路", width: 20, stops: []stop{via(440, -400), via(470, -240), via(505, -60), via(500, 150), via(470, 400)}},
			{name: "滨水路", width: 15, stops: []stop{via(-1100, -10), via(-760, -108), via(-480, -145), via(-150, -125), via(150, -90), via(450, -118), via(750, -172), via(1100, -172)}},
			{name: "检测一路", width: 15, stops: []stop{via(-765, -60), via(-740, 20), via(-720, 110), via(-735, 400)}},
			{name: "检测二路", width: 15, stops: []stop{via(-250, 5), via(-262, 150), via(-230, 450)}},
			{name: "检测三路", width: 15, stops: []stop{via(-270, -300), via(-220, -130), via(-140, 55)}},
			{name: "标准路", width: 15, stops: []stop{via(280, -98), via(270, 0), via(285, 160)}},
			{name: "计量路", width: 15, stops: []stop{via(735, -400), via(728, -180), via(748, -40), via(715, 100), via(680, 350)}},
		},
		blocks: []block{
			{1, p(-813, 106), 4, belt{"湾区大道", 12, of("G2"), along(part(20, of("M1")), part(18, of("M1")))}},
			{2, p(-624, 114), 4, belt{"湾区大道", 12, of("G2"), along(part(24, of("M1")), part(28, along(part(15, of("M1")), part(13, of("M1")))))}},
			{3, p(-378, 212), 3, along(part(15, of("M0")), part(12, of("M0")), part(19, of("M0")))},
			{4, p(-387, 78), 3, belt{"湾区大道", 12, of("G2"), along(part(16, of("A35")), part(15, of("A35")))}},
			{5, p(-117, 252), 3, along(part(34, along(part(20, of("A35")), part(14, of("M0")))),
				part(37, drawn{[]stop{corner(60, 212), corner(-48, 206), corner(-58, 400)}, of("A35"), of("S42")}))},
			{6, p(-112, 102), 2, belt{"湾区大道", 12, of("G2"), along(part(17, of("A35")), part(16, of("A35")))}},
			{7, p(270, 216), 3, along(part(20, of("A35")), part(18, of("M0")), part(17, of("M0")), part(18, of("R2")))},
			{8, p(166, 108), 2, belt{"湾区大道", 12, of("G2"), of("A35")}},
			{9, p(394, 91), 2, belt{"湾区大道", 12, of("G2"), along(part(12, of("A35")), part(11, of("B29").held(land.Idle)))}},
			{10, p(604, 131), 3, belt{"湾区大道", 12, of("G2"), across(part(33, along(part(16, of("M0")), part(16, of("M1")))), part(32, notch{0.3, -0.4, of("U12"), of("M1")}))}},
			{11, p(825, 90), 4, belt{"湾区大道", 12, of("G2"), across(part(40, along(part(1, of("M1")), part(1, of("M1")))), part(42, of("W1")))}},
			{12, p(-718, -59), 4, along(part(14, of("W1")), part(16, of("M1")), part(14, of("R2")), part(14, of("B1")))},
			{13, p(-340, -68), 3, along(part(19, of("A35")), part(15, island{16, 62, 40, of("G3"), of("G1")}), part(19, of("A35")))},
			{14, p(-50, -42), 2, along(part(18, of("A35")), part(20, along(part(10, of("B29")), part(10, of("B29")))), part(17, of("A35")))},
			{15, p(175, -25), 1, along(part(13, of("B29/B1")), part(19, of("A35")))},
			{16, p(387, -42), 1, along(part(20, of("A35")), part(18, of("A35")))},
			{17, p(624, -87), 2, along(part(19, of("M0")), part(18, of("A35")))},
			{18, p(858, -121), 3, along(part(15, of("W1")), part(3, of("U22")), part(14, of("M1")))},
			{19, p(-743, -163), 4, belt{boundaryName, 26, of("G1"), along(part(18, of("B29")), part(16, of("A35")), part(14, of("A35")))}},
			{20, p(-391, -205), 4, belt{boundaryName, 26, of("G1"), along(part(17, of("A35")), part(12, of("B29")))}},
			{21, p(-96, -177), 3, belt{boundaryName, 26, of("G1"), along(part(14, of("A35")), part(5, of("G3")), part(13, of("A21")))}},
			{22, p(279, -163), 2, belt{boundaryName, 26, of("G1"), along(part(5, of("G3")), part(14, of("B29")), part(15, of("B29")), part(15, of("A35")))}},
			{23, p(610, -219), 2, belt{boundaryName, 26, of("G1"), along(part(19, of("A35")), part(13, of("M0")))}},
			{24, p(849, -239), 3, belt{boundaryName, 26, of("G1"), along(part(19, of("M1")), part(9, of("U21")))}},
		},
	}
}
