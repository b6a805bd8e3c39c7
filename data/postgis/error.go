package postgis

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// SQLSTATEs (PostgreSQL manual, appendix A) of acts that got in each other's way.
const (
	deadlockDetected     = "40P01"
	serializationFailure = "40001"
	lockNotAvailable     = "55P03"
)

// explain turns what the database refuses into the register's own errors, by
// SQLSTATE and constraint name, never by text. The rules of package land refuse
// first; what arrives here raced with another act or got past them.
func explain(err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return err
	}
	switch pg.ConstraintName {
	case "plot_number_unique":
		return land.Conflict(geo.Say("地块编号在本园区已使用", "the plot number is already used in this park"), anotherNumber)
	case "plot_boundary_valid", "control_boundary_valid":
		return land.Invalid("geometry", geo.Say("界址不是有效的多边形", "the boundary is not a valid polygon"), geo.Say("请改正相交或重复的界址点", "mend the crossing or repeated vertices"))
	case "plot_land_use_known":
		return land.Invalid("land_use", geo.Say("代码不在该标准的字典中", "the code is not in the scheme's dictionary"), geo.Say("请使用该标准的代码", "use a code of that scheme"))
	case "saved_search_name_unique":
		return land.Conflict(geo.Say("您已有同名的查询", "you have a search of that name"), geo.Say("请换一个名称，或先删除", "choose another, or delete it first"))
	case "webhook_search":
		return land.Conflict(geo.Say("有通知使用此查询", "a webhook leans on this search"), geo.Say("请先删除该通知", "delete the webhook first"))
	case "calendar_revision":
		return land.Conflict(geo.Say("该年的日历正被另一人更改", "another is arranging that year just now"), geo.Say("请重新读取后再试", "read it again and then try again"))
	}
	for _, explained := range []error{explainQuota(pg.ConstraintName), explainCase(pg.ConstraintName)} {
		if explained != nil {
			return explained
		}
	}
	switch pg.Code {
	case deadlockDetected, serializationFailure, lockNotAvailable:
		return land.Conflict(geo.Say("登记库的另一操作同时进行", "another act on the register got in the way"), geo.Say("请重试", "try again"))
	}
	return fmt.Errorf("database: %w", err)
}
