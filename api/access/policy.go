package access

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Audience is who may make a call: a set of roles, and whether a call without a
// key is one of them.
type Audience uint8

const (
	keyless Audience = 1 << iota
	known            // a key that is brought must be good, and tells who calls
	visitors
	applicants
	officers
	approvers
	admins
)

// The audiences of routes. What an actor may do with the thing that a call is
// about, and in which park, is for the rules of package land.
const (
	Anyone     = keyless // and keys are not looked at
	Known      = keyless | known
	Holders    = visitors | applicants | officers | approvers | admins
	Applicants = applicants | officers | approvers | admins
	Officers   = officers | approvers | admins
	Approvers  = approvers | admins
	Admins     = admins
)

var audienceOf = map[land.Role]Audience{
	land.Visitor: visitors, land.Applicant: applicants, land.Officer: officers, land.Approver: approvers, land.Admin: admins,
}

// Lets says whether calls with a key of the role, or without one, which is role
// "", are let through.
func (a Audience) Lets(role land.Role) bool {
	return a&keyless != 0 || a&audienceOf[role] != 0
}

// String lists the roles that are let through.
func (a Audience) String() string {
	var names []string
	for _, role := range []land.Role{land.Visitor, land.Applicant, land.Officer, land.Approver, land.Admin} {
		if a&audienceOf[role] != 0 {
			names = append(names, string(role))
		}
	}
	return strings.Join(names, " / ")
}

// Rule is who may call a route; Path is as the router has it.
type Rule struct {
	Method, Path string
	Who          Audience
}

// Policy is who may call what. What it does not name is refused.
type Policy []Rule

// Enforce lets calls through that the policy allows. Calls of routes that are
// not there are the router's to refuse.
func (p Policy) Enforce(keys Keys) echo.MiddlewareFunc {
	type route struct{ method, path string }
	rules := make(map[route]Audience, len(p))
	for _, r := range p {
		rules[route{r.Method, r.Path}] = r.Who
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			who, ok := rules[route{c.Request().Method, c.Path()}]
			if !ok || who == Anyone {
				return next(c)
			}
			if who == Known {
				h := c.Response().Header()
				h.Add(echo.HeaderVary, echo.HeaderAuthorization)
				h.Add(echo.HeaderVary, "Cookie")
			}
			actor, err := Holder(c, keys)
			switch {
			case err != nil && who == Known && c.Request().Header.Get(echo.HeaderAuthorization) == "":
				return next(c) // a session that has ended is none
			case err != nil:
				return err
			case !who.Lets(actor.Role):
				return &land.ForbiddenError{Message: geo.Say("角色 %s 不能进行此操作，需要 %s", "the role %s may not do this, which takes %s", actor.Role, who)}
			}
			c.Set(actorKey, actor)
			return next(c)
		}
	}
}

// Covers is an error when a route is in no rule, which would let everyone call
// it, or a rule has no route.
func (p Policy) Covers(routes []*echo.Route) error {
	there := map[string]bool{}
	for _, r := range routes {
		if r.Method != echo.RouteNotFound {
			there[r.Method+" "+r.Path] = true
		}
	}
	for _, r := range p {
		if !there[r.Method+" "+r.Path] {
			return fmt.Errorf("the policy names %s %s, which is no route", r.Method, r.Path)
		}
		delete(there, r.Method+" "+r.Path)
	}
	for route := range there {
		return fmt.Errorf("the policy does not say who may call %s", route)
	}
	return nil
}

// Reading is rules that let an audience GET.
func Reading(who Audience, paths ...string) Policy {
	var p Policy
	for _, path := range paths {
		p = append(p, Rule{http.MethodGet, path, who})
	}
	return p
}
