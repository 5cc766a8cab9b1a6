package faults

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waymark/internal/seed"
)

// entry is one check-in that a client wanted recorded, and what it was told.
type entry struct {
	Key, Case string
	Tries     int    // how often it was sent until it was acknowledged
	ID        string // as acknowledged; "" when the answer said only that it is recorded
	Acked     bool
}

// ledger is the clients' own book: what the database must agree with.
type ledger struct {
	t     *testing.T
	base  string
	acked atomic.Int64
	ended atomic.Bool
	wait  sync.WaitGroup

	mu      sync.Mutex // guards entries
	entries []*entry
	clients []*client
}

// client records check-ins of one case, one after the other, under keys of its own.
type client struct {
	*ledger
	name, token, caseID string
	http                http.Client
}

// start sets one client to work. It goes on until the ledger ends and then sees its last one through.
func (l *ledger) start(name, token, caseID string) {
	c := &client{ledger: l, name: name, token: token, caseID: caseID, http: http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{}}}
	l.clients = append(l.clients, c)
	l.wait.Go(func() {
		for n := 0; !l.ended.Load() && !l.t.Failed(); n++ {
			c.record(n)
		}
	})
}

// end lets every client finish what it has begun.
func (l *ledger) end() {
	l.ended.Store(true)
	l.wait.Wait()
}

// record sends one check-in under one key again and again until it is acknowledged; every fifth is
// sent once more after that, as somebody would who lost the answer.
func (c *client) record(n int) {
	e := &entry{Key: fmt.Sprintf("ledger-%s-%06d", c.name, n), Case: c.caseID}
	c.mu.Lock()
	c.entries = append(c.entries, e)
	c.mu.Unlock()
	body := c.body(e, n)
	for begun := time.Now(); !e.Acked; {
		e.Tries++
		id, err := c.send(e.Key, body)
		switch {
		case err == nil:
			e.Acked, e.ID = true, id
			c.acked.Add(1)
		case !errors.Is(err, errAgain):
			c.t.Errorf("%s, try %d: %v", e.Key, e.Tries, err)
			return
		case time.Since(begun) > time.Minute:
			c.t.Errorf("%s was never acknowledged in %d tries: %v", e.Key, e.Tries, err)
			return
		default:
			time.Sleep(30 * time.Millisecond)
		}
	}
	if n%5 == 0 {
		c.repeat(e, body)
	}
}

// repeat sends an acknowledged check-in again: the answer is the same one.
func (c *client) repeat(e *entry, body []byte) {
	id, err := c.send(e.Key, body)
	if err != nil && !errors.Is(err, errAgain) {
		c.t.Errorf("%s again: %v", e.Key, err)
	}
	if err == nil && id != "" && e.ID != "" && id != e.ID {
		c.t.Errorf("%s was acknowledged as %s and then as %s", e.Key, e.ID, id)
	}
}

// body is a talk with everything that a talk can bring: a note, a service, progress, the next time.
func (c *client) body(e *entry, n int) []byte {
	minute := (n*16 + int(e.Key[len("ledger-")]-'a')) % (24 * 60) // no two of a case that follow each other agree the same time
	b, err := json.Marshal(map[string]any{
		"method": "phone", "result": "talked", "note": e.Key, "service_code": "B11", "next_at": fmt.Sprintf("%02d:%02d", minute/60, minute%60),
		"progress": []map[string]any{{"key": "m3", "status": "in_progress", "percent": n % 101}},
	})
	if err != nil {
		panic(err)
	}
	return b
}

var errAgain = errors.New("worth another try")

// send posts a check-in. Only a lost connection and 503 with Retry-After are worth another try:
// whatever else is not 201 is a fault of the product.
func (c *client) send(key string, body []byte) (id string, err error) {
	q, err := http.NewRequest("POST", c.base+"/cases/"+c.caseID+"/check-ins", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "Bearer "+c.token)
	q.Header.Set("Idempotency-Key", key)
	r, err := c.http.Do(q)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errAgain, err)
	}
	defer func() { _ = r.Body.Close() }()
	b, err := io.ReadAll(r.Body)
	switch {
	case err != nil:
		return "", fmt.Errorf("%w: %w", errAgain, err)
	case r.StatusCode == http.StatusServiceUnavailable && r.Header.Get("Retry-After") != "":
		return "", fmt.Errorf("%w: %s", errAgain, b)
	case r.StatusCode != http.StatusCreated:
		return "", fmt.Errorf("status %d: %.500s", r.StatusCode, b)
	}
	var made struct {
		ID       string `json:"id"`
		Recorded bool   `json:"recorded"`
	}
	if err := json.Unmarshal(b, &made); err != nil || made.ID == "" && !made.Recorded {
		return "", fmt.Errorf("acknowledged with %.500s: %v", b, err)
	}
	return made.ID, nil
}

// list reads the check-ins of the client's case as their case manager does, page by page.
func (c *client) list() (notes []string) {
	c.t.Helper()
	for cursor, more := "", true; more; more = cursor != "" {
		var some []string
		some, cursor = c.page(cursor)
		notes = append(notes, some...)
	}
	return notes
}

// page is one page of that list, and the cursor of the next.
func (c *client) page(cursor string) (notes []string, next string) {
	c.t.Helper()
	q, err := http.NewRequestWithContext(c.t.Context(), "GET", c.base+"/cases/"+c.caseID+"/check-ins?cursor="+url.QueryEscape(cursor), nil)
	if err != nil {
		c.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+c.token)
	r, err := c.http.Do(q)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	var page struct {
		Items []struct {
			Note string `json:"note"`
		} `json:"items"`
		Next string `json:"next"`
	}
	if err := json.NewDecoder(r.Body).Decode(&page); err != nil || r.StatusCode != http.StatusOK {
		c.t.Fatalf("the list of a case: %d %v", r.StatusCode, err)
	}
	for _, i := range page.Items {
		notes = append(notes, i.Note)
	}
	return notes, page.Next
}

// signIn opens a session of the JSON API.
func signIn(t *testing.T, base, email string) string {
	t.Helper()
	b, _ := json.Marshal(map[string]string{"email": email, "password": seed.DemoPassword})
	r, err := http.Post(base+"/session", "application/json", bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	var made struct {
		Token string `json:"token"`
	}
	if err := json.NewDecoder(r.Body).Decode(&made); err != nil || made.Token == "" {
		t.Fatalf("%s cannot sign in: %d %v", email, r.StatusCode, err)
	}
	return made.Token
}
