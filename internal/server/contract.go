package server

import (
	"net/http"

	"waymark/internal/account"
	"waymark/internal/agency"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/caseload"
	"waymark/internal/engagement"
	"waymark/internal/equity"
	"waymark/internal/explore"
	"waymark/internal/goal"
	"waymark/internal/id"
	"waymark/internal/intake"
	"waymark/internal/notetemplate"
	"waymark/internal/openapi"
	"waymark/internal/outbox"
	"waymark/internal/participant"
	"waymark/internal/participation"
	"waymark/internal/plan"
	"waymark/internal/portal"
	"waymark/internal/recommend"
	"waymark/internal/selection"
)

// listOf is how every list answers.
type listOf[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// What some routes answer beside their list or instead of a thing.
type (
	withdrawn struct {
		ID        engagement.CheckInID `json:"id"`
		Withdrawn bool                 `json:"withdrawn"`
	}
	archived struct {
		ID       id.Of[agency.Holiday] `json:"id"`
		Archived bool                  `json:"archived"`
	}
	seen struct {
		Seen bool `json:"seen"`
	}
	assessmentList struct {
		listOf[scoredView]
		Missing []string `json:"missing"`
	}
	eligibilityList struct {
		listOf[intake.Determination]
		Facts        intake.FactsInput      `json:"facts"`
		Preview      []intake.Determination `json:"preview"`
		PriorityNote string                 `json:"priority_note"`
	}
	serviceList struct {
		listOf[participation.Record]
		Clock participation.Clock `json:"exit_clock"`
	}
	pathwayList struct {
		listOf[pathwayItem]
		Version     string `json:"version"`
		DataVersion string `json:"data_version"`
	}
	snapshotList struct {
		listOf[recommend.Snapshot]
		Missing []string        `json:"missing"`
		Likes   []explore.Liked `json:"likes"`
	}
	diffList struct {
		From int `json:"from"`
		To   int `json:"to"`
		listOf[plan.Change]
	}
)

// told is what came of something that a participant told: a signal, or the appointment that was answered.
type told struct{}

// JSONSchemaOneOf lists what it may be.
func (told) JSONSchemaOneOf() []any { return []any{portal.Signal{}, portal.Appointment{}} }

// says is what the description of a route says; the rest of it comes from the route.
type says = openapi.Operation

// The parameters that several lists take.
var (
	pages    = []openapi.Query{{Name: "limit", Type: "integer"}, {Name: "cursor"}}
	cursor   = []openapi.Query{{Name: "cursor"}}
	versionQ = []openapi.Query{{Name: "version", Type: "integer"}}
	findQ    = []openapi.Query{{Name: "q"}}
	caseQ    = append([]openapi.Query{
		{Name: "step", Type: "integer"},
		{Name: "attention", One: caseload.Views},
		{Name: "case_manager", Type: "uuid"},
		{Name: "office", Type: "uuid"},
		{Name: "sort", One: []string{"due", "name", "step", "contact"}},
		{Name: "q"},
		{Name: "pathway"},
		{Name: "language"},
		{Name: "urgency"},
		{Name: "flag", One: casefile.Flags()},
	}, pages...)
	auditQ  = append([]openapi.Query{{Name: "case", Type: "uuid"}, {Name: "person"}, {Name: "actor"}, {Name: "action"}, {Name: "from", Type: "date"}, {Name: "to", Type: "date"}}, pages...)
	peopleQ = append([]openapi.Query{{Name: "q"}, {Name: "role"}, {Name: "active"}, {Name: "office", Type: "uuid"}}, pages...)
)

// contract describes every route of the API: what it is for, what it reads and what it answers. A test
// fails for a route that is not here, and for an answer that is not as it says.
var contract = map[string]says{
	"POST /session":   {Tag: "Session", Summary: "Sign in", In: account.Credentials{}, Out: sessionView{}},
	"DELETE /session": {Tag: "Session", Summary: "Sign out", Status: http.StatusNoContent},
	"GET /me":         {Tag: "Session", Summary: "Who am I, and what may I do", Out: meView{}},

	"GET /participants":                          {Tag: "Participants", Summary: "Find people by name, phone or number", Query: findQ, Out: listOf[participant.Hit]{}},
	"POST /participants":                         {Tag: "Participants", Summary: "Add a person; possible duplicates are 409 until distinct_from names them", In: participant.Create{}, Out: participant.Participant{}},
	"GET /participants/:participant":             {Tag: "Participants", Summary: "Read a person", Out: participant.Participant{}},
	"PATCH /participants/:participant":           {Tag: "Participants", Summary: "Change a person", In: participant.Input{}, Out: participant.Participant{}},
	"POST /participants/:participant/cases":      {Tag: "Participants", Summary: "Open a case; after an exit it is a re-entry", In: casefile.OpenInput{}, Out: casefile.Case{}},
	"POST /participants/:participant/invitation": {Tag: "Participants", Summary: "Invite a person to their own pages", In: account.InvitationInput{}, Out: account.Linked{}},
	"POST /participants/:participant/lost-phone": {Tag: "Participants", Summary: "End what a lost telephone opens, and invite again", In: account.LostInput{}, Out: account.Linked{}},

	"GET /cases":                {Tag: "Cases", Summary: "The caseload", Query: caseQ, Out: caseload.List{}},
	"GET /cases/:case":          {Tag: "Cases", Summary: "The record: step, steps, attention, exit clock", Out: caseView{}},
	"GET /cases/:case/timeline": {Tag: "Cases", Summary: "What happened", Query: cursor, Out: casefile.Timeline{}},
	"GET /today":                {Tag: "Cases", Summary: "What is due", Query: []openapi.Query{{Name: "sort", One: []string{"due", "person", "place"}}}, Out: todayView{}},

	"GET /cases/:case/intake":             {Tag: "Intake", Summary: "Read the intake record", Out: intakeView{}},
	"PUT /cases/:case/intake":             {Tag: "Intake", Summary: "Save sections of the intake record; what is left out stays. versions names the version of each section that was there", In: intakeBody{}, Partial: true, Out: intakeView{}},
	"POST /cases/:case/intake/notice":     {Tag: "Intake", Summary: "Note that the equal-opportunity notice was given", In: noticeInput{}, Out: noticeInput{}},
	"GET /cases/:case/eligibility":        {Tag: "Intake", Summary: "Decisions on eligibility, facts known and what they would decide", Out: eligibilityList{}},
	"POST /cases/:case/eligibility":       {Tag: "Intake", Summary: "Decide eligibility", In: intake.EligibilityInput{}, Out: intake.Determination{}},
	"GET /cases/:case/assessments":        {Tag: "Intake", Summary: "Assessments", Out: assessmentList{}},
	"POST /cases/:case/assessments":       {Tag: "Intake", Summary: "Record an assessment or waive one", In: intake.AssessmentInput{}, Out: scoredView{}},
	"GET /cases/:case/support-needs":      {Tag: "Intake", Summary: "The support-needs screen", Out: intake.Screen{}},
	"PUT /cases/:case/support-needs":      {Tag: "Intake", Summary: "Save the support-needs screen", In: intake.ScreenInput{}, Match: openapi.MayMatch, Out: intake.Screen{}},
	"GET /cases/:case/equal-opportunity":  {Tag: "Intake", Summary: "When equal opportunity was asked; never the answers", Out: askedView{}},
	"POST /cases/:case/equal-opportunity": {Tag: "Intake", Summary: "Record the equal-opportunity answers", In: equity.Input{}, Out: askedView{}},

	"GET /cases/:case/recommendations":                   {Tag: "Recommendations", Summary: "Rankings, newest first", Query: cursor, Out: snapshotList{}},
	"POST /cases/:case/recommendations":                  {Tag: "Recommendations", Summary: "Compute a ranking", In: recommend.ComputeInput{}, Out: recommend.Snapshot{}},
	"GET /cases/:case/recommendations/:snapshot":         {Tag: "Recommendations", Summary: "Read a ranking", Out: recommend.Snapshot{}},
	"POST /cases/:case/recommendations/:snapshot/review": {Tag: "Recommendations", Summary: "Record that it was talked about with the person", In: recommend.ReviewInput{}, Out: recommend.Review{}},
	"GET /cases/:case/selection":                         {Tag: "Recommendations", Summary: "Choices of pathway, newest first", Out: listOf[selection.Selection]{}},
	"POST /cases/:case/selection":                        {Tag: "Recommendations", Summary: "Choose a pathway", In: selection.Input{}, Out: selection.Selection{}},

	"GET /cases/:case/goals":         {Tag: "Goals", Summary: "Goals", Out: listOf[goal.Goal]{}},
	"POST /cases/:case/goals":        {Tag: "Goals", Summary: "Add a goal", In: goal.Input{}, Out: goal.Goal{}},
	"GET /cases/:case/goals/:goal":   {Tag: "Goals", Summary: "Read a goal", Out: goal.Goal{}},
	"PATCH /cases/:case/goals/:goal": {Tag: "Goals", Summary: "Change a goal", In: goal.Input{}, Out: goal.Goal{}},

	"GET /cases/:case/plan":                          {Tag: "Plan", Summary: "The plan in force, or the version asked for", Query: versionQ, Out: plan.Plan{}},
	"POST /cases/:case/plan":                         {Tag: "Plan", Summary: "Draft a plan from the chosen pathway", In: plan.DraftInput{}, Out: plan.Plan{}},
	"PATCH /cases/:case/plan":                        {Tag: "Plan", Summary: "Change the draft's dates, rhythm or language", In: plan.HeaderInput{}, Out: plan.Plan{}},
	"GET /cases/:case/plan/versions":                 {Tag: "Plan", Summary: "Versions", Out: listOf[plan.Summary]{}},
	"GET /cases/:case/plan/diff":                     {Tag: "Plan", Summary: "What differs between two versions", Query: []openapi.Query{{Name: "from", Type: "integer", Must: true}, {Name: "to", Type: "integer", Must: true}}, Out: diffList{}},
	"POST /cases/:case/plan/submit":                  {Tag: "Plan", Summary: "Send the draft to be signed and approved", In: plan.SubmitInput{}, Match: openapi.MustMatch, Status: http.StatusOK, Out: plan.Plan{}},
	"POST /cases/:case/plan/reopen":                  {Tag: "Plan", Summary: "Take the version back to work on it", Match: openapi.MustMatch, Status: http.StatusOK, Out: plan.Plan{}},
	"POST /cases/:case/plan/signatures":              {Tag: "Plan", Summary: "Sign", In: staffMark{}, Out: plan.Plan{}},
	"POST /cases/:case/plan/approval":                {Tag: "Plan", Summary: "Approve or return", In: plan.ApprovalInput{}, Out: plan.Plan{}},
	"POST /cases/:case/plan/milestones":              {Tag: "Plan", Summary: "Add a milestone", In: plan.MilestoneInput{}, Out: plan.ChangedMilestone{}},
	"PATCH /cases/:case/plan/milestones/:milestone":  {Tag: "Plan", Summary: "Change a milestone; what depends on it moves along", In: plan.MilestoneInput{}, Out: plan.ChangedMilestone{}},
	"DELETE /cases/:case/plan/milestones/:milestone": {Tag: "Plan", Summary: "Remove a milestone of a draft", Match: openapi.MustMatch},
	"POST /cases/:case/plan/lines":                   {Tag: "Plan", Summary: "Add a service, support or cost", In: plan.LineInput{}, Out: lineView{}},
	"PATCH /cases/:case/plan/lines/:line":            {Tag: "Plan", Summary: "Change a service, support or cost", In: plan.LineInput{}, Out: lineView{}},
	"DELETE /cases/:case/plan/lines/:line":           {Tag: "Plan", Summary: "Remove a service, support or cost", Match: openapi.MustMatch},
	"GET /approvals":                                 {Tag: "Plan", Summary: "Plans that wait for approval", Query: pages, Out: listOf[plan.Waiting]{}},

	"GET /cases/:case/services":                    {Tag: "Engagement", Summary: "Services, and the exit clock", Out: serviceList{}},
	"POST /cases/:case/services/:service/proofs":   {Tag: "Engagement", Summary: "Note that a service that goes on is still taken part in", In: participation.ProofInput{}, Out: participation.Record{}},
	"POST /cases/:case/services":                   {Tag: "Engagement", Summary: "Record a service; says what it does to participation", In: participation.Input{}, Out: participation.Made{}},
	"GET /cases/:case/check-ins":                   {Tag: "Engagement", Summary: "Check-ins, newest first", Out: listOf[engagement.CheckIn]{}},
	"POST /cases/:case/check-ins":                  {Tag: "Engagement", Summary: "Record a check-in: contact, progress, note, next date", In: engagement.CheckInInput{}, Out: engagement.Recorded{}},
	"GET /cases/:case/check-ins/:checkin":          {Tag: "Engagement", Summary: "Read a check-in", Out: engagement.CheckIn{}},
	"POST /cases/:case/check-ins/:checkin/undo":    {Tag: "Engagement", Summary: "Take a check-in back", Status: http.StatusOK, Out: withdrawn{}},
	"GET /cases/:case/appointments":                {Tag: "Engagement", Summary: "Appointments", Out: listOf[engagement.Appointment]{}},
	"POST /cases/:case/appointments":               {Tag: "Engagement", Summary: "Agree an appointment", In: engagement.AppointmentInput{}, Out: engagement.Appointment{}},
	"GET /cases/:case/appointments/:appointment":   {Tag: "Engagement", Summary: "Read an appointment", Out: engagement.Appointment{}},
	"PATCH /cases/:case/appointments/:appointment": {Tag: "Engagement", Summary: "Change an appointment", In: engagement.AppointmentInput{}, Out: engagement.Appointment{}},
	"GET /cases/:case/notes":                       {Tag: "Engagement", Summary: "Notes that you may read", Out: listOf[engagement.Note]{}},
	"POST /cases/:case/notes":                      {Tag: "Engagement", Summary: "Write a note", In: engagement.NoteInput{}, Out: engagement.Note{}},
	"GET /cases/:case/requests":                    {Tag: "Engagement", Summary: "Papers asked for", Out: listOf[engagement.Ask]{}},
	"POST /cases/:case/requests":                   {Tag: "Engagement", Summary: "Note that a paper was asked for", In: engagement.AskInput{}, Out: engagement.Ask{}},
	"POST /cases/:case/requests/:request/received": {Tag: "Engagement", Summary: "Note that it came", In: engagement.ReceivedInput{}, Status: http.StatusOK, Out: engagement.Ask{}},
	"POST /cases/:case/signals/:signal/seen":       {Tag: "Engagement", Summary: "Mark what a participant told us as seen", Status: http.StatusOK, Out: seen{}},
	"POST /cases/:case/pause":                      {Tag: "Engagement", Summary: "Pause", In: engagement.PauseInput{}, Out: engagement.Departure{}},
	"POST /cases/:case/exclusion":                  {Tag: "Engagement", Summary: "Record after the exit what leaves the period out of the measures", In: engagement.ExclusionInput{}, Out: engagement.Departure{}},
	"POST /cases/:case/exit":                       {Tag: "Engagement", Summary: "Record that the person leaves", In: engagement.ExitInput{}, Out: engagement.Departure{}},
	"POST /cases/:case/return":                     {Tag: "Engagement", Summary: "Record that the person is back", In: engagement.ReturnInput{}, Out: engagement.Departure{}},
	"GET /cases/:case/outcomes":                    {Tag: "Engagement", Summary: "Outcomes", Out: listOf[engagement.Outcome]{}},
	"POST /cases/:case/outcomes":                   {Tag: "Engagement", Summary: "Record an outcome", In: engagement.OutcomeInput{}, Out: engagement.Outcome{}},

	"GET /me/plan":     {Tag: "Own pages", Summary: "A participant's own plan", Out: myPlan{}},
	"POST /me/answers": {Tag: "Own pages", Summary: "What a participant tells us", In: myAnswer{}, Out: told{}},

	"GET /pathways":          {Tag: "Pathways", Summary: "Pathways", Out: pathwayList{}},
	"GET /pathways/:pathway": {Tag: "Pathways", Summary: "A pathway with its steps", Query: versionQ, Out: pathwayView{}},
	"GET /occupations/:soc":  {Tag: "Pathways", Summary: "An occupation with its wages", Out: occupationView{}},

	"GET /audit":                             {Tag: "Administration", Summary: "Who did and who looked", Query: auditQ, Out: audit.Page{}},
	"GET /outbox":                            {Tag: "Administration", Summary: "Messages sent, to whom masked", Query: cursor, Out: outbox.Page{}},
	"GET /users":                             {Tag: "Administration", Summary: "People who sign in", Query: peopleQ, Out: account.PeoplePage{}},
	"POST /users":                            {Tag: "Administration", Summary: "Invite somebody", In: account.PersonInput{}, Out: account.Linked{}},
	"GET /users/:user":                       {Tag: "Administration", Summary: "Read somebody", Out: account.Person{}},
	"PATCH /users/:user":                     {Tag: "Administration", Summary: "Change somebody", In: account.PersonInput{}, Out: account.Person{}},
	"POST /users/:user/deactivate":           {Tag: "Administration", Summary: "Shut somebody out", Match: openapi.MustMatch, Status: http.StatusOK, Out: account.Person{}},
	"POST /users/:user/reactivate":           {Tag: "Administration", Summary: "Let somebody in again", Match: openapi.MustMatch, Status: http.StatusOK, Out: account.Person{}},
	"POST /users/:user/reset-link":           {Tag: "Administration", Summary: "Make a link for a new password", Out: account.Linked{}},
	"GET /offices":                           {Tag: "Administration", Summary: "Offices", Out: listOf[agency.Office]{}},
	"POST /offices":                          {Tag: "Administration", Summary: "Add an office", In: agency.OfficeInput{}, Out: agency.Office{}},
	"PATCH /offices/:office":                 {Tag: "Administration", Summary: "Change an office", In: agency.OfficeInput{}, Out: agency.Office{}},
	"GET /note-templates":                    {Tag: "Administration", Summary: "Texts that notes can begin from; the archived ones only for whoever keeps them", Out: listOf[notetemplate.Template]{}},
	"POST /note-templates":                   {Tag: "Administration", Summary: "Add a note template", In: notetemplate.Input{}, Out: notetemplate.Template{}},
	"GET /note-templates/:template":          {Tag: "Administration", Summary: "One note template", Out: notetemplate.Template{}},
	"PATCH /note-templates/:template":        {Tag: "Administration", Summary: "Change a note template", In: notetemplate.Input{}, Out: notetemplate.Template{}},
	"POST /note-templates/:template/archive": {Tag: "Administration", Summary: "Put a note template away; nothing is deleted", Match: openapi.MustMatch, Status: http.StatusOK, Out: notetemplate.Template{}},
	"POST /offices/:office/archive":          {Tag: "Administration", Summary: "Close an office", Match: openapi.MustMatch, Status: http.StatusOK, Out: agency.Office{}},
	"GET /holidays":                          {Tag: "Administration", Summary: "Holidays", Out: listOf[agency.Holiday]{}},
	"POST /holidays":                         {Tag: "Administration", Summary: "Add a holiday", In: agency.HolidayInput{}, Out: agency.Holiday{}},
	"POST /holidays/:holiday/archive":        {Tag: "Administration", Summary: "Remove a holiday", Match: openapi.MustMatch, Status: http.StatusOK, Out: archived{}},
	"GET /settings":                          {Tag: "Administration", Summary: "Settings and their history", Out: listOf[settingView]{}},
	"POST /settings":                         {Tag: "Administration", Summary: "Set a setting from a day on", In: agency.SettingInput{}, Out: settingView{}},

	"GET /openapi.json": {Tag: "Session", Summary: "This description", Out: map[string]any{}},
}
