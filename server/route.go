package server

import (
	"context"
	"net/http"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"jingzhong/org"
)

// route is one row of the table in routes.go. The same row feeds the router, the right check and the
// OpenAPI document.
type route struct {
	method  string
	path    string
	least   org.Right
	other   org.Right // also enough, where two roles do different work on the same thing; empty = none
	summary string
	name    string // operation id: the handler's name
	tag     string
	status  int // of success
	also    []int
	in, out reflect.Type
	shows   reflect.Type // what a raw body holds
	media   string       // content type of a raw body
	timeout time.Duration
	upload  bool
	stream  bool
	plain   func(c *fiber.Ctx, by org.Actor) error
	ask     []*huma.Param // query names of an upload
	mount   func(s *Server, r *route, op huma.Operation)
	query   map[string]bool // names it knows, filled when mounted; true = may be given more than once
}

// handler is the shape of nearly every handler: the decoded input, one service call, a view.
type handler[I, V any] func(ctx context.Context, by org.Actor, in *I) (V, error)

// answer wraps a view as huma wants it.
type answer[V any] struct{ Body V }

func row[I, V any](method, path string, least org.Right, summary string, status int, fn handler[I, V]) route {
	r := route{method: method, path: path, least: least, summary: summary, name: nameOf(fn), status: status,
		in: reflect.TypeFor[I](), out: reflect.TypeFor[V](), timeout: serviceTimeout}
	if r.out == reflect.TypeFor[done]() {
		r.status = http.StatusNoContent
		r.mount = func(s *Server, _ *route, op huma.Operation) {
			huma.Register(s.api, op, func(ctx context.Context, in *I) (*struct{}, error) {
				_, err := fn(ctx, requestOf(ctx).by, in)
				return nil, s.answerError(ctx, err)
			})
		}
		return r
	}
	r.mount = func(s *Server, _ *route, op huma.Operation) {
		huma.Register(s.api, op, func(ctx context.Context, in *I) (*answer[V], error) {
			view, err := fn(ctx, requestOf(ctx).by, in)
			if err != nil {
				return nil, s.answerError(ctx, err)
			}
			return &answer[V]{Body: view}, nil
		})
	}
	return r
}

// full is a row whose output sets headers, the status or raw bytes itself; out is a huma output struct.
func full[I, O any](method, path string, least org.Right, summary string, status int, fn handler[I, *O]) route {
	r := route{method: method, path: path, least: least, summary: summary, name: nameOf(fn), status: status,
		in: reflect.TypeFor[I](), out: reflect.TypeFor[O](), timeout: serviceTimeout}
	r.mount = func(s *Server, _ *route, op huma.Operation) {
		huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
			out, err := fn(ctx, requestOf(ctx).by, in)
			return out, s.answerError(ctx, err)
		})
	}
	return r
}

func get[I, V any](path string, least org.Right, summary string, fn handler[I, V]) route {
	return row(http.MethodGet, path, least, summary, http.StatusOK, fn)
}

func post[I, V any](path string, least org.Right, summary string, fn handler[I, V]) route {
	return row(http.MethodPost, path, least, summary, http.StatusOK, fn)
}

// create is a POST that answers 201.
func create[I, V any](path string, least org.Right, summary string, fn handler[I, V]) route {
	return row(http.MethodPost, path, least, summary, http.StatusCreated, fn)
}

func put[I, V any](path string, least org.Right, summary string, fn handler[I, V]) route {
	return row(http.MethodPut, path, least, summary, http.StatusOK, fn)
}

func patch[I, V any](path string, least org.Right, summary string, fn handler[I, V]) route {
	return row(http.MethodPatch, path, least, summary, http.StatusOK, fn)
}

func del[I, V any](path string, least org.Right, summary string, fn handler[I, V]) route {
	return row(http.MethodDelete, path, least, summary, http.StatusOK, fn)
}

// download is a GET that answers with a file.
func download[I any](path string, least org.Right, summary, media string, fn handler[I, *fileOut]) route {
	r := full(http.MethodGet, path, least, summary, http.StatusOK, fn)
	r.media = media
	r.timeout = importTimeout
	return r
}

// picture is a GET that answers with an image for the page to show.
func picture[I any](path string, least org.Right, summary string, fn handler[I, *pictureOut]) route {
	r := full(http.MethodGet, path, least, summary, http.StatusOK, fn)
	r.media = mediaImage
	return r
}

// events is a GET that answers with an event stream of view V; plain Fiber, because huma cannot flush on it.
func events[V any](path string, least org.Right, summary string, fn func(*fiber.Ctx, org.Actor) error) route {
	return route{method: http.MethodGet, path: path, least: least, summary: summary, name: nameOf(fn), status: http.StatusOK,
		shows: reflect.TypeFor[V](), media: "text/event-stream", stream: true, plain: fn}
}

// upload is a POST of one file as multipart/form-data that answers 201 with view V.
func upload[V any](path string, least org.Right, summary string, fn func(*Server, context.Context, org.Actor, uploaded) (V, error)) route {
	r := route{method: http.MethodPost, path: path, least: least, summary: summary, name: nameOf(fn), status: http.StatusCreated,
		shows: reflect.TypeFor[V](), media: fiber.MIMEApplicationJSON, upload: true, timeout: importTimeout}
	r.mount = func(s *Server, r *route, _ huma.Operation) {
		s.app.Add(http.MethodPost, fiberPath(path), s.plainGuard(r, func(c *fiber.Ctx, by org.Actor) error {
			file, err := uploadOf(c)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(context.WithValue(c.UserContext(), requestKey{}, notes(c)), importTimeout)
			defer cancel()
			view, err := fn(s, ctx, by, file)
			if err != nil {
				return err
			}
			return sendJSON(c, http.StatusCreated, view)
		}))
	}
	return r
}

// showing says what a raw JSON body holds, and which other statuses carry it.
func (r route) showing(view reflect.Type, also ...int) route {
	r.shows, r.media, r.also = view, fiber.MIMEApplicationJSON, also
	return r
}

// asking names what an upload takes in its query.
func (r route) asking(params ...*huma.Param) route {
	r.ask = params
	return r
}

func ask(name, kind, doc string) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: kind}}
}

// or names another right that is enough.
func (r route) or(right org.Right) route {
	r.other = right
	return r
}

// rightText is the row's rights as the document shows them.
func (r *route) rightText() string {
	if r.other == "" {
		return string(r.least)
	}
	return string(r.least) + " or " + string(r.other)
}

// within gives a slow row more time than serviceTimeout.
func (r route) within(d time.Duration) route {
	r.timeout = d
	return r
}

// under puts rows under a heading of the document.
func under(tag string, rows ...route) []route {
	for i := range rows {
		rows[i].tag = tag
	}
	return rows
}

// nameOf is the handler's own name: "(*Server).listUnits-fm" becomes "listUnits".
func nameOf(fn any) string {
	name := runtime.FuncForPC(reflect.ValueOf(fn).Pointer()).Name()
	name = strings.TrimSuffix(name[strings.LastIndex(name, ".")+1:], "-fm")
	return name
}

func fiberPath(path string) string { return strings.NewReplacer("{", ":", "}", "").Replace(path) }

// mountAll puts every row on the router and into the document. A row that lacks a right, a summary or a
// heading stops the program, so it cannot ship.
func (s *Server) mountAll(rows []route) {
	names := map[string]string{}
	for i := range rows {
		r := &rows[i]
		if r.least == "" || !slices.Contains(org.Rights, r.least) || r.summary == "" || r.tag == "" {
			panic("server: incomplete route " + r.method + " " + r.path)
		}
		if other, taken := names[r.name]; taken {
			panic("server: " + r.path + " and " + other + " have the same handler")
		}
		names[r.name] = r.path
		s.mountRow(r)
	}
	s.rows = rows
}

func (s *Server) mountRow(r *route) {
	op := s.operation(r)
	switch {
	case r.plain != nil:
		s.app.Add(r.method, fiberPath(r.path), s.plainGuard(r, r.plain))
		s.api.OpenAPI().AddOperation(&op)
	case r.upload:
		s.uploads[r.path] = true
		r.mount(s, r, op)
		s.api.OpenAPI().AddOperation(&op)
	default:
		op.Middlewares = huma.Middlewares{s.humaGuard(r)}
		r.mount(s, r, op)
	}
	r.query = map[string]bool{"lang": false}
	for _, p := range s.documented(r).Parameters {
		if p.In == "query" {
			r.query[p.Name] = p.Schema.Type == huma.TypeArray
		}
	}
}

// humaGuard is what stands between a request and a typed handler.
func (s *Server) humaGuard(r *route) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		c := humafiber.Unwrap(hc)
		if err := s.admit(c, r); err != nil {
			s.answerFault(c, err)
			return
		}
		ctx, cancel := context.WithTimeout(hc.Context(), r.timeout)
		defer cancel()
		next(huma.WithContext(hc, ctx))
	}
}

func (s *Server) answerFault(c *fiber.Ctx, err error) {
	if err := s.refuse(c, err); err != nil {
		s.log.Error("answer", "error", err)
	}
}

// plainGuard is the same for a plain Fiber handler.
func (s *Server) plainGuard(r *route, fn func(*fiber.Ctx, org.Actor) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if err := s.admit(c, r); err != nil {
			return err
		}
		return fn(c, notes(c).by)
	}
}

// answerError turns a service's error into the problem huma writes.
func (s *Server) answerError(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	r := requestOf(ctx)
	s.recordDenial(ctx, r, err)
	return s.problemOf(r, err)
}

func sendJSON(c *fiber.Ctx, status int, view any) error {
	body, err := encode(view)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Status(status).Send(body)
}

// operation is the row as OpenAPI shows it.
func (s *Server) operation(r *route) huma.Operation {
	op := huma.Operation{OperationID: r.name, Method: r.method, Path: r.path, Summary: r.summary, Tags: []string{r.tag},
		DefaultStatus: r.status, MaxBodyBytes: -1, BodyReadTimeout: -1, // fasthttp has read the body under its own limits
		Extensions: map[string]any{"x-right": r.rightText()}, Responses: map[string]*huma.Response{}}
	op.Security = []map[string][]string{{"bearer": {}}}
	if r.least == org.Public {
		op.Security = []map[string][]string{}
	}
	registry := s.api.OpenAPI().Components.Schemas
	for _, status := range append([]int{r.status}, r.also...) {
		response := &huma.Response{Description: http.StatusText(status)}
		switch {
		case r.shows != nil:
			response.Content = map[string]*huma.MediaType{r.media: {Schema: registry.Schema(r.shows, true, r.name)}}
		case r.media != "":
			response.Content = map[string]*huma.MediaType{r.media: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
		}
		op.Responses[strconv.Itoa(status)] = response
	}
	op.Responses["default"] = &huma.Response{Description: "Refusal (RFC 9457)", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: registry.Schema(reflect.TypeFor[problem](), true, "Problem")}}}
	if r.upload {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {
			Schema: &huma.Schema{Type: huma.TypeObject, Required: []string{"file"},
				Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}}}}}}
	}
	if r.plain != nil || r.upload {
		op.Parameters = append(pathParameters(r.path), r.ask...)
	}
	return op
}

func pathParameters(path string) []*huma.Param {
	var params []*huma.Param
	for _, part := range strings.Split(path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			params = append(params, &huma.Param{Name: strings.TrimSuffix(name, "}"), In: "path", Required: true,
				Schema: &huma.Schema{Type: huma.TypeInteger, Format: "int64"}})
		}
	}
	return params
}

// documented finds the row's operation in the document.
func (s *Server) documented(r *route) *huma.Operation {
	item := s.api.OpenAPI().Paths[r.path]
	switch r.method {
	case http.MethodGet:
		return item.Get
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	case http.MethodPatch:
		return item.Patch
	}
	return item.Delete
}
