package recommend

import "testing"

func TestReasonsNameTheTwoStrongestHelps(t *testing.T) {
	o := find(Rank(rosa(), fixtureAreas()), "M6")
	if len(o.Helps) != 2 || o.Helps[0].Code != "recommend.help.interest" || o.Helps[1].Code != "recommend.help.readiness" || o.Helps[0].Points != 33.4 {
		t.Errorf("%+v", o.Helps)
	}
	if len(o.Gaps) != 0 {
		t.Errorf("nothing is in the way, but %+v", o.Gaps)
	}
	if len(o.Unlocks) != 1 || o.Unlocks[0].Args["soc"] != "11-3051.01" {
		t.Errorf("%+v", o.Unlocks)
	}
}

func TestAMissingLicenceIsAGapAndSaysWhatItWouldAdd(t *testing.T) {
	o := find(Rank(rosa(), fixtureAreas()), "T1")
	if len(o.Gaps) != 1 || o.Gaps[0].Code != "recommend.gap.constraint" || o.Gaps[0].Args["constraint"] != "cdl" || o.Gaps[0].Points != 3 {
		t.Errorf("%+v", o.Gaps)
	}
	if len(o.Unlocks) != 1 || o.Unlocks[0].Code != "recommend.unlock.constraint" || o.Unlocks[0].Points != 3 {
		t.Errorf("%+v", o.Unlocks)
	}
	p := rosa()
	p.Holds = []string{"cdl"}
	if with := find(Rank(p, fixtureAreas()), "T1"); with.Total != 84.1 {
		t.Error("the licence was to add three points:", with.Total)
	}
}

func TestOnlyTheTwoWidestGapsAreTold(t *testing.T) {
	o := find(Rank(rosa(), fixtureAreas()), "M5")
	if len(o.Gaps) != 2 || o.Gaps[0].Code != "recommend.gap.zone" || o.Gaps[1].Code != "recommend.gap.efl" {
		t.Errorf("%+v", o.Gaps)
	}
	if o.Gaps[0].Args["entry"] != 3 || o.Gaps[1].Args["min"] != 5 || o.Gaps[1].Args["person"] != 3 {
		t.Errorf("%+v", o.Gaps)
	}
}

func TestAWageGapCarriesBothFigures(t *testing.T) {
	o := find(Rank(thomas(), fixtureAreas()), "M4")
	if o.Gaps[0].Code != "recommend.gap.wage" || o.Gaps[0].Args["wage"] != 20.5 || o.Gaps[0].Args["needed"] != 24.0 {
		t.Errorf("%+v", o.Gaps)
	}
}

func TestAFlatProfileIsNeitherHelpNorGap(t *testing.T) {
	p := rosa()
	p.Scores = &RIASEC{}
	for _, o := range Rank(p, fixtureAreas()) {
		for _, r := range append(o.Helps, o.Gaps...) {
			if r.Code == "recommend.help.interest" || r.Code == "recommend.gap.interest" {
				t.Errorf("%s: %+v", o.Area, r)
			}
		}
	}
}

func TestALicenceIsToldEvenWhereReadinessIsNotKnown(t *testing.T) {
	p := rosa()
	p.EFL = 0
	o := find(Rank(p, fixtureAreas()), "T1")
	if o.Readiness != nil || len(o.Gaps) != 1 || o.Gaps[0].Code != "recommend.gap.constraint" || o.Gaps[0].Points != 0 {
		t.Errorf("%+v", o)
	}
}
