package server_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"waymark/internal/pg"
)

// aSample is how many addresses of one kind are opened; the ids in them are what differs.
const aSample = 6

var inAddress = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|\b\d[\d.-]*\b|=[^&]*`)

// walk opens what somebody comes upon by clicking from the first page on, and reports each link that leads nowhere.
func (s *site) walk(t *testing.T, email string) (opened map[string]bool) {
	t.Helper()
	b, kinds := s.browse(t, email), map[string]int{}
	opened = map[string]bool{"/sign-out": true}
	from := map[string]string{}
	queue := []string{"/"}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		kind := inAddress.ReplaceAllString(path, "*")
		if kinds[kind]++; opened[path] || kinds[kind] > aSample {
			continue
		}
		opened[path] = true
		q, err := http.NewRequestWithContext(t.Context(), "GET", s.http.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r := send(t, b.http, q)
		if r.Status >= 400 {
			t.Errorf("%s: on %s there is a link to %s, which answers %d", email, from[path], path, r.Status)
		}
		next := links(r.Body)
		if to := r.Header.Get("Location"); strings.HasPrefix(to, "/") {
			next = append(next, to)
		}
		for _, to := range next {
			if from[to] == "" {
				from[to] = path
				queue = append(queue, to)
			}
		}
	}
	return opened
}

func TestNoLinkLeadsNowhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rosa := s.enrol(t, s.Dana, "Rosa", "Delgado", "es")
	s.manufacturing(t, s.Dana, rosa)
	s.planned(t, rosa)
	s.sql(t, s.Dana, `update plan_versions set document = cast(:doc as text), sha256 = sha256(convert_to(cast(:doc as text), 'UTF8')), frozen_at = '2026-09-18', document_lang = 'es' where case_id = :case_id and agency_id = :agency`,
		pg.Args{"doc": "<h1>Plan</h1>", "case_id": rosa.Case})
	s.catalogue(t)
	at := "/cases/" + rosa.Case.String()
	for email, must := range map[string][]string{
		rosa.Email:                {"/pathways/MFG", "/me/path", "/pathways/MFG/table", "/me/explore"},
		"dana@rivervalley.test":   {at, at + "/path", "/pathways/MFG", "/pathways/TRN/table"},
		"marcus@rivervalley.test": {"/pathways/MFG", "/pathways/MFG/versions"},
	} {
		opened := s.walk(t, email)
		t.Logf("%s: %d addresses", email, len(opened))
		for _, path := range must {
			if !opened[path] {
				t.Errorf("%s never came upon %s", email, path)
			}
		}
	}
}
