package roster_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/pg"
	"waymark/internal/roster"
	"waymark/internal/world"
)

const two = "First name,Last name,DOB\nZoë,Peña,3/9/1991\nBo,Lee,2000-02-29\n"

func utf16(t *testing.T, text string, end unicode.Endianness, mark unicode.BOMPolicy) string {
	t.Helper()
	s, err := unicode.UTF16(end, mark).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTheCorpus has what agencies send: each file is read, or refused at the right lines for the right reason.
func TestTheCorpus(t *testing.T) {
	t.Parallel()
	latin, err := charmap.Windows1252.NewEncoder().String(two)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		file   string
		rows   int
		faults string // LINE COLUMN CODE; ...
		refuse string // the error when the whole file is refused
		as     string
	}{
		"plain":                           {two, 2, "", "", "UTF-8"},
		"with a mark":                     {"\ufeff" + two, 2, "", "", "UTF-8"},
		"UTF-16, little, with a mark":     {utf16(t, two, unicode.LittleEndian, unicode.UseBOM), 2, "", "", "UTF-16"},
		"UTF-16, big, with a mark":        {utf16(t, two, unicode.BigEndian, unicode.UseBOM), 2, "", "", "UTF-16"},
		"UTF-16, little, without":         {utf16(t, two, unicode.LittleEndian, unicode.IgnoreBOM), 2, "", "", "UTF-16"},
		"UTF-16, big, without":            {utf16(t, two, unicode.BigEndian, unicode.IgnoreBOM), 2, "", "", "UTF-16"},
		"an old spreadsheet's":            {latin, 2, "", "", "Windows-1252"},
		"semicolons":                      {strings.ReplaceAll(two, ",", ";"), 2, "", "", "UTF-8"},
		"tabs":                            {strings.ReplaceAll(two, ",", "\t"), 2, "", "", "UTF-8"},
		"lines of Windows":                {strings.ReplaceAll(two, "\n", "\r\n"), 2, "", "", "UTF-8"},
		"empty lines of a spreadsheet":    {two + ",,\n , ,\n\n", 2, "", "", "UTF-8"},
		"a line break inside a cell":      {"first,last,street\nA,B,\"1 Main\nApt 2\"\nC\x00,D,x\n", 2, "4 first_name import.control", "", "UTF-8"},
		"a cell too few":                  {"first,last,dob\nA,B\nC,D,1990-01-01\n", 2, "2  import.ragged", "", "UTF-8"},
		"a cell too many":                 {"first,last\nA,B,x\nC,D\n", 2, "2  import.ragged", "", "UTF-8"},
		"a quotation mark is not closed":  {"first,last\nA,B\n\"C,D\nE,F\nG,H\n", 2, "3  import.quote", "", "UTF-8"},
		"a quotation mark in a bare cell": {"first,last\nA,B\nC \"x\",D\nE,F\n", 3, "3  import.quote", "", "UTF-8"},
		"NUL":                             {"first,last\nA\x00,B\n", 1, "2 first_name import.control", "", "UTF-8"},
		"a formula":                       {"first,last,phone\n=HYPERLINK(),B,\n@x,B,\n+1,B,\n-A,B,\n＝1,B,\nA,B,+1 207 555 0100\n", 6, "2 first_name import.formula; 3 first_name import.formula; 4 first_name import.formula; 5 first_name import.formula; 6 first_name import.formula", "", "UTF-8"},
		"a cell of ten megabytes":         {"first,last\n" + strings.Repeat("a", 10<<20) + ",B\nC,D\n", 2, "2 first_name import.cell", "", "UTF-8"},
		"more than may be":                {"first,last\n" + strings.Repeat("a,b\n", 9<<20), 0, "", "file=import.too_large", ""},
		"too many lines":                  {"first,last\n" + strings.Repeat("a,b\n", 100_001), 0, "", "file=import.too_many", ""},
		"nothing":                         {"", 0, "", "file=import.empty", ""},
		"a heading alone":                 {"first,last\n", 0, "", "file=import.empty", ""},
		"a heading that is not closed":    {"\"first,last\nA,B\n", 0, "", "file=import.heading", ""},
		"a picture":                       {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 0, "", "import.column_unknown", ""},
		"no names":                        {"dob,phone\n1990-01-01,2075550100\n", 0, "", "first_name=import.column_missing last_name=import.column_missing", ""},
		"an unknown column":               {"first,last,Shoe size\nA,B,9\n", 0, "", "Shoe size=import.column_unknown", ""},
		"a column that is left out":       {"first,last,Ignored one\nA,B,=9\n", 1, "", "", "UTF-8"},
		"two of a kind":                   {"first,last,fname\nA,B,C\n", 0, "", "fname=import.column_twice", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := roster.Read(strings.NewReader(tt.file), "ignored ONE")
			if tt.refuse != "" {
				if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), tt.refuse) {
					t.Fatalf("%v, want %s", err, tt.refuse)
				}
				return
			}
			if err != nil || f.Rows() != tt.rows || said(f.Faults) != tt.faults || f.Encoding != tt.as {
				t.Errorf("%v: %d rows, %q, %s", err, f.Rows(), said(f.Faults), f.Encoding)
			}
		})
	}
}

func said(faults []roster.Fault) string {
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = fmt.Sprint(f.Line, " ", f.Column, " ", f.Code)
	}
	return strings.Join(lines, "; ")
}

// desk is an agency that takes a file in.
type desk struct {
	t *testing.T
	*world.World
}

func (d desk) takes(file string, o roster.Options) (roster.Report, error) {
	d.t.Helper()
	f, err := roster.Read(strings.NewReader(file))
	if err != nil {
		d.t.Fatal(err)
	}
	by := access.Actor{Agency: d.Agency.ID, Role: access.System}
	return roster.New(d.DB, d.Policy, d.Key).Import(d.t.Context(), by, f, o)
}

func (d desk) count(query string) int {
	d.t.Helper()
	n := 0
	if err := d.Owner.Read(d.t.Context(), d.Dana, func(tx *pg.Tx) (err error) {
		n, err = pg.Get[int](tx, query, pg.Args{})
		return err
	}); err != nil {
		d.t.Fatal(err)
	}
	return n
}

const people = `First,Last,DOB,SSN,Phone,E-mail,ZIP code,Language,Interpreter,Case manager,Opened on
Zoë,Peña,3/9/1991,219-09-1234,(207) 555-0142,zoe@people.test,4210,Español,yes,dana@rivervalley.test,10/5/2026
Bo,Lee,2000-02-29,,,,,,no,,
`

func TestPeopleComeInAsAtTheDesk(t *testing.T) {
	t.Parallel()
	d := desk{t, world.New(t)}
	r, err := d.takes(people, roster.Options{Office: "Harbor"})
	if err != nil || !r.Kept || r.Rows != 2 || r.Added != 2 || r.Refused != 0 {
		t.Fatalf("%v %+v", err, r)
	}
	for query, want := range map[string]int{
		`select count(*) from participants where first_name = 'Zoë' and birth_date = '1991-03-09' and zip = '04210' and language = 'es' and interpreter and ssn_last4 = '1234' and ssn_cipher is not null`: 1,
		`select count(*) from cases c join users u on u.id = c.case_manager_id where u.email = 'dana@rivervalley.test' and c.opened_on = '2026-10-05' and c.office_id = u.office_id`:                       1,
		`select count(*) from participants p join offices o on o.id = p.office_id where p.first_name = 'Bo' and o.name = 'Harbor'`:                                                                         1,
		`select count(*) from audit_log where action = 'participant.created' and actor_role = 'system'`:                                                                                                    2,
		`select count(*) from audit_log where action in ('case.opened', 'ssn.stored') and participant_id is not null`:                                                                                      2,
		`select count(*) from audit_log where action = 'participants.imported' and detail ->> 'added' = '2'`:                                                                                               1,
	} {
		if n := d.count(query); n != want {
			t.Errorf("%d, not %d: %s", n, want, query)
		}
	}
}

func TestADryRunTriesEverythingAndKeepsNothing(t *testing.T) {
	t.Parallel()
	d := desk{t, world.New(t)}
	before := d.count(`select count(*) from audit_log`)
	r, err := d.takes(people, roster.Options{Office: "Harbor", DryRun: true})
	if err != nil || r.Kept || r.Added != 2 {
		t.Fatalf("%v %+v", err, r)
	}
	if d.count(`select count(*) from participants`) != 0 || d.count(`select count(*) from cases`) != 0 || d.count(`select count(*) from audit_log`) != before || d.count(`select count(*) from participant_numbers`) != 0 {
		t.Error("a dry run left something behind")
	}
}

// wrong has one good line and one of everything that is refused.
const wrong = `first,last,dob,ssn,phone,email,zip,state,language,interpreter,office,case_manager,opened_on
Good,Person,1980-01-01,219-09-1111,,,,,,,Harbor,,
,Nameless,1980-01-01,,,,,,,,Harbor,,
Old,Hat,1900-01-01,,,,,,,,Harbor,,
Soon,Born,2027-01-01,,,,,,,,Harbor,,
No,Day,2026-02-30,,12,nowhere,1234x,Maine,Klingon,maybe,Harbor,,
Same,Number,1981-01-01,219091111,,,,,,,Harbor,,
Not,Number,1982-01-01,666-00-0000,,,,,,,Harbor,,
Good,Person,1980-01-01,,,,,,,,Harbor,,
No,Office,1983-01-01,,,,,,,,Moon,,
No,Manager,1984-01-01,,,,,,,,,kim@northcoast.test,
Ahead,Open,1985-01-01,,,,,,,,,dana@rivervalley.test,2027-01-01
Open,Alone,1986-01-01,,,,,,,,Harbor,,2026-01-01
`

const wrongSaid = "3 first_name required; 4 birth_date age; 5 birth_date in_future; 6 birth_date date; 6 language import.language; 6 interpreter import.yes_no; " +
	"6 email email; 6 state len; 6 zip numeric; 6 phone phone; 7 ssn import.ssn_twice; 8 ssn ssn; 9  import.known; 10 office import.office; " +
	"11 case_manager import.case_manager; 12 opened_on in_future; 13 case_manager import.opened_by"

func TestEveryRefusedLineSaysWhy(t *testing.T) {
	t.Parallel()
	d := desk{t, world.New(t)}
	r, err := d.takes(wrong, roster.Options{})
	if err != nil || r.Kept || r.Added != 1 || r.Refused != 11 || said(r.Faults) != wrongSaid {
		t.Errorf("%v: kept %v, %d added, %d refused\n%s\n%s", err, r.Kept, r.Added, r.Refused, said(r.Faults), wrongSaid)
	}
	if n := d.count(`select count(*) from participants`); n != 0 {
		t.Errorf("%d people are in although a line was refused", n)
	}
}

func TestPartOfAFileIsKeptOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	d := desk{t, world.New(t)}
	r, err := d.takes(wrong, roster.Options{Partial: true})
	if err != nil || !r.Kept || r.Added != 1 || r.Refused != 11 {
		t.Errorf("%v %+v", err, r)
	}
	if n := d.count(`select count(*) from participants`); n != 1 {
		t.Errorf("%d people are in", n)
	}
	if d.count(`select count(*) from cases`) != 0 || d.count(`select count(*) from audit_log where action = 'participant.created'`) != 1 {
		t.Error("a refused line left something behind")
	}
}

func TestPeopleAlikeAreWarnedOfAndTakenInWhenSomebodyComparedThem(t *testing.T) {
	t.Parallel()
	d := desk{t, world.New(t)}
	if r, err := d.takes(people, roster.Options{Office: "Harbor"}); err != nil || !r.Kept {
		t.Fatalf("%v %+v", err, r)
	}
	again := "first,last,dob\nZoe,Pena,1991-03-09\n"
	r, err := d.takes(again, roster.Options{Office: "Harbor"})
	if err != nil || r.Kept || said(r.Faults) != "2  import.known" || fmt.Sprint(r.Faults[0].Args["param"]) != "CP-20001" {
		t.Errorf("%v %+v", err, r)
	}
	r, err = d.takes(again, roster.Options{Office: "Harbor", Alike: true})
	if err != nil || !r.Kept || r.Added != 1 || said(r.Warnings) != "2  import.known" {
		t.Errorf("%v %+v", err, r)
	}
	if n := d.count(`select count(*) from audit_log where action = 'participant.created' and detail ->> 'compared_with' = '1'`); n != 1 {
		t.Errorf("%d are noted as compared", n)
	}
	taken := "first,last,ssn\nQuite,Other,219-09-1234\n"
	if r, err = d.takes(taken, roster.Options{Office: "Harbor", Alike: true}); err != nil || r.Kept || said(r.Faults) != "2 ssn ssn.in_use" {
		t.Errorf("a number on file is taken: %v %+v", err, r)
	}
}

func TestAnUnknownOfficeAndAnUnallowedActorRefuseTheFile(t *testing.T) {
	t.Parallel()
	d := desk{t, world.New(t)}
	if _, err := d.takes(people, roster.Options{Office: "Moon"}); !errs.Is(err, errs.Invalid) {
		t.Errorf("%v", err)
	}
	f, err := roster.Read(strings.NewReader(people))
	if err != nil {
		t.Fatal(err)
	}
	_, err = roster.New(d.DB, d.Policy, d.Key).Import(t.Context(), d.Auditor, f, roster.Options{})
	if !errs.Is(err, errs.Forbidden) {
		t.Errorf("an auditor takes people in: %v", err)
	}
}

func TestLongWorkTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	d := desk{t, world.New(t)}
	var file strings.Builder
	file.WriteString("first,last\n")
	for i := range 250 {
		fmt.Fprintf(&file, "Person,Number%c%c\n", 'a'+i%26, 'a'+i/26)
	}
	var told []int
	r, err := d.takes(file.String(), roster.Options{Office: "Harbor", Alike: true, Tell: func(done, of int) {
		if told = append(told, done); of != 250 {
			t.Errorf("of %d", of)
		}
	}})
	if err != nil || r.Added != 250 || fmt.Sprint(told) != "[100 200]" {
		t.Errorf("%v: %d added, told %v", err, r.Added, told)
	}
}

// FuzzRead holds that no file breaks the reader: it is read, or refused with a reason.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{two, people, wrong, "\xff\xfe", "first,last\n\"", "first,last\na\x00b,c\n", "\x00a\x00,\x00b"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := roster.Read(strings.NewReader(string(b)))
		if err != nil {
			if _, ok := errors.AsType[*errs.Error](err); !ok {
				t.Errorf("%v", err)
			}
			return
		}
		for _, fault := range got.Faults {
			if fault.Code == "" {
				t.Errorf("a fault without a reason: %+v", fault)
			}
		}
	})
}
