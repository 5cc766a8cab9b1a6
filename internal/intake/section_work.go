package intake

import (
	"fmt"

	"waymark/internal/civil"
	"waymark/internal/errs"
	"waymark/internal/money"
)

// Education is school and English. The codes are those of PIRL 407 to 409.
type Education struct {
	SchoolGrade  Figure   `json:"school_grade" validate:"omitempty,oneof=0 1 2 3 4 5 6 7 8 9 10 11 12"`
	Education    Figure   `json:"education" validate:"omitempty,oneof=0 1 2 3 4 5 6 7 8"`
	SchoolStatus Figure   `json:"school_status" validate:"omitempty,oneof=1 2 3 4 5 6"`
	EarnedAbroad Said     `json:"earned_abroad" validate:"omitempty,oneof=yes no"`
	English      string   `json:"english" validate:"omitempty,oneof=comfortable some little"`
	HelpLearn    []string `json:"help_learn" validate:"max=10,dive,oneof=evening online near_home reading math extra_time"`
	Goals        string   `json:"learning_goals" validate:"max=1000"`
}

// Section is the section's name.
func (Education) Section() Section { return SectionEducation }

func (a Education) missing() []string {
	m := asked{}
	m.need("education", a.Education != "")
	m.need("school_grade", a.Education != "0" || a.SchoolGrade != "")
	m.need("school_status", a.SchoolStatus != "")
	m.need("english", a.English != "")
	return m.list()
}

// check holds 408 against 409: a graduate has a diploma, who left school has none (domain.md 1.1).
func (a Education) check(_ civil.Date, c *errs.Collector) {
	switch {
	case a.SchoolStatus == "5" && a.Education == "0":
		c.Add("school_status", "graduate_without_diploma")
	case a.SchoolStatus == "4" && a.Education != "" && a.Education != "0":
		c.Add("school_status", "dropout_with_diploma")
	}
}

// Work is jobs held, how the last one ended, what pay is needed and what is liked. The codes
// are those of PIRL 400 and 401.
type Work struct {
	Employment      Figure       `json:"employment" validate:"omitempty,oneof=0 1 2 3"`
	UCStatus        Figure       `json:"uc_status" validate:"omitempty,oneof=0 1 2 3 4 5"`
	UnemployedSince civil.Date   `json:"unemployed_since"`
	LaidOff         Said         `json:"laid_off" validate:"omitempty,oneof=yes no unknown"`
	Closure         Said         `json:"closure" validate:"omitempty,oneof=yes no unknown"`
	UnlikelyReturn  Said         `json:"unlikely_to_return" validate:"omitempty,oneof=yes no unknown"`
	SelfEmployed    Said         `json:"self_employed_lost" validate:"omitempty,oneof=yes no unknown"`
	Jobs            []Job        `json:"jobs" validate:"max=5,dive"`
	NeededHourly    *money.Cents `json:"needed_hourly" validate:"omitempty,gte=0,lte=100000"`
	Licences        []string     `json:"licences" validate:"max=20,dive,max=40"`
	OtherLicences   string       `json:"other_licences" validate:"max=300"`
	Preferences     Preferences  `json:"preferences"`
}

// Job is one job held, the most recent first.
type Job struct {
	Employer   string       `json:"employer" validate:"max=120"`
	Title      string       `json:"title" validate:"max=120"`
	SOC        string       `json:"soc" validate:"max=10"`
	NAICS      string       `json:"naics" validate:"omitempty,numeric,max=6"`
	StartedOn  civil.Date   `json:"started_on"`
	EndedOn    civil.Date   `json:"ended_on"`
	Hourly     *money.Cents `json:"hourly" validate:"omitempty,gte=0"`
	Hours      Figure       `json:"hours" validate:"omitempty,numeric,max=5"`
	ReasonLeft string       `json:"reason_left" validate:"max=200"`
}

// LicenceCodes are those that the form offers; pathways ask for them by these codes.
var LicenceCodes = []string{"licence_driver", "licence_cdl", "forklift", "cna", "osha_10", "food_handler"}

// Section is the section's name.
func (Work) Section() Section { return SectionWork }

func (a Work) missing() []string {
	m := asked{}
	m.need("employment", a.Employment != "")
	m.need("uc_status", a.UCStatus != "")
	m.need("unemployed_since", a.Employment != "0" || !a.UnemployedSince.IsZero())
	m.need("needed_hourly", a.NeededHourly != nil)
	return m.list()
}

func (a Work) check(today civil.Date, c *errs.Collector) {
	notFuture(c, "unemployed_since", a.UnemployedSince, today)
	for i, j := range a.Jobs {
		notFuture(c, fmt.Sprintf("jobs.%d.started_on", i), j.StartedOn, today)
		if !j.EndedOn.IsZero() && j.EndedOn.Before(j.StartedOn) {
			c.Add(fmt.Sprintf("jobs.%d.ended_on", i), "before_start")
		}
	}
}

// LongTermUnemployed is 27 weeks or more without work on the day (PIRL 402).
func (a Work) LongTermUnemployed(on civil.Date) bool {
	return a.Employment != "1" && Facts{On: on, UnemployedSince: a.UnemployedSince}.longTermUnemployed(DefaultRules(on))
}

// Computer is what somebody can use and where.
type Computer struct {
	Device   string   `json:"device" validate:"omitempty,oneof=computer phone both none"`
	Internet string   `json:"internet" validate:"omitempty,oneof=home phone elsewhere none"`
	Skill    string   `json:"skill" validate:"omitempty,oneof=comfortable some little"`
	Can      []string `json:"can" validate:"max=10,dive,oneof=email search forms documents spreadsheets video_call"`
	Help     Said     `json:"wants_class" validate:"omitempty,oneof=yes no"`
	Note     string   `json:"note" validate:"max=1000"`
}

// Section is the section's name.
func (Computer) Section() Section { return SectionComputer }

func (a Computer) missing() []string {
	m := asked{}
	m.need("device", a.Device != "")
	m.need("internet", a.Internet != "")
	m.need("skill", a.Skill != "")
	return m.list()
}

func (Computer) check(civil.Date, *errs.Collector) {}

// Supports is what somebody needs to come and stay. Accommodation plans help and never scores.
type Supports struct {
	Transport     string `json:"transport" validate:"omitempty,oneof=own_car bus ride bike none"`
	DependentCare string `json:"dependent_care" validate:"omitempty,oneof=none arranged needed"`
	Schedule      string `json:"schedule" validate:"omitempty,oneof=days evenings weekends any"`
	Helpers       string `json:"helpers" validate:"max=500"`
	Accommodation string `json:"accommodation" validate:"max=2000"`
	Note          string `json:"note" validate:"max=1000"`
}

// Section is the section's name.
func (Supports) Section() Section { return SectionSupports }

func (a Supports) missing() []string {
	m := asked{}
	m.need("transport", a.Transport != "")
	m.need("dependent_care", a.DependentCare != "")
	m.need("schedule", a.Schedule != "")
	return m.list()
}

func (Supports) check(civil.Date, *errs.Collector) {}
