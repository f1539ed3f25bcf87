package server

import (
	"context"
	"net/http"
	"time"

	"jingzhong/org"
)

// The refresh token travels in a cookie no script can read. Under TLS its name carries __Host-, which asks
// for Secure and Path=/; over plain HTTP, common on an isolated intranet, it has a plain name and the
// narrowest path.
const (
	cookieTLS   = "__Host-jingzhong"
	cookiePlain = "jingzhong"
	cookiePath  = "/api/v1/sessions"
)

// sessionOut is a new or renewed session.
type sessionOut struct {
	SetCookie string `header:"Set-Cookie" hidden:"true"`
	Body      sessionView
}

type setupIn struct {
	Agent string `header:"User-Agent" hidden:"true"`
	Body  struct {
		Token    string `json:"token" minLength:"1" maxLength:"200"`
		SiteName string `json:"siteName" minLength:"1" maxLength:"60"`
		Name     string `json:"name" minLength:"1" maxLength:"40"`
		Username string `json:"username" minLength:"1" maxLength:"40"`
		Password string `json:"password" minLength:"1" maxLength:"200"`
	}
}

func (s *Server) setUp(ctx context.Context, _ org.Actor, in *setupIn) (*sessionOut, error) {
	b := in.Body
	session, err := s.cfg.Org.Setup(ctx, org.SetupInput{Token: b.Token, SiteName: b.SiteName, Name: b.Name,
		Username: b.Username, Password: b.Password, IP: requestOf(ctx).ip, Agent: in.Agent})
	return s.enter(ctx, session, err)
}

type signInIn struct {
	Agent string `header:"User-Agent" hidden:"true"`
	Body  struct {
		Username string `json:"username" minLength:"1" maxLength:"80" doc:"Sign-in name, staff number or phone"`
		Password string `json:"password" minLength:"1" maxLength:"200"`
	}
}

func (s *Server) signIn(ctx context.Context, _ org.Actor, in *signInIn) (*sessionOut, error) {
	session, err := s.cfg.Org.SignIn(ctx, org.SignIn{Username: in.Body.Username, Password: in.Body.Password,
		IP: requestOf(ctx).ip, Agent: in.Agent})
	return s.enter(ctx, session, err)
}

type refreshIn struct {
	Agent string `header:"User-Agent" hidden:"true"`
	TLS   string `cookie:"__Host-jingzhong" hidden:"true"`
	Plain string `cookie:"jingzhong" hidden:"true"`
}

func (in *refreshIn) token(secure bool) string {
	if secure {
		return in.TLS
	}
	return in.Plain
}

func (s *Server) refreshSession(ctx context.Context, _ org.Actor, in *refreshIn) (*sessionOut, error) {
	r := requestOf(ctx)
	token := in.token(r.secure)
	if token == "" {
		return nil, org.ErrSignInNeeded
	}
	session, err := s.cfg.Org.Refresh(ctx, token, r.ip, in.Agent)
	return s.enter(ctx, session, err)
}

type activateIn struct {
	Agent string `header:"User-Agent" hidden:"true"`
	Body  struct {
		Code     string `json:"code" minLength:"1" maxLength:"60" doc:"The code of the slip, with or without hyphens"`
		Password string `json:"password" minLength:"1" maxLength:"200"`
	}
}

func (s *Server) activate(ctx context.Context, _ org.Actor, in *activateIn) (*sessionOut, error) {
	session, err := s.cfg.Org.Activate(ctx, org.Activation{Code: in.Body.Code, Password: in.Body.Password,
		IP: requestOf(ctx).ip, Agent: in.Agent})
	return s.enter(ctx, session, err)
}

type passwordIn struct {
	Agent string `header:"User-Agent" hidden:"true"`
	Body  struct {
		Current  string `json:"current" minLength:"1" maxLength:"200"`
		Password string `json:"password" minLength:"1" maxLength:"200"`
	}
}

func (s *Server) changePassword(ctx context.Context, by org.Actor, in *passwordIn) (*sessionOut, error) {
	session, err := s.cfg.Org.ChangePassword(ctx, by, org.PasswordChange{Current: in.Body.Current,
		Password: in.Body.Password, Agent: in.Agent})
	return s.enter(ctx, session, err)
}

// signedOut clears the cookie.
type signedOut struct {
	SetCookie string `header:"Set-Cookie" hidden:"true"`
}

func (s *Server) signOut(ctx context.Context, by org.Actor, _ *nothing) (*signedOut, error) {
	if err := s.cfg.Org.SignOut(ctx, by); err != nil {
		return nil, err
	}
	return &signedOut{SetCookie: s.cookie(requestOf(ctx).secure, "", time.Time{})}, nil
}

// enter turns org's session into the answer: a fresh access token, and the refresh token as a cookie.
func (s *Server) enter(ctx context.Context, session org.Session, err error) (*sessionOut, error) {
	if err != nil {
		return nil, err
	}
	text, expires, err := s.tokens.issue(session.PersonID, session.ID, session.Epoch)
	if err != nil {
		return nil, err
	}
	return &sessionOut{SetCookie: s.cookie(requestOf(ctx).secure, session.RefreshToken, session.ExpiresAt),
		Body: sessionView{AccessToken: text, ExpiresAt: at(expires), Person: sessionPersonOf(session.Person)}}, nil
}

// cookie writes the refresh cookie; an empty token removes it.
func (s *Server) cookie(secure bool, token string, expires time.Time) string {
	c := http.Cookie{Name: cookiePlain, Value: token, Path: cookiePath, HttpOnly: true, SameSite: http.SameSiteStrictMode}
	if secure {
		c.Name, c.Path, c.Secure = cookieTLS, "/", true
	}
	c.MaxAge = -1
	if token != "" {
		c.MaxAge = max(1, int(expires.Sub(s.cfg.Now()).Seconds()))
	}
	return c.String()
}

func (s *Server) showMe(ctx context.Context, by org.Actor, _ *nothing) (meView, error) {
	profile, err := s.cfg.Org.Profile(ctx, by)
	if err != nil {
		return meView{}, err
	}
	return meOf(profile), nil
}

func (s *Server) listMySessions(ctx context.Context, by org.Actor, in *Paging) (list[sessionInfoView], error) {
	sessions, err := s.cfg.Org.ListSessions(ctx, by)
	if err != nil {
		return list[sessionInfoView]{}, err
	}
	return pageOf(*in, sessions, sessionInfoOf)
}

type sessionIn struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Server) endMySession(ctx context.Context, by org.Actor, in *sessionIn) (done, error) {
	return done{}, s.cfg.Org.EndSession(ctx, by, in.ID)
}
