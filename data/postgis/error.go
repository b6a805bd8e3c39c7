package postgis

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/dikuai/dikuai/data/land"
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
		return &land.ConflictError{Message: "the plot number is already used in this park", Remedy: "choose another number"}
	case "plot_boundary_valid", "control_boundary_valid":
		return land.Invalid("geometry", "the boundary is not a valid polygon", "mend the crossing or repeated vertices")
	case "plot_land_use_known":
		return land.Invalid("land_use", "the code is not in the scheme's dictionary", "use a code of that scheme")
	}
	switch pg.Code {
	case deadlockDetected, serializationFailure, lockNotAvailable:
		return &land.ConflictError{Message: "another act on the register got in the way", Remedy: "try again"}
	}
	return fmt.Errorf("database: %w", err)
}
