package intake

import (
	"slices"
	"testing"
)

func TestNorthstarPassesAtEightyFiveAndCertifiesWhenProctored(t *testing.T) {
	for _, tt := range []struct {
		percent             int
		proctored           bool
		passed, certificate bool
	}{{90, true, true, true}, {85, true, true, true}, {84, true, false, false}, {70, false, false, false}, {100, false, true, false}} {
		passed, certificate, err := NorthstarPass(tt.percent, tt.proctored)
		if err != nil || passed != tt.passed || certificate != tt.certificate {
			t.Errorf("%+v: %v %v %v", tt, passed, certificate, err)
		}
	}
	if _, _, err := NorthstarPass(101, true); err == nil {
		t.Error("took 101 percent")
	}
}

func TestTheCertificateFollowsTheLowestLevel(t *testing.T) {
	for want, l := range map[string][3]int{"bronze": {3, 7, 7}, "silver": {4, 5, 6}, "gold": {5, 5, 7}, "platinum": {6, 7, 6}, "": {0, 7, 7}} {
		if got, err := WorkKeysCertificate(l[0], l[1], l[2]); err != nil || got != want {
			t.Errorf("%v: %q %v", l, got, err)
		}
	}
	if _, err := WorkKeysCertificate(3, 8, 2); err == nil || err.Error() != "invalid form.invalid graphic_literacy=level_out_of_range workplace_documents=level_out_of_range" {
		t.Error(err)
	}
}

func TestItemsBelowThreeNeedAnActivity(t *testing.T) {
	good := []Rating{{"learns_on_job", 3}, {"follows_instructions", 2}, {"patience", 4}, {"positive_attitude", 1}, {"forklift", 2}}
	if got, err := NeedsActivity(good, []string{"forklift"}); err != nil || !slices.Equal(got, []string{"follows_instructions", "positive_attitude", "forklift"}) {
		t.Error(got, err)
	}
	_, err := NeedsActivity([]Rating{{"patience", 5}, {"patience", 3}, {"forklift", 2}, {"learns_on_job", 3}, {"follows_instructions", 3}}, nil)
	if err == nil || err.Error() != "invalid form.invalid ratings.patience=rating_out_of_range ratings.patience=item_repeated ratings.forklift=item_unknown ratings.positive_attitude=required" {
		t.Error(err)
	}
}

func TestASupportScreenIsChecked(t *testing.T) {
	if len(SupportAreas) != 13 {
		t.Error(len(SupportAreas))
	}
	needs := []SupportNeed{{Area: "transport", Severity: 2, Blocking: true}, {Area: "child_care", Severity: 3, Blocking: true}, {Area: "books", Severity: 1}, {Area: "legal", Severity: 3, Blocking: true, Resolution: "done"}}
	if err := CheckSupport(needs, false); err != nil {
		t.Error(err)
	}
	if b := Blocking(needs); len(b) != 2 || b[0].Area != "child_care" {
		t.Errorf("%+v", b)
	}
	err := CheckSupport([]SupportNeed{{Area: "moon"}, {Area: "food", Severity: 4}, {Area: "food", Blocking: true, CostCents: -1}}, false)
	if err == nil || err.Error() != "invalid form.invalid needs.moon=area_unknown needs.food=severity_out_of_range needs.food=area_repeated needs.food=blocking_without_need needs.food=cost_negative" {
		t.Error(err)
	}
	if err := CheckSupport(needs, true); err == nil {
		t.Error("nine areas were not asked")
	}
}
