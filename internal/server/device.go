package server

import (
	"net/http"
	"time"

	"waymark/internal/account"
)

// deviceAge is how long a browser in which somebody signed in counts as theirs.
const deviceAge = 180 * 24 * time.Hour

func (s *Server) deviceCookie() string {
	if s.secure {
		return "__Host-device"
	}
	return "device"
}

// marked is what a device's mark is bound to.
func marked(email string) string { return "device\x00" + account.NormalEmail(email) }

// device is the mark of this browser if the account has been signed in here before, else "". It opens nothing:
// it only keeps others' wrong tries from holding up the owner's right one.
func (r *request) device(email string) string {
	c, err := r.c.Request.Cookie(r.s.deviceCookie())
	if err != nil || !r.s.tokens.holds(marked(email), c.Value) {
		return ""
	}
	return c.Value
}

// knowDevice marks this browser as one on which the account has been signed in.
func (r *request) knowDevice(email string) {
	if r.device(email) != "" {
		return
	}
	http.SetCookie(r.c.Writer, &http.Cookie{
		Name: r.s.deviceCookie(), Value: r.s.tokens.make(marked(email)), Path: "/", HttpOnly: true, Secure: r.s.secure,
		SameSite: http.SameSiteLaxMode, MaxAge: int(deviceAge.Seconds()),
	})
}
