package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
)

func manageAccess(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("access", "key create --role visitor|applicant|officer|approver|admin [flags]")
	home := flags.home()
	role := flags.String("role", "", "what the key allows: visitor, applicant, officer, approver or admin")
	park := flags.String("park", "", "code of the only park that the key is for; empty: every park")
	name := flags.String("name", "", "who acts with the key, as the audit trail will say; empty: the role")
	days := flags.Int("days", 0, "days until the key ends; 0: never")
	asJSON := flags.Bool("json", false, "print a JSON object")
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) != 2 || words[0] != "key" || words[1] != "create" {
		return fmt.Errorf("%w: say access key create --role R", errMisuse)
	}
	actor := land.Actor{Name: *name, Park: land.ParkCode(*park)}
	if actor.Role, err = land.ParseRole(*role); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	if actor.Name == "" {
		actor.Name = *role
	}
	if *days < 0 {
		return fmt.Errorf("%w: --days cannot be negative", errMisuse)
	}
	return withDatabase(ctx, *home, func(db *postgis.DB) error {
		var expires time.Time
		if *days > 0 {
			expires = time.Now().AddDate(0, 0, *days)
		}
		key, err := db.CreateKey(ctx, actor, expires)
		if err != nil {
			return err
		}
		if *asJSON {
			return json.NewEncoder(stdout).Encode(map[string]any{"key": key, "name": actor.Name, "role": actor.Role, "park": actor.Park})
		}
		_, err = fmt.Fprintf(stdout, "%s\nThis is the only time that the key is shown.\n", key)
		return err
	})
}
