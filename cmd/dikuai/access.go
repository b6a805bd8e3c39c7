package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
)

func manageAccess(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("access", "key create --role visitor|applicant|officer|approver|admin [flags] | key list | key revoke NUMBER")
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
	switch {
	case len(words) == 2 && words[0] == "key" && words[1] == "list":
		return withDatabase(ctx, *home, func(db *postgis.DB) error { return listKeys(ctx, db, stdout, *asJSON) })
	case len(words) == 3 && words[0] == "key" && words[1] == "revoke":
		number, err := strconv.ParseInt(words[2], 10, 64)
		if err != nil {
			return fmt.Errorf("%w: %q is not a key's number, which access key list tells", errMisuse, words[2])
		}
		return withDatabase(ctx, *home, func(db *postgis.DB) error { return db.RevokeKey(ctx, number) })
	case len(words) != 2 || words[0] != "key" || words[1] != "create":
		return fmt.Errorf("%w: say access key create --role R, access key list or access key revoke NUMBER", errMisuse)
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

// listKeys tells of each key all but its secret, which nobody has.
func listKeys(ctx context.Context, db *postgis.DB, stdout io.Writer, asJSON bool) error {
	keys, err := db.Keys(ctx)
	if err != nil {
		return err
	}
	day := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	if asJSON {
		list := make([]map[string]any, len(keys))
		for i, k := range keys {
			list[i] = map[string]any{"number": k.Key, "name": k.Name, "role": k.Role, "park": k.Park, "created_at": k.CreatedAt, "expires_at": k.ExpiresAt, "revoked_at": k.Revoked}
		}
		return json.NewEncoder(stdout).Encode(list)
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "number\trole\tpark\tcreated\tends\trevoked\tname")
	for _, k := range keys {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", k.Key, k.Role, k.Park, day(&k.CreatedAt), day(k.ExpiresAt), day(k.Revoked), k.Name)
	}
	return w.Flush()
}
