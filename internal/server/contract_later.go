package server

import (
	"maps"
	"net/http"

	"waymark/internal/account"
	"waymark/internal/caseload"
	"waymark/internal/document"
	"waymark/internal/explore"
	"waymark/internal/export"
	"waymark/internal/followup"
	"waymark/internal/message"
	"waymark/internal/openapi"
	"waymark/internal/ownwords"
	"waymark/internal/participation"
	"waymark/internal/pathway"
	"waymark/internal/portal"
	"waymark/internal/result"
	"waymark/internal/review"
	"waymark/internal/revision"
	"waymark/internal/rights"
	"waymark/internal/transfer"
)

// loose is an answer or an input whose properties the contract does not list yet.
type loose map[string]any

// The parameters of explore, of results and of the preview of a rule.
var (
	exploreQ = []openapi.Query{
		{Name: "q"},
		{Name: "kind", One: []string{"area", "occupation"}},
		{Name: "interest", One: []string{"R", "I", "A", "S", "E", "C"}},
		{Name: "pay", Type: "integer"},
		{Name: "time", One: []string{"short", "some", "long"}},
		{Name: "need", One: []string{"no_diploma", "no_degree", "no_licence"}},
		{Name: "liked", One: []string{"true", "false"}},
		{Name: "page", Type: "integer"},
	}
	quarterQ = []openapi.Query{{Name: "cohort"}, {Name: "program_year"}, {Name: "quarter", One: []string{"1", "2", "3", "4"}}}
	formatQ  = openapi.Query{Name: "format", One: []string{export.CSV, export.XLSX}}
	programQ = openapi.Query{Name: "program", One: append(result.Programs(), result.All)}
	resultQ  = append([]openapi.Query{programQ}, quarterQ...)
	periodQ  = append([]openapi.Query{{Name: "program", One: programQ.One, Must: true}, {Name: "place"}, formatQ}, quarterQ...)
	exportQ  = append([]openapi.Query{formatQ}, quarterQ...)
	previewQ = []openapi.Query{{Name: "key", One: caseload.FlagKeys(), Must: true}, {Name: "value", Must: true}}
)

func init() { maps.Copy(contract, later) }

// later describes the routes of supervision, results, papers, rights and the pathway's life.
var later = map[string]says{
	"GET /me/calendar.ics":                               {Tag: "Own pages", Summary: "My dates as a calendar file", File: "text/calendar"},
	"GET /me/calendar/feed":                              {Tag: "Own pages", Summary: "Whether my calendar feed is on", Out: loose{}},
	"POST /me/calendar/feed":                             {Tag: "Own pages", Summary: "Begin a calendar feed; its address is told once", Out: loose{}},
	"DELETE /me/calendar/feed":                           {Tag: "Own pages", Summary: "End the calendar feed", Status: http.StatusOK, Out: loose{}},
	"GET /cases/:case/documents":                         {Tag: "Cases", Summary: "Papers of a case that you may see", Out: listOf[loose]{}},
	"POST /cases/:case/documents":                        {Tag: "Cases", Summary: "Upload a paper", Upload: true, In: document.Input{}, Out: loose{}},
	"GET /cases/:case/documents/:document/file":          {Tag: "Cases", Summary: "Download a paper", File: "application/octet-stream"},
	"POST /cases/:case/documents/:document/seen":         {Tag: "Cases", Summary: "Note that a paper was seen", Status: http.StatusOK, Out: loose{}},
	"POST /cases/:case/documents/:document/archive":      {Tag: "Cases", Summary: "Put a paper away; nothing is deleted", In: document.ArchiveInput{}, Status: http.StatusOK, Out: loose{}},
	"GET /me/documents":                                  {Tag: "Own pages", Summary: "My papers", Out: listOf[loose]{}},
	"POST /me/documents":                                 {Tag: "Own pages", Summary: "Send a paper", Upload: true, In: document.OwnInput{}, Out: loose{}},
	"GET /me/documents/:document/file":                   {Tag: "Own pages", Summary: "Download my paper", File: "application/octet-stream"},
	"GET /explore":                                       {Tag: "Pathways", Summary: "Occupations by interest, pay and training", Query: exploreQ, Out: loose{}},
	"GET /me/tasks":                                      {Tag: "Own pages", Summary: "What I may say of myself, topic by topic, and the goals that I propose", Out: ownwords.Desk{}},
	"GET /me/tasks/:topic":                               {Tag: "Own pages", Summary: "One topic with what is known of it", Out: loose{}},
	"GET /me/plan/history":                               {Tag: "Own pages", Summary: "The plans that held, and what each changed", Out: listOf[portal.Version]{}},
	"PUT /me/tasks":                                      {Tag: "Own pages", Summary: "Answer one topic; the answers wait until somebody accepts them", In: ownAnswers{}, Partial: true, Out: ownwords.Words{}},
	"POST /me/goals":                                     {Tag: "Own pages", Summary: "Propose a goal; it waits until somebody accepts it", In: ownwords.GoalInput{}, Out: ownwords.Words{}},
	"POST /me/goals/:words/take-back":                    {Tag: "Own pages", Summary: "Take a proposed goal back", Status: http.StatusOK, Out: ownwords.Desk{}},
	"GET /cases/:case/own-words":                         {Tag: "Intake", Summary: "What the person has said of themselves and waits to be accepted", Out: ownReview{}},
	"POST /cases/:case/own-words/:words/accept":          {Tag: "Intake", Summary: "Take the person's own words over into the case", In: ownwords.AcceptInput{}, Match: openapi.MayMatch, Status: http.StatusOK, Out: ownReview{}},
	"POST /cases/:case/own-words/:words/decline":         {Tag: "Intake", Summary: "Decline the person's own words with a reason that they read", In: ownwords.DeclineInput{}, Status: http.StatusOK, Out: ownReview{}},
	"GET /me/explore":                                    {Tag: "Own pages", Summary: "Occupations by interest, pay and training, with my likes", Query: exploreQ, Out: loose{}},
	"POST /me/interests":                                 {Tag: "Own pages", Summary: "Answer interest statements", In: explore.AnswersInput{}, Status: http.StatusOK, Out: loose{}},
	"POST /me/likes":                                     {Tag: "Own pages", Summary: "Like an occupation or take it back", In: explore.LikeInput{}, Out: loose{}},
	"GET /pathways/:pathway/map":                         {Tag: "Pathways", Summary: "The map: levels, areas, jobs and pay", Query: versionQ, Out: loose{}},
	"GET /cases/:case/path":                              {Tag: "Recommendations", Summary: "A person's route on the map", Out: loose{}},
	"GET /pathways/:pathway/versions":                    {Tag: "Pathways", Summary: "Versions of a pathway and what became of them", Out: loose{}},
	"GET /pathways/:pathway/report":                      {Tag: "Pathways", Summary: "Good-pathway report", Out: loose{}},
	"GET /pathways/:pathway/moves":                       {Tag: "Pathways", Summary: "People whose steps a new version changed, with a proposal each", Query: versionQ, Out: loose{}},
	"POST /cases/:case/move":                             {Tag: "Recommendations", Summary: "Accept or decline the proposed move", In: revision.AnswerInput{}, Out: loose{}},
	"POST /pathways":                                     {Tag: "Pathways", Summary: "Start a new pathway with its first draft", In: pathway.NewInput{}, Out: loose{}},
	"POST /pathways/:pathway/drafts":                     {Tag: "Pathways", Summary: "Begin a new version", Out: loose{}},
	"GET /pathways/:pathway/drafts/:number":              {Tag: "Pathways", Summary: "A draft version with its checks", Out: loose{}},
	"PUT /pathways/:pathway/drafts/:number":              {Tag: "Pathways", Summary: "Replace a draft by a document", In: loose{}, Match: openapi.MustMatch, Out: loose{}},
	"POST /pathways/:pathway/drafts/:number/validation":  {Tag: "Pathways", Summary: "Note the employers who validated a draft", In: pathway.ValidationInput{}, Status: http.StatusOK, Out: loose{}},
	"POST /pathways/:pathway/drafts/:number/publication": {Tag: "Pathways", Summary: "Publish a draft", Out: loose{}},
	"POST /pathways/:pathway/drafts/:number/withdrawal":  {Tag: "Pathways", Summary: "Take a publication back", Status: http.StatusOK, Out: loose{}},
	"GET /pathways/grid":                                 {Tag: "Pathways", Summary: "Local demand by education and area", Out: listOf[loose]{}},
	"GET /me/rights":                                     {Tag: "Own pages", Summary: "My notice and consents", Out: loose{}},
	"POST /me/notice":                                    {Tag: "Own pages", Summary: "Acknowledge the equal-opportunity notice", In: rights.ReceiptInput{}, Out: loose{}},
	"POST /me/consents":                                  {Tag: "Own pages", Summary: "Consent to sharing with a partner", In: ownConsent{}, Out: loose{}},
	"POST /me/consents/:consent/withdraw":                {Tag: "Own pages", Summary: "Withdraw a consent", Status: http.StatusOK, Out: loose{}},
	"GET /cases/:case/rights":                            {Tag: "Cases", Summary: "Notice and consents of a person", Out: loose{}},
	"POST /cases/:case/notice":                           {Tag: "Cases", Summary: "Note that the notice was acknowledged on paper", In: rights.PaperReceiptInput{}, Out: loose{}},
	"POST /cases/:case/consents":                         {Tag: "Cases", Summary: "Record a consent given on paper", In: rights.ConsentInput{}, Out: loose{}},
	"POST /cases/:case/consents/:consent/withdraw":       {Tag: "Cases", Summary: "Record that a consent was withdrawn", Status: http.StatusOK, Out: loose{}},
	"GET /cases/:case/beside":                            {Tag: "Cases", Summary: "Who stands beside the participant: guardian and helpers", Out: account.Beside{}},
	"POST /cases/:case/guardian":                         {Tag: "Cases", Summary: "Name the guardian of somebody under 18", In: account.CompanionInput{}, Out: account.Beside{}},
	"POST /cases/:case/guardian/link":                    {Tag: "Cases", Summary: "Send the guardian a link to sign", Status: http.StatusOK, Out: account.Beside{}},
	"POST /cases/:case/guardian/end":                     {Tag: "Cases", Summary: "Take the guardian off the record", Status: http.StatusOK, Out: account.Beside{}},
	"GET /me/helpers":                                    {Tag: "Own pages", Summary: "Who may look on", Out: listOf[account.Companion]{}},
	"POST /me/helpers":                                   {Tag: "Own pages", Summary: "Let somebody look on", In: account.CompanionInput{}, Out: account.Companion{}},
	"POST /me/helpers/:companion/end":                    {Tag: "Own pages", Summary: "End what somebody sees", Status: http.StatusOK, Out: account.Companion{}},
	"GET /me/data":                                       {Tag: "Own pages", Summary: "A copy of my own data", Out: loose{}},
	"GET /me/complaints":                                 {Tag: "Own pages", Summary: "My complaints", Out: listOf[loose]{}},
	"POST /me/complaints":                                {Tag: "Own pages", Summary: "Complain to the equal-opportunity officer", In: rights.OwnComplaintInput{}, Out: loose{}},
	"GET /complaints":                                    {Tag: "Administration", Summary: "Complaints, for the equal-opportunity officer", Out: listOf[loose]{}},
	"POST /complaints":                                   {Tag: "Administration", Summary: "Take a complaint down", In: rights.ComplaintInput{}, Out: loose{}},
	"GET /complaints/:complaint":                         {Tag: "Administration", Summary: "A complaint", Out: loose{}},
	"POST /complaints/:complaint/events":                 {Tag: "Administration", Summary: "Note what was done about a complaint", In: rights.EventInput{}, Out: loose{}},
	"GET /results":                                       {Tag: "Administration", Summary: "The six WIOA indicators of a program with targets", Query: resultQ, Out: loose{}},
	"GET /results/:indicator":                            {Tag: "Administration", Summary: "The periods that an indicator counts, and why each is in or out", Query: periodQ, Out: loose{}},
	"POST /results/targets":                              {Tag: "Administration", Summary: "Set a target", In: result.TargetInput{}, Out: loose{}},
	"GET /reports/performance":                           {Tag: "Administration", Summary: "The six WIOA indicators of a program with targets", Query: resultQ, Out: loose{}},
	"GET /settings/preview":                              {Tag: "Administration", Summary: "How many people a new value of a rule would flag", Query: previewQ, Out: loose{}},
	"GET /team/overview":                                 {Tag: "Cases", Summary: "The supervisor's numbers, each with the list behind it", Out: loose{}},
	"GET /team/weeks/:week":                              {Tag: "Cases", Summary: "The check-ins that a week of the trend counts", Query: []openapi.Query{{Name: "kept", One: []string{"yes", "no"}}}, Out: loose{}},
	"GET /transfers":                                     {Tag: "Cases", Summary: "Transfers, newest first", Out: listOf[loose]{}},
	"POST /transfers":                                    {Tag: "Cases", Summary: "Move people to another case manager, all or none", In: transfer.Input{}, Out: loose{}},
	"GET /transfers/:transfer":                           {Tag: "Cases", Summary: "A transfer with its hand-off", Out: loose{}},
	"POST /transfers/:transfer/cancel":                   {Tag: "Cases", Summary: "Cancel a transfer that is dated ahead", Status: http.StatusOK, Out: loose{}},
	"GET /transfers/requests":                            {Tag: "Cases", Summary: "What case managers asked to transfer: what waits first", Out: listOf[transfer.Ask]{}},
	"POST /transfers/requests":                           {Tag: "Cases", Summary: "Ask the supervisor to give people of yours to somebody else", In: transfer.AskInput{}, Out: transfer.Ask{}},
	"GET /transfers/requests/:ask":                       {Tag: "Cases", Summary: "A request to transfer, with the people in reach", Out: transfer.Ask{}},
	"POST /transfers/requests/:ask/decline":              {Tag: "Cases", Summary: "Say no to a request, and why", In: transfer.DeclineInput{}, Status: http.StatusOK, Out: transfer.Ask{}},
	"POST /transfers/requests/:ask/grant":                {Tag: "Cases", Summary: "Move the people of a request, all or none", In: transfer.GrantInput{}, Status: http.StatusOK, Out: transfer.Ask{}},
	"POST /transfers/requests/:ask/withdraw":             {Tag: "Cases", Summary: "Take back a request of your own", Status: http.StatusOK, Out: transfer.Ask{}},
	"POST /users/:user/place":                            {Tag: "Administration", Summary: "Place somebody's whole caseload", In: transfer.PlaceInput{}, Out: loose{}},
	"GET /coverages":                                     {Tag: "Cases", Summary: "Covers, now and ahead", Out: listOf[loose]{}},
	"POST /coverages":                                    {Tag: "Cases", Summary: "Arrange cover for a colleague, with an end", In: transfer.CoverInput{}, Out: loose{}},
	"POST /coverages/:cover/end":                         {Tag: "Cases", Summary: "End a cover", Status: http.StatusOK, Out: loose{}},
	"GET /cases/:case/messages":                          {Tag: "Engagement", Summary: "The thread with a participant", Out: listOf[loose]{}},
	"POST /cases/:case/messages":                         {Tag: "Engagement", Summary: "Write to a participant", In: message.Input{}, Out: loose{}},
	"POST /caseload/bulk":                                {Tag: "Cases", Summary: "One action for several people, with a result for each", In: bulkInput{}, Status: http.StatusOK, Out: loose{}},
	"GET /caseload/views":                                {Tag: "Cases", Summary: "My saved views", Out: listOf[loose]{}},
	"POST /caseload/views":                               {Tag: "Cases", Summary: "Save a view", In: caseload.SavedInput{}, Out: loose{}},
	"DELETE /caseload/views/:saved":                      {Tag: "Cases", Summary: "Remove a saved view", Status: http.StatusOK, Out: loose{}},
	"GET /cases/:case/follow-ups":                        {Tag: "Engagement", Summary: "Questions of the supervisor and their answers", Out: listOf[loose]{}},
	"POST /cases/:case/follow-ups":                       {Tag: "Engagement", Summary: "Ask about a check-in", In: followup.AskInput{}, Out: loose{}},
	"POST /cases/:case/follow-ups/:follow_up/answer":     {Tag: "Engagement", Summary: "Answer a question", In: followup.AnswerInput{}, Status: http.StatusOK, Out: loose{}},
	"GET /reviews":                                       {Tag: "Administration", Summary: "File reviews", Out: listOf[loose]{}},
	"POST /reviews":                                      {Tag: "Administration", Summary: "Begin a file review with a seeded sample", In: review.BeginInput{}, Out: loose{}},
	"GET /reviews/:review":                               {Tag: "Administration", Summary: "A file review with its sample", Out: loose{}},
	"POST /reviews/:review/close":                        {Tag: "Administration", Summary: "Close a file review", Status: http.StatusOK, Out: loose{}},
	"PUT /reviews/:review/cases/:case":                   {Tag: "Administration", Summary: "Answer the checklist for a case", In: review.FindingsInput{}, Out: loose{}},
	"POST /reviews/:review/cases/:case/correct":          {Tag: "Administration", Summary: "Correct a finding", In: review.CorrectInput{}, Status: http.StatusOK, Out: loose{}},
	"GET /findings":                                      {Tag: "Administration", Summary: "Findings to correct", Out: listOf[loose]{}},
	"GET /team/fairness":                                 {Tag: "Cases", Summary: "How long steps take and what is recommended, chosen and completed by group; small groups hidden", Out: loose{}},
	"GET /cases/:case/narrative":                         {Tag: "Cases", Summary: "The story of a case in order of time", Out: listOf[loose]{}},
	"GET /results/fixes":                                 {Tag: "Administration", Summary: "What to fix before the export", Query: quarterQ, Out: loose{}},
	"POST /cases/:case/exit/keep":                        {Tag: "Engagement", Summary: "Decide that a disputed exit stays", In: participation.KeepInput{}, Out: loose{}},
	"GET /results/export":                                {Tag: "Administration", Summary: "The federal record of a quarter", Query: exportQ, Out: loose{}},
	"POST /results/submissions":                          {Tag: "Administration", Summary: "Freeze a quarter as submitted", In: result.SubmitInput{}, Out: loose{}},
	"GET /results/submissions/:submission":               {Tag: "Administration", Summary: "A submitted quarter, byte by byte", File: "text/csv"},
	"POST /results/layouts":                              {Tag: "Administration", Summary: "Load a record layout", In: result.LayoutInput{}, Out: loose{}},
	"POST /results/wages":                                {Tag: "Administration", Summary: "Import a wage-match file, all or nothing", In: result.ImportInput{}, Out: loose{}},
	"GET /follow-up":                                     {Tag: "Engagement", Summary: "Follow-up due after exit", Out: listOf[loose]{}},
	"GET /cases/:case/follow-up":                         {Tag: "Engagement", Summary: "Follow-up of a case by quarter after exit", Out: loose{}},
	"POST /cases/:case/follow-up":                        {Tag: "Engagement", Summary: "Record a follow-up", In: result.EndInput{}, Out: loose{}},
	"GET /results/wages/:import":                         {Tag: "Administration", Summary: "A wage file with what became of each of its lines", Query: []openapi.Query{{Name: "result", One: result.LineResults}, formatQ}, Out: loose{}},
	"POST /cases/:case/wages":                            {Tag: "Engagement", Summary: "Record wages of a quarter", In: result.WageInput{}, Out: loose{}},
}
