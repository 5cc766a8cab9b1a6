package server

import (
	"encoding/xml"
	"io"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"waymark/internal/access"
	"waymark/internal/id"
	"waymark/internal/sms"
)

// TextProvider reads what the provider of texts calls us about.
type TextProvider interface {
	Genuine(address string, form url.Values, signature string) bool
	Reply(form url.Values) (sms.Reply, bool)
	News(form url.Values) sms.News
}

// textRoutes are the provider's calls. They are no pages: nobody is signed in, and a signature covers
// every byte.
func (s *Server) textRoutes() {
	if s.config.Texts == nil {
		return
	}
	s.engine.POST("/texts/in", s.called(s.textCame))
	s.engine.POST("/texts/status/:agency/:text", s.called(s.textNews))
}

// called takes a call of the provider's and nobody else's. A fault of ours makes it call again.
func (s *Server) called(do func(*gin.Context, url.Values) (string, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		if line, _ := c.Request.Context().Value(logKey{}).(*logged); line != nil {
			line.route = c.FullPath()
		}
		if s.resetting.Load() {
			c.Status(http.StatusServiceUnavailable)
			return
		}
		b, err := io.ReadAll(c.Request.Body)
		form, unread := url.ParseQuery(string(b))
		if err != nil || unread != nil {
			c.Status(http.StatusBadRequest)
			return
		}
		if !s.config.Texts.Genuine(s.config.BaseURL+c.Request.URL.RequestURI(), form, c.GetHeader("X-Twilio-Signature")) {
			c.Status(http.StatusForbidden)
			return
		}
		answer, err := do(c, form)
		if err != nil {
			slog.ErrorContext(c.Request.Context(), "fault", "err", scrub(err), "route", c.FullPath())
			c.Status(http.StatusInternalServerError)
			return
		}
		c.Data(http.StatusOK, "text/xml; charset=utf-8", spoken(answer))
	}
}

// spoken is an answer as the provider reads it; an empty one sends nothing.
func spoken(answer string) []byte {
	var response struct {
		XMLName xml.Name `xml:"Response"`
		Message string   `xml:"Message,omitempty"`
	}
	response.Message = answer
	b, _ := xml.Marshal(response)
	return append([]byte(xml.Header), b...)
}

func (s *Server) textCame(c *gin.Context, form url.Values) (string, error) {
	reply, ok := s.config.Texts.Reply(form)
	if !ok {
		return "", nil
	}
	return s.portal.ByText(c.Request.Context(), reply)
}

// textNews keeps what became of a text. What names none changes nothing.
func (s *Server) textNews(c *gin.Context, form url.Values) (string, error) {
	agency, err := id.Parse[access.Agency](c.Param("agency"))
	if err != nil {
		return "", nil
	}
	text, err := sms.Parse(c.Param("text"))
	if err != nil {
		return "", nil
	}
	return "", sms.Note(c.Request.Context(), s.db, agency, text, s.config.Texts.News(form))
}
