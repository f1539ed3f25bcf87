package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"jingzhong/fault"
)

// statusOf is the only place where a kind of fault becomes a status.
var statusOf = map[fault.Kind]int{
	fault.Invalid:         http.StatusBadRequest,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Denied:          http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Gone:            http.StatusGone,
	fault.Precondition:    http.StatusPreconditionFailed,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Unprocessable:   http.StatusUnprocessableEntity,
	fault.Locked:          http.StatusLocked,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Full:            http.StatusInsufficientStorage,
}

// Faults of the HTTP face itself.
var (
	errInternal     = fault.New(0, "server.internal")
	errTimeout      = fault.New(fault.Unavailable, "server.slow").After(3)
	errDraining     = fault.New(fault.Unavailable, "server.draining").After(5)
	errNoRoute      = fault.New(fault.NotFound, "route.not_found")
	errNoMethod     = fault.New(fault.Invalid, "route.method")
	errTooLarge     = fault.New(fault.TooLarge, "input.too_large")
	errBadRequest   = fault.New(fault.Invalid, "input.request")
	errInvalid      = fault.New(fault.Invalid, "input.invalid")
	errMediaType    = fault.New(fault.Invalid, "input.media_type")
	errUnknownQuery = fault.New(fault.Invalid, "input.unknown_query")
	errRepeated     = fault.New(fault.Invalid, "input.repeated_query")
	errStreams      = fault.New(fault.TooMany, "stream.too_many").After(10)
	errUnready      = fault.New(fault.Unavailable, "server.unready").After(2)
	errNoFile       = fault.New(fault.Invalid, "input.file")
)

// problem is the body of every refusal (RFC 9457).
type problem struct {
	Type      string         `json:"type" format:"uri" doc:"Names the kind of problem: urn:jingzhong: and the code"`
	Title     string         `json:"title" doc:"The class of problem in the user's language"`
	Status    int            `json:"status" doc:"The HTTP status"`
	Detail    string         `json:"detail" doc:"One sentence in the user's language"`
	Code      string         `json:"code" doc:"Stable code, noun.reason"`
	Field     string         `json:"field,omitempty" doc:"The input that caused it, as the client spelled it"`
	Errors    []fieldProblem `json:"errors,omitempty" doc:"Every field problem of the request"`
	RequestID string         `json:"requestId" doc:"Names this request in the server's log"`

	retryAfter int
	log        error
}

// fieldProblem is one input's refusal. It never repeats the value.
type fieldProblem struct {
	Code   string `json:"code"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

func (p *problem) Error() string { return p.Code }

// GetStatus, ContentType and GetHeaders are what huma asks of an error.
func (p *problem) GetStatus() int            { return p.Status }
func (p *problem) ContentType(string) string { return "application/problem+json" }
func (p *problem) GetHeaders() http.Header {
	if p.retryAfter == 0 {
		return nil
	}
	return http.Header{"Retry-After": {strconv.Itoa(p.retryAfter)}}
}

// problemOf turns any error into what the client may see. An error that is no fault is logged in full under
// the request's id and shown as "server.internal".
func (s *Server) problemOf(r *request, err error) *problem {
	var p *problem
	if errors.As(err, &p) {
		return p
	}
	f, ok := fault.As(err)
	switch {
	case ok:
	case errors.Is(err, context.DeadlineExceeded):
		f = errTimeout
	default:
		f = errInternal
	}
	p = problemFor(r, f)
	if !ok {
		s.log.LogAttrs(context.Background(), slog.LevelError, "request failed",
			slog.String("requestId", r.id), slog.String("route", r.route), slog.Any("error", err))
	}
	return p
}

func problemFor(r *request, f *fault.Error) *problem {
	status, ok := statusOf[f.Kind]
	switch {
	case f.Is(errNoMethod):
		status = http.StatusMethodNotAllowed
	case f.Is(errMediaType):
		status = http.StatusUnsupportedMediaType
	case !ok:
		status = http.StatusInternalServerError
	}
	p := &problem{Type: "urn:jingzhong:" + f.Code, Title: sentence(r.lang, "status."+strconv.Itoa(status), nil),
		Status: status, Detail: sentence(r.lang, f.Code, f.Args), Code: f.Code, Field: f.Field,
		RequestID: r.id, retryAfter: f.RetryAfter}
	if p.Detail == "" {
		p.Detail = p.Title
	}
	if f.Field != "" && len(f.Fields) > 0 {
		p.Errors = append(p.Errors, fieldProblem{f.Code, f.Field, p.Detail})
	}
	for _, sub := range f.Fields {
		p.Errors = append(p.Errors, fieldProblem{sub.Code, sub.Field, sentence(r.lang, sub.Code, sub.Args)})
	}
	if f.Field != "" && len(p.Errors) == 0 {
		p.Errors = []fieldProblem{{f.Code, f.Field, p.Detail}}
	}
	return p
}

// refuse writes the problem on a plain Fiber route.
func (s *Server) refuse(c *fiber.Ctx, err error) error {
	p := s.problemOf(notes(c), err)
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if p.retryAfter > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(p.retryAfter))
	}
	if p.Status == http.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, "Bearer")
	}
	c.Set(fiber.HeaderContentType, "application/problem+json")
	return c.Status(p.Status).Send(body)
}

// handleError is Fiber's last resort: requests that never reached a handler.
func (s *Server) handleError(c *fiber.Ctx, err error) error {
	if c.Locals(requestKey{}) == nil { // refused while being read: too large, malformed, too slow
		s.note(c)
		s.secure(c)
	}
	var fe *fiber.Error
	if errors.As(err, &fe) {
		switch fe.Code {
		case http.StatusNotFound:
			err = errNoRoute
		case http.StatusMethodNotAllowed:
			err = errNoMethod
		case http.StatusRequestEntityTooLarge:
			err = errTooLarge
		default:
			err = errBadRequest
		}
	}
	return s.refuse(c, err)
}

// problemFromHuma turns huma's validation errors into ours. It is set as huma.NewErrorWithContext.
func problemFromHuma(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
	r := &request{lang: defaultLang}
	if ctx != nil {
		r = requestOf(ctx.Context())
	}
	switch {
	case status == http.StatusUnsupportedMediaType || status == http.StatusNotAcceptable:
		return problemFor(r, errMediaType)
	case status == http.StatusRequestEntityTooLarge:
		return problemFor(r, errTooLarge)
	case status >= 500:
		return problemFor(r, errInternal)
	}
	var fields []*fault.Error
	for _, err := range errs {
		var d huma.ErrorDetailer
		if errors.As(err, &d) {
			if f := inputFault(d.ErrorDetail()); !slices.ContainsFunc(fields, func(o *fault.Error) bool { return o.Field == f.Field }) {
				fields = append(fields, f)
			}
		}
	}
	if len(fields) == 0 {
		if message == "request body is required" {
			return problemFor(r, inputFaults["input.body_missing"])
		}
		return problemFor(r, errBadRequest)
	}
	slices.SortFunc(fields, worstFirst)
	if fields[0].Is(errMediaType) {
		return problemFor(r, errMediaType)
	}
	return problemFor(r, fields[0].And(fields[1:]...))
}

// worstFirst puts what the client must not send before what is missing or out of range, so that a misspelt
// name is reported as the unknown name it is.
func worstFirst(a, b *fault.Error) int { return rank(a) - rank(b) }

func rank(f *fault.Error) int {
	switch f.Code {
	case "input.unknown", "input.duplicate", "input.case", "input.syntax", "input.depth":
		return 0
	}
	return 1
}
