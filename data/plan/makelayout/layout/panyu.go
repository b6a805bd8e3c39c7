package layout

// panyu is compact: a canal on the west, a bent road on the north, and a block
// in the south-east that is not the park's.
func panyu() design {
	return design{
		code: "panyu", prefix: "PY", nameZh: "番禺园区",
		centre: [2]int64{444600, 2542400},
		turn:   -8, area: 200_000, longest: 0,
		outline: []stop{
			corner(-262, -205), via(-90, -222), corner(72, -226), corner(80, -128), corner(236, -118),
			corner(262, 95), corner(226, 150), via(120, 200), via(0, 226), corner(-150, 222),
			via(-208, 150), via(-236, 60), via(-228, -40), via(-250, -130),
		},
		roads: []road{
			{name: "检测大道", width: 26, stops: []stop{via(-320, -8), via(-120, -30), via(60, -12), via(330, 30)}},
			{name: "质检路", width: 18, stops: []stop{via(-30, -300), via(-48, -100), via(-30, 60), via(-2, 300)}},
			{name: "计量路", width: 15, stops: []stop{via(150, -200), via(128, -60), via(122, 60), via(150, 300)}},
			{name: "标准一路", width: 15, stops: []stop{via(-300, 112), via(-130, 92), via(-35, 98), via(126, 92)}},
			{name: "认证路", width: 12, stops: []stop{via(-320, -125), via(-150, -112), via(-40, -128)}},
		},
		blocks: []block{
			{1, p(-112, 160), 1, belt{boundaryName, 14, of("G1"), along(part(14, of("A35")), part(13, of("A35")))}},
			{2, p(54, 159), 1, belt{boundaryName, 10, of("G2"), along(part(11, of("A35")), part(9, of("A35")))}},
			{3, p(188, 91), 2, belt{boundaryName, 10, of("G2"), across(part(11, of("A35")), part(12, notch{0.3, 0.5, of("U12"), of("A35")}))}},
			{4, p(-138, 37), 1, belt{boundaryName, 18, of("G1"), along(part(16, of("A35")), part(11, of("A35")))}},
			{5, p(42, 43), 1, along(part(7, island{4, 22, 16, of("U12"), of("G1")}), part(13, of("A35")))},
			{6, p(-145, -75), 2, belt{boundaryName, 18, of("G1"), notch{0.3, 0.4, of("S42"), of("A35")}}},
			{7, p(-153, -170), 3, belt{boundaryName, 9, of("G1"), along(part(9, of("B29")), part(9, of("A35")), part(8.6, of("R2")))}},
			{8, p(35, -117), 2, drawn{[]stop{via(-80, -118), via(10, -126), via(110, -130)},
				along(part(3, of("G3")), part(10, of("A35")), part(12, of("B29/B1"))), notch{0.3, 0.4, of("S42"), of("A35")}}},
			{9, p(191, -61), 3, along(part(11, notch{0.2, 0.5, of("U22"), of("W1")}), part(9, of("A35")))},
		},
	}
}
