// Package notice tells participants that something is there for them: by text or by mail, as they chose,
// never in quiet hours, each thing once. It says who writes and when, never what about.
package notice

import (
	"time"

	"waymark/internal/access"
	"waymark/internal/agency"
	"waymark/internal/civil"
	"waymark/internal/mail"
	"waymark/internal/msg"
	"waymark/internal/pg"
	"waymark/internal/sms"
)

// Kind is what a notice is about.
type Kind string

// The kinds. People choose among four: what is to sign and what was signed are one to them.
const (
	Appointment Kind = "appointment"
	Todo        Kind = "todo"
	Sign        Kind = "sign"
	Copy        Kind = "copy"
	Message     Kind = "message"
)

// paths are where the link of a kind leads.
var paths = map[Kind]string{Appointment: "/me", Todo: "/me/plan", Sign: "/me/plan/sign", Copy: "/me/plan/print", Message: "/me/messages"}

// Notice is one thing to tell somebody.
type Notice struct {
	Kind Kind          `db:"kind"`
	Case access.CaseID `db:"case_id"`
	On   civil.Date    `db:"on_date"`
	At   civil.Clock   `db:"at_time"`
	// Staff is the first name of who writes; the case manager's unless it is given.
	Staff string `db:"-"`
	// About is the id of what it tells of.
	About string `db:"about"`
	// Once lets the same thing be told a single time.
	Once string `db:"once"`
}

// From joins to `cases c` the person, who signs in as them, and what they chose.
const From = `cases c join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
	left join users u on u.agency_id = p.agency_id and u.participant_id = p.id and u.role = 'participant' and u.active
	left join notice_choices n on n.agency_id = p.agency_id and n.participant_id = p.id`

// Channel is the SQL of how somebody can be told: text when they agreed to texts and it is safe to leave a
// message, else email when they sign in and there is an address, else nothing.
const Channel = `case
	when coalesce(n.channel, 'text') = 'text' and p.texts_ok and p.safe_to_leave_message and p.phone_digits ~ '^1?[2-9][0-9][0-9][2-9][0-9]{6}$'
		and not exists (select from text_stops s where s.agency_id = p.agency_id and s.digits = right(p.phone_digits, 10) and s.resumed_at is null) then 'text'
	when coalesce(n.channel, 'text') <> 'none' and u.id is not null and coalesce(nullif(u.email, ''), p.email) <> '' then 'email'
	else '' end`

// Wants is the SQL of whether somebody wants to be told of a kind.
func Wants(k Kind) string {
	return `coalesce(n.` + map[Kind]string{Appointment: "appointment", Todo: "todo", Sign: "plan", Copy: "plan", Message: "message"}[k] + `, true)`
}

// reader is whom a notice goes to.
type reader struct {
	Channel  string `db:"channel"`
	Phone    string `db:"phone"`
	Email    string `db:"email"`
	Language string `db:"language"`
	Staff    string `db:"staff"`
	Agency   string `db:"agency"`
	Zone     string `db:"time_zone"`
}

// Tell puts a notice into the outbox of however its reader can be told and wants to be; into none otherwise.
func Tell(tx *pg.Tx, by access.Actor, baseURL string, one Notice) error {
	r, found, err := pg.Find[reader](tx, `select `+Channel+` as channel, p.phone, coalesce(nullif(u.email, ''), p.email) as email, p.language,
			coalesce(m.first_name, '') as staff, a.name as agency, a.time_zone
		from `+From+` join agencies a on a.id = c.agency_id left join users m on m.agency_id = c.agency_id and m.id = c.case_manager_id
		where c.id = :case_id and `+Wants(one.Kind), pg.Args{"case_id": one.Case})
	if err != nil || !found || r.Channel == "" {
		return err
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return err
	}
	quiet, err := hoursOn(tx, civil.Of(tx.Now.In(zone)))
	if err != nil {
		return err
	}
	return r.write(tx, by, baseURL, one, quiet.wait(tx.Now.In(zone)))
}

func (r reader) write(tx *pg.Tx, by access.Actor, baseURL string, one Notice, wait time.Duration) error {
	words, key := msg.For(r.Language), string(one.Kind)
	args := msg.Args{"staff": r.Staff, "agency": r.Agency, "day": "", "time": "", "link": baseURL + paths[one.Kind]}
	if one.Staff != "" {
		args["staff"] = one.Staff
	}
	if !one.On.IsZero() {
		args["day"] = words.WeekdayName(one.On) + " " + words.LongDay(one.On)
	}
	if !one.At.IsZero() {
		args["time"] = words.Clock(one.At.Time())
	}
	if r.Channel == "text" {
		_, err := sms.Queue(tx, by, sms.Digits(r.Phone), sms.Text{Kind: key, Body: words.T("text.notice."+key, args), Case: one.Case, About: one.About, Once: one.Once, Wait: wait})
		return err
	}
	return mail.Queue(tx, by, mail.Letter{
		Kind: key, Recipient: r.Email, Subject: words.T("mail.notice."+key+".subject", args), Body: words.T("mail.notice."+key+".body", args),
		Case: one.Case, About: one.About, Once: one.Once, Wait: wait,
	})
}

// hours are those of the day in which nobody is told anything; none when both are the same.
type hours struct{ from, until int }

func hoursOn(tx *pg.Tx, today civil.Date) (hours, error) {
	rules, err := agency.SettingsOn(tx, today)
	return hours{rules.QuietFrom, rules.QuietUntil}, err
}

// wait is how long the quiet hours still last.
func (h hours) wait(local time.Time) time.Duration {
	at := local.Hour()
	quiet := h.from <= at && at < h.until
	if h.from > h.until {
		quiet = at >= h.from || at < h.until
	}
	if !quiet {
		return 0
	}
	day := local.Day()
	if at >= h.until {
		day++
	}
	return time.Date(local.Year(), local.Month(), day, h.until, 0, 0, 0, local.Location()).Sub(local)
}

// Quiet reports whether it is a quiet hour at the agency of the transaction.
func Quiet(tx *pg.Tx, by access.Actor) (bool, error) {
	h, err := hoursOn(tx, by.Today(tx.Now))
	return h.wait(by.Local(tx.Now)) > 0, err
}
