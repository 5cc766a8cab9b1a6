package intake

import (
	"slices"

	"waymark/internal/civil"
	"waymark/internal/errs"
)

// Section names one of the seven parts of the intake record.
type Section string

// The sections, in the order of the side list. They may be done in any order.
const (
	SectionAbout     Section = "about"
	SectionContact   Section = "contact"
	SectionEducation Section = "education"
	SectionWork      Section = "work"
	SectionComputer  Section = "computer"
	SectionSupports  Section = "supports"
	SectionMoney     Section = "money"
)

// SectionNames lists them in that order.
var SectionNames = []Section{SectionAbout, SectionContact, SectionEducation, SectionWork, SectionComputer, SectionSupports, SectionMoney}

// Answers is what one section holds.
type Answers interface {
	Section() Section
	// missing lists the fields that the section still asks for.
	missing() []string
	// check applies the rules that the tags cannot express.
	check(today civil.Date, c *errs.Collector)
}

// About is who somebody is, and whether they may work.
type About struct {
	FirstName         string     `json:"first_name" validate:"max=80"`
	MiddleName        string     `json:"middle_name" validate:"max=80"`
	LastName          string     `json:"last_name" validate:"max=80"`
	PreferredName     string     `json:"preferred_name" validate:"max=80"`
	PriorNames        string     `json:"prior_names" validate:"max=200"`
	BirthDate         civil.Date `json:"birth_date"`
	Language          string     `json:"language" validate:"max=10"`
	Interpreter       Said       `json:"interpreter" validate:"omitempty,oneof=yes no"`
	WorkAuthorized    Said       `json:"work_authorized" validate:"omitempty,oneof=yes no unknown"`
	WorkAuthType      string     `json:"work_auth_type" validate:"max=80"`
	WorkAuthLast4     string     `json:"work_auth_last4" validate:"omitempty,alphanum,len=4"`
	WorkAuthExpires   civil.Date `json:"work_auth_expires"`
	WorkAuthVerified  civil.Date `json:"work_auth_verified_on"`
	SelectiveService  string     `json:"selective_service" validate:"omitempty,oneof=registered not_required exempt failed_not_knowing failed_knowing unknown"`
	Veteran           Said       `json:"veteran" validate:"omitempty,oneof=yes no unknown"`
	EligibleSpouse    Said       `json:"eligible_spouse" validate:"omitempty,oneof=yes no unknown"`
	SeparatedOn       civil.Date `json:"separated_on"`
	DisabledVeteran   Said       `json:"disabled_veteran" validate:"omitempty,oneof=yes no unknown"`
	CampaignVeteran   Said       `json:"campaign_veteran" validate:"omitempty,oneof=yes no unknown"`
	ShortServiceUnder Said       `json:"served_180_days_or_less" validate:"omitempty,oneof=yes no unknown"`
}

// Section is the section's name.
func (About) Section() Section { return SectionAbout }

func (a About) missing() []string {
	m := asked{}
	m.need("first_name", a.FirstName != "")
	m.need("last_name", a.LastName != "")
	m.need("birth_date", !a.BirthDate.IsZero())
	m.need("language", a.Language != "")
	m.need("interpreter", a.Interpreter != "")
	m.need("work_authorized", a.WorkAuthorized != "")
	m.need("work_auth_verified_on", a.WorkAuthorized != SaidYes || !a.WorkAuthVerified.IsZero())
	m.need("selective_service", a.SelectiveService != "")
	m.need("veteran", a.Veteran != "")
	m.need("eligible_spouse", a.EligibleSpouse != "")
	return m.list()
}

func (a About) check(today civil.Date, c *errs.Collector) {
	if age := a.BirthDate.AgeOn(today); !a.BirthDate.IsZero() && (a.BirthDate.After(today) || age < 14 || age > 110) {
		c.AddArgs("birth_date", "age_range", map[string]any{"min": 14, "max": 110})
	}
	notFuture(c, "work_auth_verified_on", a.WorkAuthVerified, today)
	notFuture(c, "separated_on", a.SeparatedOn, today)
}

// Contact is how to reach somebody, and where they live.
type Contact struct {
	Phone       string `json:"phone" validate:"max=40"`
	TextsOK     Said   `json:"texts_ok" validate:"omitempty,oneof=yes no"`
	SafeMessage Said   `json:"safe_to_leave_message" validate:"omitempty,oneof=yes no"`
	BestTime    string `json:"best_time" validate:"max=120"`
	Email       string `json:"email" validate:"omitempty,email,max=254"`
	NoContact   Said   `json:"no_contact" validate:"omitempty,oneof=yes no"`
	Housing     string `json:"housing" validate:"omitempty,oneof=own rent family shelter none other"`
	Street      string `json:"street" validate:"max=200"`
	City        string `json:"city" validate:"max=100"`
	State       string `json:"state" validate:"omitempty,len=2,alphanum,uppercase"`
	ZIP         string `json:"zip" validate:"omitempty,numeric,len=5"`
	CountyFIPS  string `json:"county_fips" validate:"omitempty,numeric,len=3"`
}

// Section is the section's name.
func (Contact) Section() Section { return SectionContact }

func (a Contact) missing() []string {
	m := asked{}
	m.need("phone", a.Phone != "" || a.Email != "" || a.NoContact == SaidYes)
	m.need("texts_ok", a.Phone == "" || a.TextsOK != "")
	m.need("safe_to_leave_message", a.Phone == "" || a.SafeMessage != "")
	m.need("housing", a.Housing != "")
	m.need("street", a.Street != "" || a.Housing == "none" || a.Housing == "shelter")
	m.need("city", a.City != "")
	m.need("state", a.State != "")
	return m.list()
}

func (a Contact) check(_ civil.Date, c *errs.Collector) {
	if a.Phone != "" && !dialable(a.Phone) {
		c.Add("phone", "phone")
	}
}

// dialable asks for ten digits, eleven with the 1, in whatever way they are written.
func dialable(phone string) bool {
	digits := 0
	for _, r := range phone {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !slices.Contains([]rune(" ()-.+"), r):
			return false
		}
	}
	return digits == 10 || digits == 11
}

func notFuture(c *errs.Collector, field string, on, today civil.Date) {
	if on.After(today) {
		c.Add(field, "in_future")
	}
}

// asked gathers what a section still asks for.
type asked struct{ fields []string }

func (m *asked) need(field string, given bool) {
	if !given {
		m.fields = append(m.fields, field)
	}
}

func (m *asked) list() []string { return append([]string{}, m.fields...) }
