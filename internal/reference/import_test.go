package reference_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waymark/internal/reference"
)

func TestAnImportIsWholeAndTheSecondOneChangesNothing(t *testing.T) {
	t.Parallel()
	p, dir := open(t), t.TempDir()
	write(t, dir, "onet_occupations.csv", occupations(10))
	first := of(p.load(dir, false), "onet_occupations")
	if first.Outcome != reference.Imported || first.Read != 10 || first.Added != 10 || first.Vintage != "30.3 (May 2026)" {
		t.Fatalf("%+v", first)
	}
	if again := of(p.load(dir, false), "onet_occupations"); again.Outcome != reference.Unchanged || again.Added+again.Changed+again.Removed != 0 {
		t.Errorf("the second time: %+v", again)
	}
	text := strings.Replace(occupations(11), "kind 3", "sort 3", 1)
	write(t, dir, "onet_occupations.csv", strings.Replace(text, "51-1000.00,\"Worker, kind 0\",Does things.,3,51-1000,51-1000\n", "", 1))
	third := of(p.load(dir, false), "onet_occupations")
	if third.Added != 1 || third.Changed != 1 || third.Removed != 1 || p.ask(`select title from reference.occupations where soc = '51-1003.00'`) != "Worker, sort 3" {
		t.Errorf("the third time: %+v", third)
	}
	if rows := p.ask(`select rows || ' ' || vintage || ' ' || licence from reference.sets where name = 'onet_occupations'`); rows != "10 30.3 (May 2026) CC BY 4.0" {
		t.Error(rows)
	}
}

func TestAFileThatIsNotWhatItShouldBeIsRefusedWholeWithItsPlace(t *testing.T) {
	t.Parallel()
	p, dir := open(t), t.TempDir()
	good := occupations(10)
	lines := strings.SplitAfter(good, "\n")
	for _, c := range []struct{ what, text, says string }{
		{"a file cut within a row", good[:len(good)-12], "onet_occupations.csv, line 11, column 48: the file is cut: it stops within a line"},
		{"a file cut within a quote", good[:strings.LastIndex(good, "kind")], "onet_occupations.csv, line 11: a quote is never closed; the file may be cut"},
		{"a row without its last cells", strings.Replace(good, ",3,51-1004,51-1004", "", 1), "onet_occupations.csv, line 6, column 4: the row has 3 cells and the header 6; the file may be cut or damaged"},
		{"a header with another name", strings.Replace(good, "title", "name", 1), `onet_occupations.csv, line 1: the header lacks the column "title"`},
		{"a header with one name twice", strings.Replace(good, "description", "title", 1), "onet_occupations.csv, line 1 (title): the header has the column twice"},
		{"Windows letters", strings.Replace(good, "kind 4", "kind \xe9", 1), "onet_occupations.csv, line 6, column 26: this is not UTF-8; save the file as UTF-8, or run: iconv -f WINDOWS-1252 -t UTF-8"},
		{"UTF-16", "\xff\xfeo\x00n\x00", "onet_occupations.csv, line 1, column 1: the file is UTF-16; save it as UTF-8"},
		{"a NUL", strings.Replace(good, "kind 4", "kind \x00", 1), "onet_occupations.csv, line 6, column 26: there is a NUL character; the file is not text"},
		{"the same row twice", good + lines[3], "onet_occupations.csv, line 12, column 1 (soc): the row stands in the file already; 1 rows are repeated"},
		{"the file twice over", good + strings.Join(lines[1:], ""), "onet_occupations.csv, line 12, column 1 (soc): the row stands in the file already; 10 rows are repeated"},
		{"a code of another form", strings.Replace(good, "51-1004.00", "511004", 1), `onet_occupations.csv, line 6, column 1 (onetsoc_code): "511004" is not a code of the right form`},
		{"no row at all", lines[0], "onet_occupations.csv: there is no row to import"},
		{"fewer rows by more than a fifth", occupations(7), "onet_occupations.csv: the set has 7 rows and had 10: more than a fifth is gone; import it with --allow-shrink if that is right"},
	} {
		write(t, dir, "onet_occupations.csv", good)
		if r := of(p.load(dir, true), "onet_occupations"); r.Outcome == reference.Refused {
			t.Fatal(r.Err)
		}
		write(t, dir, "onet_occupations.csv", c.text)
		r := of(p.load(dir, false), "onet_occupations")
		if r.Outcome != reference.Refused || r.Err == nil || r.Err.Error() != c.says {
			t.Errorf("%s: %s, %v\nwant %s", c.what, r.Outcome, r.Err, c.says)
		}
		if fault, ok := errors.AsType[*reference.Fault](r.Err); !ok || fault.File == "" {
			t.Errorf("%s: %T names no file", c.what, r.Err)
		}
		if kept := p.ask(`select count(*) || ' ' || max(title) from reference.occupations`); kept != "10 Worker, kind 9" {
			t.Errorf("%s: the earlier data is now %s", c.what, kept)
		}
	}
	write(t, dir, "onet_occupations.csv", occupations(7))
	if r := of(p.load(dir, true), "onet_occupations"); r.Outcome != reference.Imported || r.Removed != 3 {
		t.Errorf("with --allow-shrink: %+v", r)
	}
}

func TestAFileThatTheManifestDoesNotKnowIsRefused(t *testing.T) {
	t.Parallel()
	p, dir := open(t), t.TempDir()
	write(t, dir, "onet_occupations.csv", occupations(10))
	write(t, dir, "MANIFEST.csv", "file,rows,sha256\nonet_occupations.csv,11,00ff\n")
	if r := of(p.load(dir, false), "onet_occupations"); r.Outcome != reference.Refused || !strings.Contains(r.Err.Error(), "not the one that MANIFEST.csv names") {
		t.Errorf("%+v", r)
	}
}

func TestACutArchiveOrWorkbookIsRefused(t *testing.T) {
	t.Parallel()
	p, dir := open(t), copied(t, "bls")
	whole := filepath.Join(dir, "bls", "state_M2025_dl.xlsx")
	b, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Dir(whole), "state_M2025_dl.xlsx", string(b[:len(b)/2]))
	write(t, dir, "cip_2020.csv.gz", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b")
	r := p.load(dir, false)
	if s := of(r, "oews_state"); s.Outcome != reference.Refused || !strings.Contains(s.Err.Error(), "state_M2025_dl.xlsx: this is no Excel file, or it is cut") {
		t.Errorf("%+v", s)
	}
	if s := of(r, "cip"); s.Outcome != reference.Refused || !strings.Contains(s.Err.Error(), "the file is cut: the packed data stops here") {
		t.Errorf("%+v", s)
	}
	if s := of(r, "oews_national"); s.Outcome != reference.Imported {
		t.Errorf("a set beside a refused one: %+v", s)
	}
}

// TestEveryPublishersLayout reads what publishers give, by the headers that they document.
func TestEveryPublishersLayout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dirs  []string
		facts map[string]string
	}{
		{[]string{"onet_text"}, map[string]string{
			`select string_agg(soc || ' ' || coalesce(oews_code, '-'), ', ' order by soc) from reference.occupations`:                                                                    "29-2011.00 29-2010, 51-4041.00 51-4041",
			`select description from reference.occupations where soc = '51-4041.00'`:                                                                                                     `Set up and operate machine tools, "precision" work included.`,
			`select sum(zone) from reference.job_zones`:                                                                                                                                  "7",
			`select r || ' ' || i || ' ' || c from reference.interests where soc = '51-4041.00'`:                                                                                         "7.00 3.70 4.40",
			`select string_agg(soc || ' ' || skill || ' ' || importance || ' ' || coalesce(cast(level as text), 'not known'), ', ' order by soc, importance desc) from reference.skills`: "29-2011.00 Reading Comprehension 4.00 not known, 51-4041.00 Operations Monitoring 3.75 3.50, 51-4041.00 Reading Comprehension 2.88 2.75",
			`select string_agg(level || ' ' || percent, ', ' order by level) from reference.education`:                                                                                   "1 13.70, 2 36.10, 3 50.20",
			`select count(*) || ' ' || max(task) from reference.tasks`:                                                                                                                   "6 Do thing number 6.",
			`select string_agg(title, ', ' order by title) from reference.titles`:                                                                                                        "Gear Machinist, Tool Room Machinist",
			`select related || ' ' || rank from reference.related`:                                                                                                                       "29-2011.00 1",
		}},
		{[]string{"onet_csv"}, map[string]string{
			`select count(distinct vintage) || ' ' || max(vintage) from reference.sets`:            "1 31.0",
			`select count(*) from reference.sets`:                                                  "8",
			`select string_agg(skill, ', ' order by importance desc, skill) from reference.skills`: "Operations Monitoring, Reading Comprehension",
			`select task from reference.tasks`:                                                     `Calculate dimensions, "by hand".`,
			`select percent from reference.education`:                                              "100.00",
		}},
		{[]string{"bls"}, map[string]string{
			`select string_agg(set_name || ' ' || area || ' ' || code || ' ' || year, ', ' order by set_name, area, code) from reference.wages`:                                                              "oews_local 38860 51-4041 2025, oews_national US 00-0000 2025, oews_national US 29-2010 2025, oews_national US 51-4041 2025, oews_state ME 51-4041 2025",
			`select h_p10 || ' ' || h_median || ' ' || a_median from reference.wages where area = 'US' and code = '51-4041'`:                                                                                 "1885 2824 5875000",
			`select h_p90 is null and a_p90 is null and topped from reference.wages where code = '29-2010'`:                                                                                                  "true",
			`select employment is null and h_p10 is null and h_median = 2844 from reference.wages where area = 'ME'`:                                                                                         "true",
			`select string_agg(code || ' ' || years || ' ' || coalesce(cast(growth as text), '-') || ' ' || openings || ' ' || education || ' ' || training, ', ' order by code) from reference.projections`: "00-0000 2024-2034 3.1 18863300  , 29-2010 2024-2034 6.3 24000 bachelor none, 51-4041 2024-2034 0.0 29500 high_school long",
			`select vintage from reference.sets where name = 'projections'`:                                                                                                                                  "2024-2034",
			`select vintage from reference.sets where name = 'oews_state'`:                                                                                                                                   "May 2025",
		}},
		{[]string{"nces", "rapids"}, map[string]string{
			`select string_agg(cip || ' ' || valid, ', ' order by cip) from reference.programs`:                                                               "48.0501 true, 48.0502 false",
			`select string_agg(cip || ' ' || soc, ', ') from reference.program_occupations`:                                                                   "48.0501 51-4041",
			`select name || ', ' || city || ', ' || sector from reference.institutions`:                                                                       "Southern Maine Community College, South Portland, public_2yr",
			`select string_agg(award || ' ' || awards, ', ' order by award) from reference.completions`:                                                       "associate 5, cert_12wk_1yr 13",
			`select string_agg(code || ' ' || training || ' ' || hours_min || ' ' || hours_max, ', ' order by code, training) from reference.apprenticeships`: "0296 competency_based -1 -1, 0296 time_based 8000 8000, 0296HY hybrid 5920 8000",
			`select vintage from reference.sets where name = 'ipeds_completions'`:                                                                             "awards to June 2024",
		}},
	} {
		p := open(t)
		report := p.load(copied(t, c.dirs...), false)
		for _, s := range report.Sets {
			if s.Outcome == reference.Refused {
				t.Errorf("%v: %s", c.dirs, s.Line())
			}
		}
		if len(report.Unused) > 0 {
			t.Errorf("%v: not used: %v", c.dirs, report.Unused)
		}
		for query, want := range c.facts {
			if got := p.ask(query); got != want {
				t.Errorf("%v: %s\n got %s\nwant %s", c.dirs, query, got, want)
			}
		}
	}
}

// TestAnImportNeedsNoOptions runs one that nobody listens to, timed by the database's own clock.
func TestAnImportNeedsNoOptions(t *testing.T) {
	t.Parallel()
	p := open(t)
	r, err := reference.Import(t.Context(), p.owner, copied(t, "rapids"), reference.Options{})
	if err != nil || r.Failed() || of(r, "rapids").Outcome != reference.Imported {
		t.Errorf("%v %+v", err, r.Sets)
	}
}

// TestALargeSetIsMergedPieceByPieceAndCountedWhole changes, adds and takes away rows of a set that is merged in several statements.
func TestALargeSetIsMergedPieceByPieceAndCountedWhole(t *testing.T) {
	t.Parallel()
	p, dir := open(t), t.TempDir()
	write(t, dir, "onet_occupations.csv", occupations(8000))
	if first := of(p.load(dir, false), "onet_occupations"); first.Added != 8000 || first.Changed+first.Removed != 0 {
		t.Fatalf("%+v", first)
	}
	text := strings.ReplaceAll(occupations(8500), "kind 7", "sort 7") // 7, 70 to 79, 700 to 799, 7000 to 7999
	lines := strings.SplitAfter(text, "\n")
	write(t, dir, "onet_occupations.csv", lines[0]+strings.Join(lines[101:], "")) // without 0 to 99, of which 11 were changed
	if second := of(p.load(dir, false), "onet_occupations"); second.Added != 500 || second.Changed != 1100 || second.Removed != 100 || second.Read != 8400 {
		t.Errorf("%+v", second)
	}
	if n := p.ask(`select count(*) || ' ' || count(*) filter (where title like 'Worker, sort%') from reference.occupations`); n != "8400 1100" {
		t.Error(n)
	}
}

// TestAnImportRestsAsLongAsItHasWorked runs on a clock that goes on by what the import does: each look at it is work.
func TestAnImportRestsAsLongAsItHasWorked(t *testing.T) {
	t.Parallel()
	p, dir := open(t), t.TempDir()
	write(t, dir, "onet_occupations.csv", occupations(3000))
	now, rested, rests := monday(), time.Duration(0), 0
	begun := now
	r, err := reference.Import(t.Context(), p.owner, dir, reference.Options{
		Clock: func() time.Time { now = now.Add(5 * time.Millisecond); return now },
		Rest:  func(d time.Duration) { now, rested, rests = now.Add(d), rested+d, rests+1 },
	})
	if one := of(r, "onet_occupations"); err != nil || one.Outcome != reference.Imported || one.Added != 3000 {
		t.Fatalf("%v %+v", err, one)
	}
	if worked := now.Sub(begun) - rested; rests < 40 || rested > worked || rested*3 < worked {
		t.Errorf("%d rests of %v in all beside %v of work", rests, rested, worked)
	}
}
