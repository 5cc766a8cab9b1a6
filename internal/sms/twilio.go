package sms

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Twilio speaks the protocol of Twilio's Messages resource, which others speak too.
type Twilio struct {
	api, account, token string
	from                url.Values // From or MessagingServiceSid
	callback            string     // where the provider tells what became of a text; "" for nowhere
	http                *http.Client
}

// ErrURL says how WAYMARK_SMS_URL looks.
var ErrURL = errors.New("WAYMARK_SMS_URL is like https://ACCOUNT_SID:AUTH_TOKEN@api.twilio.com?from=%2B12075550100, or with service=MG... in place of from")

// patience is how long the provider may take to answer.
const patience = 10 * time.Second

// NewTwilio reads the provider's address. It tells us at baseURL what became of a text, unless that is
// this machine, which only a provider on this machine can reach.
func NewTwilio(address, baseURL string) (*Twilio, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User == nil || u.Scheme != "https" && (u.Scheme != "http" || !isLocal(u.Hostname())) {
		return nil, ErrURL
	}
	t := &Twilio{api: u.Scheme + "://" + u.Host + strings.TrimSuffix(u.Path, "/"), account: u.User.Username(), from: url.Values{}, http: &http.Client{Timeout: patience}}
	t.token, _ = u.User.Password()
	switch from, service := u.Query().Get("from"), u.Query().Get("service"); {
	case Digits(from) != "" && service == "":
		t.from.Set("From", "+1"+Digits(from))
	case service != "" && from == "":
		t.from.Set("MessagingServiceSid", service)
	default:
		return nil, ErrURL
	}
	if t.account == "" || t.token == "" {
		return nil, ErrURL
	}
	if b, err := url.Parse(baseURL); err == nil && (!isLocal(b.Hostname()) || isLocal(u.Hostname())) {
		t.callback = strings.TrimSuffix(baseURL, "/") + "/texts/status/"
	}
	return t, nil
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// answered is what the provider says of one text, or of what is wrong with it.
type answered struct {
	SID     string `json:"sid"`
	Body    string `json:"body"`
	Created string `json:"date_created"`
	Code    int    `json:"code"`
}

// Send hands a text over.
func (t *Twilio) Send(ctx context.Context, text Text) (Receipt, error) {
	form := maps.Clone(t.from)
	form.Set("To", text.To)
	form.Set("Body", text.Body)
	if t.callback != "" {
		form.Set("StatusCallback", t.callback+text.Agency.String()+"/"+text.ID.String())
	}
	var one answered
	status, err := t.call(ctx, http.MethodPost, "", strings.NewReader(form.Encode()), &one)
	if err == nil && status < 300 && one.SID == "" {
		err = errors.New("sms: the provider took it and gave no id")
	}
	if err != nil || status < 300 {
		return Receipt{Provider: one.SID}, err
	}
	return Receipt{}, refused(status, one.Code)
}

// lookBack is how far our clock may be behind the provider's.
const lookBack = 5 * time.Minute

// Look finds texts of the same words to the same telephone that were made since the try.
func (t *Twilio) Look(ctx context.Context, text Text) (ids []string, err error) {
	var page struct {
		Messages []answered `json:"messages"`
	}
	status, err := t.call(ctx, http.MethodGet, "?"+url.Values{"To": {text.To}, "PageSize": {"100"}}.Encode(), nil, &page)
	if err == nil && status >= 300 {
		err = fmt.Errorf("sms: the provider answers %d", status)
	}
	if err != nil {
		return nil, err
	}
	for _, m := range page.Messages {
		made, err := time.Parse(time.RFC1123Z, m.Created)
		if err == nil && m.Body == text.Body && made.After(text.Tried.Add(-lookBack)) {
			ids = append(ids, m.SID)
		}
	}
	slices.Reverse(ids) // the newest comes first
	return ids, nil
}

// call sends one request and reads the answer. An error of it says nothing about what the provider did,
// but for a connection that was never made.
func (t *Twilio) call(ctx context.Context, method, query string, body io.Reader, into any) (status int, err error) {
	q, err := http.NewRequestWithContext(ctx, method, t.api+"/2010-04-01/Accounts/"+url.PathEscape(t.account)+"/Messages.json"+query, body)
	if err != nil {
		return 0, errors.New("sms: the provider's address cannot be called")
	}
	q.SetBasicAuth(t.account, t.token)
	q.Header.Set("Accept", "application/json")
	if body != nil {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r, err := t.http.Do(q)
	if err != nil {
		if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
			return 0, &Refused{Reason: NotTaken}
		}
		return 0, errors.New("sms: no answer from the provider") // its own words hold the address
	}
	defer func() { _ = r.Body.Close() }()
	b, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	switch {
	case err != nil:
		return 0, errors.New("sms: half an answer from the provider")
	case r.StatusCode == http.StatusTooManyRequests:
		return 0, &Refused{Reason: Busy, Wait: retryAfter(r.Header.Get("Retry-After"))}
	case r.StatusCode >= 500:
		return 0, fmt.Errorf("sms: the provider answers %d", r.StatusCode)
	}
	if err := json.Unmarshal(b, into); err != nil && r.StatusCode < 300 {
		return 0, errors.New("sms: the provider's answer is not understood")
	}
	return r.StatusCode, nil
}

// longest is the most that the provider may have us wait.
const longest = time.Hour

func retryAfter(seconds string) time.Duration {
	n, err := strconv.Atoi(seconds)
	if err != nil || n < 0 {
		return 0
	}
	return min(time.Duration(n)*time.Second, longest)
}

// Codes of the provider, of refusals and of what was not delivered.
var reasons = map[int]string{
	21211: WrongNumber, 21217: WrongNumber, 21265: WrongNumber, 21408: Blocked, 21610: OptedOut, 21612: WrongNumber, 21614: WrongNumber, 21635: WrongNumber,
	30003: Unreachable, 30004: Blocked, 30005: WrongNumber, 30006: WrongNumber, 30007: Blocked, 20429: Busy,
}

// refused reads a refusal. What is wrong with the text stays wrong; what is wrong with us, such as a token
// that does not hold, can be put right.
func refused(status, code int) error {
	if reason := reasons[code]; reason != "" {
		return &Refused{Reason: reason, Final: reason != Busy}
	}
	return &Refused{Reason: NotTaken, Final: status == http.StatusBadRequest}
}

// Genuine says whether a call to one of our addresses comes from the provider: the signature is of the
// whole address and of every field in the order of their names.
func (t *Twilio) Genuine(address string, form url.Values, signature string) bool {
	var b strings.Builder
	b.WriteString(address)
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, v := range form[name] {
			b.WriteString(name + v)
		}
	}
	h := hmac.New(sha1.New, []byte(t.token)) // the provider's choice
	h.Write([]byte(b.String()))
	got, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && hmac.Equal(got, h.Sum(nil))
}

// Reply is a text that somebody sent us.
type Reply struct {
	Provider, Digits, Body string
}

// Reply reads one; without an id or a telephone of North America there is none.
func (t *Twilio) Reply(form url.Values) (r Reply, ok bool) {
	r = Reply{Provider: form.Get("MessageSid"), Digits: Digits(form.Get("From")), Body: strings.TrimSpace(form.Get("Body"))}
	return r, r.Provider != "" && r.Digits != ""
}

// News is what became of a text.
type News struct {
	Provider, Delivery, Reason string
}

// News reads it; Delivery is "" for what changes nothing.
func (t *Twilio) News(form url.Values) News {
	n := News{Provider: form.Get("MessageSid")}
	switch form.Get("MessageStatus") {
	case "queued", "accepted", "sending", "sent":
		n.Delivery = "sent"
	case "delivered", "read":
		n.Delivery = "delivered"
	case "undelivered", "failed", "canceled":
		n.Delivery = "undelivered"
		code, _ := strconv.Atoi(form.Get("ErrorCode"))
		if n.Reason = reasons[code]; n.Reason == "" {
			n.Reason = NotTaken
		}
	}
	return n
}
