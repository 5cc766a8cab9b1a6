package server

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"waymark/internal/errs"
)

// mostItems is how many items of a list come at once (api.md, "Lists").
const mostItems = 100

// list answers with a page of a list that was read whole: ?limit= of them after the one that ?cursor= names, the
// cursor of the next page, and what else stands beside the list.
func (r *request) list(items any, more map[string]any) error {
	all, err := raws(items)
	if err != nil {
		return err
	}
	limit, err := strconv.Atoi(r.c.DefaultQuery("limit", strconv.Itoa(mostItems)))
	if err != nil || limit < 1 || limit > mostItems {
		return errs.AtArgs("limit", "lte", map[string]any{"param": mostItems})
	}
	if cursor := r.c.Query("cursor"); cursor != "" {
		at := slices.IndexFunc(all, func(item json.RawMessage) bool { return mark(item) == cursor })
		if at < 0 {
			return errs.At("cursor", "cursor")
		}
		all = all[at+1:]
	}
	next := ""
	if len(all) > limit {
		all = all[:limit]
		next = mark(all[limit-1])
	}
	answer := map[string]any{"items": all, "next": next}
	maps.Copy(answer, more)
	return r.json(http.StatusOK, answer)
}

// raws is a list item by item; no list is an empty one.
func raws(items any) ([]json.RawMessage, error) {
	b, err := json.Marshal(items)
	if err != nil {
		return nil, err
	}
	all := []json.RawMessage{}
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, err
	}
	if all == nil {
		all = []json.RawMessage{}
	}
	return all, nil
}

// mark names an item: by its id, or by all that it says where it has none.
func mark(item json.RawMessage) string {
	var known struct {
		ID json.RawMessage `json:"id"`
	}
	if err := json.Unmarshal(item, &known); err != nil || len(known.ID) == 0 {
		known.ID = item
	}
	sum := sha256.Sum256(known.ID)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}
