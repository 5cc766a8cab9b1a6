package pathway_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"waymark/internal/access"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/world"
)

func dirigo(t testing.TB) pathway.File {
	t.Helper()
	f, err := os.Open("../../seeds/testdata/dirigo.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	file, err := pathway.Parse("dirigo.json", f)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// edited is a deep copy with one change.
func edited(t testing.TB, f pathway.File, edit func(*pathway.File)) pathway.File {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var c pathway.File
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	edit(&c)
	return c
}

func TestTheSameDocumentIsNotPublishedTwiceAndAChangeRetiresTheOldOne(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := pathway.New(w.DB, w.Policy)
	first, err := s.ImportFiles(t.Context(), w.Admin, []pathway.File{dirigo(t)})
	if err != nil || len(first.Pathways) != 4 || !first.Pathways[0].Changed || first.Occupations == 0 || first.Regions != 1 {
		t.Fatalf("%+v %v", first, err)
	}
	before, err := s.Catalogue(t.Context(), w.Dana)
	if err != nil || before.Version != "HLT/1 ITS/1 MFG/1 TRN/1" {
		t.Fatalf("%q %v", before.Version, err)
	}
	again, err := s.ImportFiles(t.Context(), w.Admin, []pathway.File{dirigo(t)})
	if err != nil || again.Pathways[0].Changed || again.Occupations != 0 || again.Regions != 0 {
		t.Errorf("nothing has changed: %+v %v", again, err)
	}
	other := edited(t, dirigo(t), func(f *pathway.File) {
		f.Pathways[0].Summary.EN = "Another summary."
		f.Occupations[0].Title.EN = "Another title"
	})
	if r, err := s.ImportFiles(t.Context(), w.Admin, []pathway.File{other}); err != nil || r.Pathways[0].Version != 2 || r.Occupations != 1 {
		t.Errorf("%+v %v", r, err)
	}
	after, err := s.Catalogue(t.Context(), w.Dana)
	if e, _ := after.Pathway("MFG"); err != nil || e.Version != 2 || e.Summary.EN != "Another summary." || len(e.Cited) == 0 {
		t.Errorf("%+v %v", e.Summary, err)
	}
	if after.JobTitle(other.Occupations[0].SOC, "en") != "Another title" || after.DataVersion == before.DataVersion {
		t.Error("the catalogue in memory is an old one", before.DataVersion, after.DataVersion)
	}
	if old, _, err := s.Edition(t.Context(), w.Dana, "MFG", 1); err != nil || old.State != "retired" || old.Summary.EN == "Another summary." {
		t.Errorf("version 1 must stay as it was: %v %v", old.State, err)
	}
}

func TestAFileWithOneProblemImportsNothingAndNamesThePlace(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := pathway.New(w.DB, w.Policy)
	bad := edited(t, dirigo(t), func(f *pathway.File) { f.Pathways[1].Areas[0].Anchors[0] = "99-9999.00" })
	_, err := s.ImportFiles(t.Context(), w.Admin, []pathway.File{bad})
	if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "pathways[1].areas[0].anchors[0]=catalogue.unknown_reference") {
		t.Error(err)
	}
	if c, err := s.Catalogue(t.Context(), w.Dana); err != nil || len(c.Pathways()) != 0 {
		t.Errorf("%d pathways, %v", len(c.Pathways()), err)
	}
	if _, err := s.ImportFiles(t.Context(), w.Dana, []pathway.File{dirigo(t)}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a case manager imports nothing: %v", err)
	}
}

func TestAFaultOfMeaningNamesItsFileAndLine(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	text, err := os.ReadFile("../../seeds/testdata/dirigo.json")
	if err != nil {
		t.Fatal(err)
	}
	before, after, found := strings.Cut(string(text), `"anchors": [`)
	if !found {
		t.Fatal("the file has no anchors")
	}
	_, after, _ = strings.Cut(after, `"`)
	_, after, _ = strings.Cut(after, `"`)
	bad, err := pathway.Parse("bad.json", strings.NewReader(before+"\"anchors\": [\n\n\"99-9999.00\""+after))
	if err != nil {
		t.Fatal(err)
	}
	_, err = pathway.New(w.DB, w.Policy).ImportFiles(t.Context(), w.Admin, []pathway.File{{Format: pathway.Format}, bad})
	e, ok := errors.AsType[*errs.Error](err)
	if want := strings.Count(before, "\n") + 3; !ok || len(e.Fields) == 0 || e.Fields[0].Args["file"] != "bad.json" || e.Fields[0].Args["line"] != want {
		t.Errorf("line %d is not named: %v", want, err)
	}
}

func TestAnAreaBelongsToOnePathway(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := pathway.New(w.DB, w.Policy)
	if _, err := s.ImportFiles(t.Context(), w.Admin, []pathway.File{dirigo(t)}); err != nil {
		t.Fatal(err)
	}
	thief := edited(t, dirigo(t), func(f *pathway.File) { f.Pathways, f.Regions = f.Pathways[3:], nil; f.Pathways[0].Code = "OTHER" })
	_, err := s.ImportFiles(t.Context(), w.Admin, []pathway.File{thief})
	if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "pathways[0].areas[0].code=catalogue.duplicate") {
		t.Error(err)
	}
}

func TestAgenciesHaveCataloguesOfTheirOwn(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := pathway.New(w.DB, w.Policy)
	system := access.Actor{Agency: w.Agency.ID, Role: access.System}
	if _, err := s.ImportFiles(t.Context(), system, []pathway.File{dirigo(t)}); err != nil {
		t.Fatal(err)
	}
	if c, err := s.Catalogue(t.Context(), w.Kim); err != nil || len(c.Areas()) != 0 {
		t.Errorf("%d areas, %v", len(c.Areas()), err)
	}
}

func TestFiguresFallBackFromRegionToStateToNation(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	s := pathway.New(w.DB, w.Policy)
	file := edited(t, dirigo(t), func(f *pathway.File) {
		home := f.Regions[0]
		home.Code, home.Parent = "ME-RIVER", "ME"
		state := pathway.Region{Code: "ME", Name: home.Name, Kind: "state", State: "ME", Parent: "US"}
		nation := pathway.Region{Code: "US", Name: home.Name, Kind: "nation"}
		for i, a := range home.Areas {
			switch a.Area {
			case "M2":
				state.Areas = append(state.Areas, a)
				state.Areas[0].Demand = nil
				state.Areas[0].Wage.Level = "state"
				nation.Areas = append(nation.Areas, pathway.RegionArea{Area: "M2", Demand: a.Demand})
				home.Areas[i] = pathway.RegionArea{Area: "M2"}
			}
		}
		f.Regions = []pathway.Region{home, state, nation}
	})
	if _, err := s.ImportFiles(t.Context(), w.Admin, []pathway.File{file}); err != nil {
		t.Fatal(err)
	}
	c, err := s.Catalogue(t.Context(), w.Dana)
	if err != nil {
		t.Fatal(err)
	}
	if m1, ok := c.AreaWage("M1"); !ok || m1.HourlyCents != 2300 || m1.Level != "region" {
		t.Errorf("%+v", m1)
	}
	if m2, ok := c.AreaWage("M2"); !ok || m2.HourlyCents != 2700 || m2.Level != "state" {
		t.Errorf("%+v", m2)
	}
	if d, ok := c.AreaDemand("M2"); !ok || *d.Index != 85 {
		t.Errorf("%+v", d)
	}
	if c.Region.Code != "ME-RIVER" {
		t.Error(c.Region.Code)
	}
}

// setRegion makes an agency's own region another.
func setRegion(t testing.TB, w *world.World, code string) {
	t.Helper()
	if err := w.Owner.Write(t.Context(), w.Admin, func(tx *pg.Tx) error {
		return pg.Insert(tx, `update agencies set region = :region where id = :agency`, pg.Args{"region": code, "agency": w.Agency.ID})
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAnUnknownRegionTakesTheStateThenTheNation(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	setRegion(t, w, "NOWHERE")
	s := pathway.New(w.DB, w.Policy)
	file := edited(t, dirigo(t), func(f *pathway.File) { f.Regions[0].Kind = "state" })
	if _, err := s.ImportFiles(t.Context(), w.Admin, []pathway.File{file}); err != nil {
		t.Fatal(err)
	}
	if c, err := s.Catalogue(t.Context(), w.Dana); err != nil || c.Region.Code != "DIRIGO" {
		t.Errorf("%q %v", c.Region.Code, err)
	}
}

func TestTheMarkOfAnAgencyChangesWithWhateverItStandsFor(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	run := func(query string) {
		t.Helper()
		if err := w.Owner.Write(t.Context(), w.Admin, func(tx *pg.Tx) error {
			return pg.Insert(tx, query, pg.Args{"agency": w.Agency.ID, "id": id.New[pathway.Pathway]()})
		}); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	marks := func() (own, other string) {
		t.Helper()
		if err := w.Owner.Read(t.Context(), w.Admin, func(tx *pg.Tx) (err error) {
			if own, err = pg.Get[string](tx, `select cast(mark as text) from agencies where id = :agency`, pg.Args{"agency": w.Agency.ID}); err != nil {
				return err
			}
			other, err = pg.Get[string](tx, `select string_agg(cast(mark as text), ' ' order by id) from agencies where id <> :agency`, pg.Args{"agency": w.Agency.ID})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return own, other
	}
	file := dirigo(t)
	if _, err := pathway.New(w.DB, w.Policy).ImportFiles(t.Context(), w.Admin, []pathway.File{edited(t, file, func(*pathway.File) {})}); err != nil {
		t.Fatal(err)
	}
	for _, change := range []struct {
		query string
		all   bool // every agency's
	}{
		{query: `insert into settings (agency_id, id, key, effective_on, value) values (:agency, :id, 'stalled_days', '2026-01-01', '20')`},
		{query: `update agencies set region = 'ELSEWHERE' where id = :agency`},
		{query: `update agencies set state = 'NH' where id = :agency`},
		{query: `update agencies set wage_area = '38860' where id = :agency`},
		{query: `update pathway_versions set revision = revision + 1 where agency_id = :agency`},
		{query: `update catalogue_occupations set document = document where agency_id = :agency`},
		{query: `delete from catalogue_regions where agency_id = :agency`},
		{query: `insert into reference.sets (name, vintage, layout, source, licence, files, rows, sha256, imported_at) values ('tried', '', '', '', '', '{}', 0, '', now())`, all: true},
		{query: `update reference.sets set sha256 = 'b' where name = 'tried'`, all: true},
		{query: `delete from reference.sets where name = 'tried'`, all: true},
	} {
		own, other := marks()
		run(change.query)
		nowOwn, nowOther := marks()
		if own == nowOwn {
			t.Errorf("unmarked: %s", change.query)
		}
		if change.all == (other == nowOther) {
			t.Errorf("what others hold is marked %v: %s", other != nowOther, change.query)
		}
	}
}
