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
	ReadCaseload          = Permission{"caseload", "read"}
	ManageCatalogue       = Permission{"catalogue", "manage"}
	RecordCheckin         = Permission{"checkin", "record"}
	ResetDemo             = Permission{"demo", "reset"}
	RecordDeparture       = Permission{"departure", "record"}
	DecideEligibility     = Permission{"eligibility", "decide"}
	RecordEquity          = Permission{"equity", "record"}
	KeepExit              = Permission{"exit", "keep"}
	WriteGoal             = Permission{"goal", "write"}
	ManageHoliday         = Permission{"holiday", "manage"}
	UpdateIntake          = Permission{"intake", "update"}
	ReadStaffNote         = Permission{"note", "read_staff"}
	WriteNote             = Permission{"note", "write"}
	ManageOffice          = Permission{"office", "manage"}
	RecordOutcome         = Permission{"outcome", "record"}
	CreateParticipant     = Permission{"participant", "create"}
	UpdateParticipant     = Permission{"participant", "update"}
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
	ChooseSelection       = Permission{"selection", "choose"}
	RecordService         = Permission{"service", "record"}
	ManageSetting         = Permission{"setting", "manage"}
	AnswerSignal          = Permission{"signal", "answer"}
	UpdateSupport         = Permission{"support", "update"}
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
		ReadCaseload,
		ManageCatalogue,
		RecordCheckin,
		ResetDemo,
		RecordDeparture,
		DecideEligibility,
		RecordEquity,
		KeepExit,
		WriteGoal,
		ManageHoliday,
		UpdateIntake,
		ReadStaffNote,
		WriteNote,
		ManageOffice,
		RecordOutcome,
		CreateParticipant,
		UpdateParticipant,
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
		ChooseSelection,
		RecordService,
		ManageSetting,
		AnswerSignal,
		UpdateSupport,
		ManageUser,
	}
}
