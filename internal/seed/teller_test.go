package seed

import (
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/document"
	"waymark/internal/goal"
	"waymark/internal/intake"
	"waymark/internal/pathway"
	"waymark/internal/pg"
	"waymark/internal/pg/pgtest"
	"waymark/policies"
	"waymark/seeds"
	planpage "waymark/web/page/plan"
)

func TestATellerTakesAPersonThroughTheFirstFourSteps(t *testing.T) {
	name := pgtest.Database(t)
	clock := func() time.Time { return pgtest.Monday }
	owner, err := pg.Open(pgtest.DSN(t, "postgres", name), clock)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Close() }()
	db, err := pg.Open(pgtest.DSN(t, "waymark_app", name), clock)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	policy, err := access.Load(policies.Model, policies.Policy)
	if err != nil {
		t.Fatal(err)
	}
	made, err := Create(t.Context(), owner, RiverValley(), "x")
	if err != nil {
		t.Fatal(err)
	}
	files, err := Catalogue(seeds.FS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pathway.New(db, policy).ImportFiles(t.Context(), access.Actor{Agency: made.ID, Role: access.System}, files); err != nil {
		t.Fatal(err)
	}
	s := Seeder{Owner: owner, DB: db, Policy: policy, Key: make([]byte, 32)}
	tell := newTeller(t.Context(), s, made.Staff[0])
	p := person{
		First: "Luis", Last: "Andrade Peña", Phone: "2075550142", Language: "es", Born: civil.On(1988, 4, 2), Education: "1", English: "some", Math: "520",
		Needed: 1850, Interests: map[string]intake.Figure{"r": "34", "i": "18", "a": "6", "s": "12", "e": "10", "c": "26"}, Area: "M1", Program: "adult",
	}
	tell.at(civil.On(2026, 8, 31), 10, 0)
	tell.takeIn(p)
	tell.intake(p, 7)
	tell.at(civil.On(2026, 9, 3), 10, 0)
	tell.assess(p)
	tell.at(civil.On(2026, 9, 8), 10, 0)
	tell.recommend(true)
	tell.at(civil.On(2026, 9, 10), 10, 0)
	tell.choose(p, 2, 3, "I like machines.")
	tell.at(civil.On(2026, 9, 15), 10, 0)
	tell.aim(goal.Input{Horizon: "immediate", Title: "Assembler", TargetKind: "occupation", TargetCode: "51-2092.00", Measure: goal.WageHour, TargetValue: "18.50", Pay: 1850, PayPer: "hour", TargetOn: civil.On(2026, 12, 1), Rationale: "Work while in class"})
	if tell.err != nil {
		t.Fatal(tell.err)
	}
}

func TestOnlyADemonstrationIsMadeAnew(t *testing.T) {
	t.Parallel()
	name := pgtest.Database(t)
	clock := func() time.Time { return pgtest.Monday }
	owner, err := pg.OpenOwner(pgtest.DSN(t, "postgres", name), clock)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Close() }()
	a := NorthCoast()
	a.Demo = false
	made, err := Create(t.Context(), owner, a, "hash")
	if err != nil {
		t.Fatal(err)
	}
	if err := Reset(t.Context(), Seeder{Owner: owner, DB: owner}); err == nil {
		t.Error("an agency's records were thrown away")
	}
	err = owner.Read(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) error {
		_, err := pg.Get[string](tx, `select slug from agencies where id = :id`, pg.Args{"id": made.ID})
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTheDemonstrationIsWhole(t *testing.T) {
	name := pgtest.Database(t)
	clock := func() time.Time { return pgtest.Monday }
	owner, err := pg.Open(pgtest.DSN(t, "postgres", name), clock)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Close() }()
	db, err := pg.Open(pgtest.DSN(t, "waymark_app", name), clock)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	policy, err := access.Load(policies.Model, policies.Policy)
	if err != nil {
		t.Fatal(err)
	}
	files, err := document.NewFiles(t.TempDir(), make([]byte, 32), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := Seeder{Owner: owner, DB: db, Policy: policy, Key: make([]byte, 32), Files: files, Say: func(string) {}, Render: planpage.Render}
	if _, err := Create(t.Context(), owner, NorthCoast(), "used before"); err != nil {
		t.Fatal(err)
	}
	if err := Reset(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	type counts struct {
		People  int `db:"people"`
		Dana    int `db:"dana"`
		Overdue int `db:"overdue"`
		Week    int `db:"week"`
		Waiting int `db:"waiting"`
		// Attention is how many of Dana's people her list shows as needing it, Over those whose period has run out.
		Attention int `db:"attention"`
		Over      int `db:"over"`
		// Papers, Complaints, Drafts and Quarters are of River Valley.
		Papers     int `db:"papers"`
		Complaints int `db:"complaints"`
		Drafts     int `db:"drafts"`
		Quarters   int `db:"quarters"`
	}
	var c counts
	err = owner.Read(t.Context(), access.Actor{Role: access.System}, func(tx *pg.Tx) (err error) {
		rules := casefile.RulesOf(agency.Defaults(civil.On(2026, 11, 23)), access.CaseManager).Args(civil.On(2026, 11, 23))
		c, err = pg.Get[counts](tx, `with d as (select c.next_on, c.plan_state, c.milestone_due_on from cases c join users u on u.id = c.case_manager_id where u.email = 'dana@rivervalley.test' and c.exit_on is null)
			select (select count(*) from participants) as people, (select count(*) from d) as dana,
				(select count(*) from d where next_on < '2026-11-23' or milestone_due_on < '2026-11-23' and next_on > '2026-11-23') as overdue, (select count(*) from d where next_on between '2026-11-23' and '2026-11-29') as week,
				(select count(*) from cases where plan_state = 'submitted') as waiting,
				(select count(*) from cases c join users u on u.id = c.case_manager_id where u.email = 'dana@rivervalley.test' and `+casefile.OpenStates+` and `+casefile.NeedsAttention+`) as attention,
				(select count(*) from cases c where `+casefile.OpenStates+` and c.last_qualifying_on < date '2026-11-23' - 90) as over,
				(select count(distinct visibility) from documents) as papers, (select count(*) from complaints) as complaints,
				(select count(*) from pathway_versions where state = 'draft') as drafts, (select count(*) from submissions_pirl) as quarters`, rules)
		return err
	})
	if err != nil || c.Dana != 84 || c.Overdue != 7 || c.Week != 12 || c.Waiting < 4 || c.Attention != 5 || c.Over > 0 || c.People < 190 || c.Papers != 2 || c.Complaints != 1 || c.Drafts != 1 || c.Quarters != 1 {
		t.Errorf("%+v %v", c, err)
	}
}
