package layout

import "github.com/dikuai/dikuai/data/land"

// luogang lies among hills: a wooded hill in the middle with a road about it,
// and roads that follow the valleys.
func luogang() design {
	return design{
		code: "luogang", prefix: "LG", nameZh: "萝岗园区",
		centre: [2]int64{443200, 2562900},
		turn:   6, area: 922_000, longest: 360,
		outline: []stop{
			corner(-575, -330), via(-350, -420), via(-80, -455), corner(190, -405), corner(215, -478), via(350, -480), corner(490, -440), corner(575, -310),
			via(600, -80), corner(572, 140), corner(475, 178), corner(482, 325),
			via(260, 450), via(40, 480), via(-180, 452), via(-400, 400), corner(-560, 260), via(-620, 80), via(-580, -120),
		},
		roads: []road{
			{name: "科研大道", width: 36, stops: []stop{via(-760, -110), via(-450, -185), via(-200, -225), via(60, -205), via(300, -222), via(760, -170)}},
			{name: "智造路", width: 24, stops: []stop{via(130, 70), via(330, 55), via(460, -5), via(700, -20)}},
			{name: "计量大道", width: 24, stops: []stop{via(-30, -40), via(-50, -200), via(-105, -330), via(-120, -560)}},
			{name: "标准路", width: 20, stops: []stop{via(-190, 90), via(-380, 70), via(-740, 140)}},
			{name: "创新路", width: 20, stops: []stop{via(10, 210), via(40, 340), via(20, 560)}},
			{name: "环山路", width: 18, closed: true, stops: []stop{via(170, 80), via(120, 195), via(-10, 240), via(-150, 215), via(-215, 100), via(-175, -25), via(-25, -75), via(120, -40)}},
			{name: "云岭路", width: 15, stops: []stop{via(-395, -215), via(-410, -60), via(-412, 80), via(-385, 190), via(-290, 300), via(-130, 340), via(50, 335)}},
			{name: "质检路", width: 15, stops: []stop{via(330, -560), via(350, -330), via(315, -200), via(275, -60), via(255, 75)}},
			{name: "溪谷路", width: 15, stops: []stop{via(70, 110), via(160, 205), via(270, 258), via(380, 225), via(425, 110), via(430, -10)}},
			{name: "检验路", width: 15, stops: []stop{via(-330, -195), via(-350, -300), via(-320, -560)}},
			{name: "北坡路", width: 15, stops: []stop{via(270, 210), via(295, 330), via(280, 520)}},
			{name: "西岭路", width: 15, stops: []stop{via(-320, 230), via(-420, 310), via(-560, 400)}},
			{name: "南岭路", width: 15, stops: []stop{via(-120, -322), via(60, -318), via(200, -330), via(370, -318)}},
		},
		blocks: []block{
			{1, p(-484, 200), 4, along(part(20, of("M1")), part(19, of("M1")), part(18, of("M1")))},
			{2, p(-201, 385), 4, along(part(22, of("M1")), part(20, of("M1")), part(19, of("A35")), part(19, of("A35")))},
			{3, p(158, 350), 3, along(part(40, along(part(21, of("A35")), part(19, of("A35")))), part(40, notch{-0.45, 0.48, of("B29").held(land.Idle), of("A35")}))},
			{4, p(400, 330), 3, drawn{[]stop{via(380, 160), via(520, 190)}, along(part(18, of("A35")), part(17, of("A35"))), along(part(14, of("R2")), part(13, of("B1")))}},
			{5, p(-300, 180), 2, drawn{[]stop{via(-150, 145), via(-450, 285)}, of("A35"), drawn{[]stop{via(-90, 206), via(-190, 380)}, of("A35"), of("A35")}}},
			{6, p(-23, 82), 2, drawn{[]stop{via(50, -120), via(45, -30), via(95, 32), via(210, 55)}, island{16, 70, 48, of("U11"), of("G1")}, of("A21")}},
			{7, p(294, 150), 2, along(part(19, of("B29")), part(18, of("A35")), part(17, along(part(4, of("G1")), part(15, of("B29")))))},
			{8, p(-510, -35), 3, belt{"科研大道", 12, of("G2"), across(part(24, of("W1")), part(30, notch{-0.2, -0.5, of("U12"), of("M1")}))}},
			{9, p(-251, -84), 2, belt{"科研大道", 12, of("G2"), along(part(44, along(part(20, of("M1")), part(22, of("A35")))), part(48, along(part(21, of("A35")), part(24, of("A35")))))}},
			{10, p(155, -104), 1, belt{"科研大道", 12, of("G2"), along(part(34, along(part(16, of("B29")), part(17, of("A35")))), part(32, along(part(15, of("B29")), part(17, of("A35")))))}},
			{11, p(427, -90), 1, belt{"科研大道", 12, of("G2"), along(part(38, along(part(19, of("M1")), part(20, of("M1")))), part(37, notch{-0.25, 0.3, of("S42"), of("M1")}))}},
			{12, p(130, -274), 1, belt{"科研大道", 12, of("G2"), along(part(12, of("B29/B1")), part(14, of("A35")), part(13, of("B29")))}},
			{13, p(-461, -289), 4, belt{"科研大道", 12, of("G2"), along(part(26, of("W1")), part(24, of("M1")))}},
			{14, p(-225, -337), 3, belt{"科研大道", 12, of("G2"), along(part(30, along(part(15, of("M1")), part(16, of("M1")))), part(30, notch{-0.34, -0.42, of("U22"), of("M1")}))}},
			{15, p(127, -392), 2, along(part(19, of("M1")), part(18, of("M1")), part(17, of("M1")), part(21, of("M1")))},
			{16, p(454, -332), 3, belt{"科研大道", 12, of("G2"), across(part(22, notch{0.2, 0.5, of("S41"), of("M1")}), part(19, of("M1")), part(19, of("W1")))}},
		},
	}
}
