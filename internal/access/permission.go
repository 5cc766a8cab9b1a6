package access

// Permission is a resource and what is done to it, as in policies/policy.csv.
type Permission struct{ Resource, Action string }

// String is "resource.action".
func (p Permission) String() string { return p.Resource + "." + p.Action }

// The permissions that services ask for. A test keeps them equal to the policy's.
var (
	WriteAppointment      = Permission{"appointment", "write"}
	RecordAssessment      = Permission{"assessment", "record"}
	ReadAudit             = Permission{"audit", "read"}
	OpenCase              = Permission{"case", "open"}
	ReadCase              = Permission{"case", "read"}
	TransferCase          = Permission{"case", "transfer"}
	PlaceCaseload         = Permission{"caseload", "place"}
	ReadCaseload          = Permission{"caseload", "read"}
	ManageCatalogue       = Permission{"catalogue", "manage"}
	RecordCheckin         = Permission{"checkin", "record"}
	ArrangeCover          = Permission{"cover", "arrange"}
	ManageComplaint       = Permission{"complaint", "manage"}
	RecordConsent         = Permission{"consent", "record"}
	ResetDemo             = Permission{"demo", "reset"}
	RecordDeparture       = Permission{"departure", "record"}
	ReadDocument          = Permission{"document", "read"}
	ReadRestricted        = Permission{"document", "read_restricted"}
	WriteDocument         = Permission{"document", "write"}
	DecideEligibility     = Permission{"eligibility", "decide"}
	RecordEquity          = Permission{"equity", "record"}
	ReadFairness          = Permission{"fairness", "read"}
	AnswerFollowUp        = Permission{"follow_up", "answer"}
	AskFollowUp           = Permission{"follow_up", "ask"}
	KeepExit              = Permission{"exit", "keep"}
	WriteGoal             = Permission{"goal", "write"}
	ReadHelped            = Permission{"helped", "read"}
	ManageHoliday         = Permission{"holiday", "manage"}
	UpdateIntake          = Permission{"intake", "update"}
	SendMessage           = Permission{"message", "send"}
	ReadStaffNote         = Permission{"note", "read_staff"}
	WriteNote             = Permission{"note", "write"}
	ManageNoteTemplate    = Permission{"note_template", "manage"}
	ReadOutbox            = Permission{"outbox", "read"}
	ManageOffice          = Permission{"office", "manage"}
	RecordOutcome         = Permission{"outcome", "record"}
	CreateParticipant     = Permission{"participant", "create"}
	UpdateParticipant     = Permission{"participant", "update"}
	EditPathway           = Permission{"pathway", "edit"}
	ApprovePlan           = Permission{"plan", "approve"}
	DraftPlan             = Permission{"plan", "draft"}
	SignPlan              = Permission{"plan", "sign"}
	AnswerPortal          = Permission{"portal", "answer"}
	ReadPortal            = Permission{"portal", "read"}
	ComputeRecommendation = Permission{"recommendation", "compute"}
	ReviewRecommendation  = Permission{"recommendation", "review"}
	ReadRecord            = Permission{"record", "read"}
	ManageResult          = Permission{"result", "manage"}
	ReadResult            = Permission{"result", "read"}
	WriteRequest          = Permission{"request", "write"}
	CorrectFile           = Permission{"review", "correct"}
	ReviewFile            = Permission{"review", "write"}
	ChooseSelection       = Permission{"selection", "choose"}
	RecordService         = Permission{"service", "record"}
	ManageSetting         = Permission{"setting", "manage"}
	AnswerSignal          = Permission{"signal", "answer"}
	UpdateSupport         = Permission{"support", "update"}
	ReadTeam              = Permission{"team", "read"}
	AskTransfer           = Permission{"transfer", "ask"}
	ReadTransfer          = Permission{"transfer", "read"}
	ManageUser            = Permission{"user", "manage"}
)

// Permissions lists them all, in the order of the policy.
func Permissions() []Permission {
	return []Permission{
		WriteAppointment,
		RecordAssessment,
		ReadAudit,
		OpenCase,
		ReadCase,
		TransferCase,
		PlaceCaseload,
		ReadCaseload,
		ManageCatalogue,
		RecordCheckin,
		ArrangeCover,
		ManageComplaint,
		RecordConsent,
		ResetDemo,
		RecordDeparture,
		ReadDocument,
		ReadRestricted,
		WriteDocument,
		DecideEligibility,
		RecordEquity,
		ReadFairness,
		AnswerFollowUp,
		AskFollowUp,
		KeepExit,
		WriteGoal,
		ReadHelped,
		ManageHoliday,
		UpdateIntake,
		SendMessage,
		ReadStaffNote,
		WriteNote,
		ManageNoteTemplate,
		ReadOutbox,
		ManageOffice,
		RecordOutcome,
		CreateParticipant,
		UpdateParticipant,
		EditPathway,
		ApprovePlan,
		DraftPlan,
		SignPlan,
		AnswerPortal,
		ReadPortal,
		ComputeRecommendation,
		ReviewRecommendation,
		ReadRecord,
		ManageResult,
		ReadResult,
		WriteRequest,
		CorrectFile,
		ReviewFile,
		ChooseSelection,
		RecordService,
		ManageSetting,
		AnswerSignal,
		UpdateSupport,
		ReadTeam,
		AskTransfer,
		ReadTransfer,
		ManageUser,
	}
}
