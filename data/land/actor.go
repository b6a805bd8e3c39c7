package land

import "fmt"

// Role is what a key allows its holder to do.
type Role string

// The roles, each holding the rights of those before it except that an
// approver's and an officer's duties are kept apart by the acts themselves.
const (
	Visitor   Role = "visitor"
	Applicant Role = "applicant"
	Officer   Role = "officer"
	Approver  Role = "approver"
	Admin     Role = "admin"
)

// ParseRole reads a role by its word.
func ParseRole(s string) (Role, error) {
	switch r := Role(s); r {
	case Visitor, Applicant, Officer, Approver, Admin:
		return r, nil
	}
	return "", Invalid("role", quote(s)+" is not a role", "use visitor, applicant, officer, approver or admin")
}

// Actor is who acts on the register; Park empty means in every park.
type Actor struct {
	Name string
	Role Role
	Park ParkCode
}

// MayEdit refuses an actor who may not change plots of the park: visitors and
// applicants anywhere, others outside their own park.
func (a Actor) MayEdit(park ParkCode) error {
	switch a.Role {
	case Officer, Approver, Admin:
		if a.Park == "" || a.Park == park {
			return nil
		}
		return &ForbiddenError{fmt.Sprintf("your key is for park %s, not %s", a.Park, park)}
	}
	return &ForbiddenError{fmt.Sprintf("editing plots needs the role officer, approver or admin, not %s", a.Role)}
}

// MayEditControls refuses an actor who may not import, publish or withdraw
// control layers, which reach over every park: visitors and applicants, and
// officers and approvers whose key is for one park.
func (a Actor) MayEditControls() error {
	switch {
	case a.Role == Admin, (a.Role == Officer || a.Role == Approver) && a.Park == "":
		return nil
	case a.Role == Officer, a.Role == Approver:
		return &ForbiddenError{fmt.Sprintf("control layers reach over every park, and your key is for park %s alone", a.Park)}
	}
	return &ForbiddenError{fmt.Sprintf("editing control layers needs the role officer, approver or admin, not %s", a.Role)}
}

// SeesUnpublished says whether the actor is shown control layers that are not
// published.
func (a Actor) SeesUnpublished() bool {
	return a.Role == Officer || a.Role == Approver || a.Role == Admin
}
