// Package server is the HTTP face: the table of routes (routes.go), sign-in, decoding and the checks every
// request passes, the views a client sees, problem+json, event streams, and the embedded browser app. It is
// the only package that knows Fiber, huma and JWT. It decides nothing about the domain: a handler decodes,
// calls one service method with the actor, and turns the answer into a view of its own.
package server
