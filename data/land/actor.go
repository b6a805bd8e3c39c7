package land

import "github.com/dikuai/dikuai/geo"

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
	return "", Invalid("role", geo.Say("没有 %s 这一角色", "%s is not a role", quote(s)),
		geo.Say("可用：visitor、applicant、officer、approver、admin", "use visitor, applicant, officer, approver or admin"))
}

// Actor is who acts on the register; Park empty means in every park. Key is the
// number of the key that it acts with, 0 for the program itself. Deputy is the
// delegation under which an officer stands in for an approver today, 0 for none.
type Actor struct {
	Key    int64
	Name   string
	Role   Role
	Park   ParkCode
	Deputy int64
}

// MayEdit refuses an actor who may not change plots of the park: visitors and
// applicants anywhere, others outside their own park.
func (a Actor) MayEdit(park ParkCode) error {
	switch a.Role {
	case Officer, Approver, Admin:
		if a.Park == "" || a.Park == park {
			return nil
		}
		return &ForbiddenError{geo.Say("您的密钥用于园区 %s，不能用于 %s", "your key is for park %s, not %s", a.Park, park)}
	}
	return &ForbiddenError{geo.Say("编辑地块需要 officer、approver 或 admin 角色，您的角色为 %s", "editing plots needs the role officer, approver or admin, not %s", a.Role)}
}

// MayEditControls refuses an actor who may not import, publish or withdraw
// control layers, which reach over every park: visitors and applicants, and
// officers and approvers whose key is for one park.
func (a Actor) MayEditControls() error {
	switch {
	case a.Role == Admin, (a.Role == Officer || a.Role == Approver) && a.Park == "":
		return nil
	case a.Role == Officer, a.Role == Approver:
		return &ForbiddenError{geo.Say("管控图层涉及所有园区，您的密钥仅用于园区 %s", "control layers reach over every park, and your key is for park %s alone", a.Park)}
	}
	return &ForbiddenError{geo.Say("编辑管控图层需要 officer、approver 或 admin 角色，您的角色为 %s", "editing control layers needs the role officer, approver or admin, not %s", a.Role)}
}

// SeesUnpublished says whether the actor is shown control layers that are not
// published.
func (a Actor) SeesUnpublished() bool {
	return a.Role == Officer || a.Role == Approver || a.Role == Admin
}
