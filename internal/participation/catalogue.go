// Package participation knows which services start and extend participation,
// when a period ends, and in which quarter things fall. Everything here is pure:
// the dates are given, there is no clock.
package participation

import (
	"fmt"
	"slices"
	"strings"
)

// Class groups the services of domain.md 1.8 by how the law names them.
type Class string

// The classes, in the order of the catalogue.
const (
	ClassBasicInfo      Class = "basic_info"     // information only; reportable, never participation
	ClassBasicSelf      Class = "basic_self"     // self-service
	ClassBasic          Class = "basic"          // staff-assisted basic career service
	ClassIndividualized Class = "individualized" // individualized career service
	ClassTraining       Class = "training"
	ClassYouthElement   Class = "youth_element" // one of the 14 youth elements
	ClassSupport        Class = "support"
	ClassFollowUp       Class = "follow_up"
	ClassRapidResponse  Class = "rapid_response"
)

// ServiceType is one row of the catalogue. Starts: the service begins participation
// when the person is eligible for it (column P). Extends: it moves the 90-day clock
// (column X). Pirl names the PIRL elements it feeds, comma separated, as printed in
// domain.md 1.8 (TAC-17-01 Att. VII); the layout is "not the official schema".
type ServiceType struct {
	Code    string
	Class   Class
	Starts  bool
	Extends bool
	Pirl    string
}

// Name is the key of the service's name in the message catalogue: "service.b10".
func (s ServiceType) Name() string { return "service." + strings.ToLower(s.Code) }

// Qualifying reports whether the service can start or extend participation.
func (s ServiceType) Qualifying() bool { return s.Starts || s.Extends }

// All is the catalogue in the order of domain.md 1.8. The slice is the caller's own.
func All() []ServiceType { return slices.Clone(catalogue) }

// Lookup finds a service by its code, upper case ("B11"); false when there is none.
func Lookup(code string) (ServiceType, bool) {
	i := slices.IndexFunc(catalogue, func(s ServiceType) bool { return s.Code == code })
	if i < 0 {
		return ServiceType{}, false
	}
	return catalogue[i], true
}

var catalogue = slices.Concat(basicServices, individualizedServices(), trainingServices(), youthElements, otherServices)

var basicServices = []ServiceType{
	{"B01", ClassBasicInfo, false, false, "1000,1002,1007"},     // eligibility determination
	{"B02", ClassBasicInfo, false, false, "1000,1002,1007"},     // outreach, intake, orientation
	{"B03", ClassBasicInfo, false, false, "1103"},               // labor market, vacancy, skill and demand information
	{"B04", ClassBasicInfo, false, false, "1100"},               // provider and local performance, availability of supports
	{"B05", ClassBasicSelf, false, false, "1000,1002,1101"},     // self-directed job search
	{"B10", ClassBasic, true, true, "1001,1003,1004,1104"},      // staff-assisted job search
	{"B11", ClassBasic, true, true, "1001,1003,1004,1102"},      // initial assessment, career counseling
	{"B12", ClassBasic, true, true, "1001,1003,1004,1105-1111"}, // placement help, referral to a job
	{"B13", ClassBasic, true, true, "1001,1003,1004,1113,1115"}, // coordinated referral to programs and supports
	{"B14", ClassBasic, true, true, "1001,1003,1004,1112"},      // help with filing for unemployment compensation
	{"B15", ClassBasic, true, true, "1001,1003,1004,1116"},      // help with financial aid
}

// individualizedServices are I01 to I11: comprehensive assessment, IEP, group counseling,
// individual counseling, career planning, prevocational, internship or work experience,
// workforce preparation, financial literacy, out-of-area and relocation, ELA and IET.
func individualizedServices() []ServiceType {
	own := []string{"", "1202", "", "", "", "1210", "1203,1205,1211", "", "1206", "", "1207"}
	list := make([]ServiceType, len(own))
	for i, pirl := range own {
		all := strings.TrimSuffix("1004,1200,1201,"+pirl, ",")
		list[i] = ServiceType{fmt.Sprintf("I%02d", i+1), ClassIndividualized, true, true, all}
	}
	return list
}

// trainingServices are T01 to T12, the codes of PIRL 1303, and T13 for people who get
// incumbent worker training only and so stay reportable individuals.
func trainingServices() []ServiceType {
	list := make([]ServiceType, 0, 13)
	for n := range 12 {
		list = append(list, ServiceType{fmt.Sprintf("T%02d", n+1), ClassTraining, true, true, "1300-1319"})
	}
	return append(list, ServiceType{"T13", ClassTraining, false, false, "907"})
}

var youthElements = []ServiceType{
	{"Y01", ClassYouthElement, true, true, "1402"},      // tutoring
	{"Y02", ClassYouthElement, true, true, "1403"},      // alternative school
	{"Y03", ClassYouthElement, true, true, "1205,1405"}, // work experience
	{"Y04", ClassYouthElement, true, true, "1303"},      // occupational skills
	{"Y05", ClassYouthElement, true, true, "1407"},      // education concurrent with workforce preparation
	{"Y06", ClassYouthElement, true, true, "1408"},      // leadership
	{"Y07", ClassYouthElement, true, false, "1409"},     // supportive services
	{"Y08", ClassYouthElement, true, true, "1410"},      // adult mentoring, 12 months
	{"Y09", ClassYouthElement, false, false, "1412"},    // follow-up
	{"Y10", ClassYouthElement, true, true, "1411"},      // guidance and counseling
	{"Y11", ClassYouthElement, true, true, "1206"},      // financial literacy
	{"Y12", ClassYouthElement, true, true, "1413"},      // entrepreneurial skills
	{"Y13", ClassYouthElement, true, true, "1414"},      // labor market information
	{"Y14", ClassYouthElement, true, true, "1415"},      // transition to postsecondary
}

var otherServices = []ServiceType{
	{"S01", ClassSupport, false, false, "1409"},       // supportive service
	{"F01", ClassFollowUp, false, false, "1503,1412"}, // follow-up service
	{"R01", ClassRapidResponse, false, false, "908,909,1501"},
}
