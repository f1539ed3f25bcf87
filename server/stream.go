package server

import (
	"bufio"
	"bytes"
	"context"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Event streams (performance.md): a client gets the full snapshot on connect and after each change, a
// heartbeat with the server's clock, and is sent away after about ten minutes to come again.
const (
	streamBeat      = 15 * time.Second
	streamMaxAge    = 10 * time.Minute
	streamEvery     = time.Second // how often a watched snapshot is read again
	streamQueue     = 4           // snapshots waiting for a slow client; the oldest is dropped
	streamsInTotal  = 6000
	streamsOfPerson = 8
)

// snapshot reads the state a stream shows: what is sent, and what is compared to see a change (without what
// moves by itself, such as the clock).
type snapshot func(ctx context.Context) (view, compared any, err error)

// hub shares one reader among all clients that watch the same thing with the same rights.
type hub struct {
	server *Server

	mu     sync.Mutex
	topics map[string]*topic
	people map[int64]int
	total  int
	closed bool
	ctx    context.Context
	stop   context.CancelFunc
	group  sync.WaitGroup
}

type topic struct {
	key     string
	read    snapshot
	clients map[chan []byte]struct{}
	last    []byte
	stop    context.CancelFunc
}

func newHub(s *Server) *hub {
	ctx, stop := context.WithCancel(context.Background())
	return &hub{server: s, topics: map[string]*topic{}, people: map[int64]int{}, ctx: ctx, stop: stop}
}

// join adds a client. The returned channel carries snapshots and is closed when the hub closes.
func (h *hub) join(key string, person int64, read snapshot) (<-chan []byte, func(), error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, nil, errDraining
	}
	if h.total >= streamsInTotal || h.people[person] >= streamsOfPerson {
		return nil, nil, errStreams
	}
	t, ok := h.topics[key]
	if !ok {
		ctx, stop := context.WithCancel(h.ctx)
		t = &topic{key: key, read: read, clients: map[chan []byte]struct{}{}, stop: stop}
		h.topics[key] = t
		h.group.Go(func() { h.watch(ctx, t) })
	}
	events := make(chan []byte, streamQueue)
	if t.last != nil {
		events <- t.last
	}
	t.clients[events] = struct{}{}
	h.total++
	h.people[person]++
	h.server.metrics.streams.Inc()
	return events, sync.OnceFunc(func() { h.leave(t, events, person) }), nil
}

func (h *hub) leave(t *topic, events chan []byte, person int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(t.clients, events)
	h.total--
	if h.people[person]--; h.people[person] <= 0 {
		delete(h.people, person)
	}
	h.server.metrics.streams.Dec()
	if len(t.clients) == 0 && h.topics[t.key] == t {
		t.stop()
		delete(h.topics, t.key)
	}
}

// watch reads the topic's snapshot once a second while anyone listens and passes on what changed.
func (h *hub) watch(ctx context.Context, t *topic) {
	tick := time.NewTicker(streamEvery)
	defer tick.Stop()
	var seen uint64
	for {
		if body, version, err := h.readTopic(ctx, t); err == nil && version != seen {
			seen = version
			h.publish(t, body, seen)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (h *hub) readTopic(ctx context.Context, t *topic) (body []byte, version uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, serviceTimeout)
	defer cancel()
	view, compared, err := t.read(ctx)
	if err != nil {
		if ctx.Err() == nil {
			h.server.log.Warn("stream", "topic", t.key, "error", err)
		}
		return nil, 0, err
	}
	of, err := encode(compared)
	if err != nil {
		return nil, 0, err
	}
	sum := fnv.New64a()
	sum.Write(of)
	body, err = encode(view)
	return bytes.TrimSpace(body), sum.Sum64(), err
}

func (h *hub) publish(t *topic, body []byte, version uint64) {
	event := event("snapshot", strconv.FormatUint(version, 36), body)
	h.mu.Lock()
	defer h.mu.Unlock()
	t.last = event
	for client := range t.clients {
		for sent := false; !sent; {
			select {
			case client <- event:
				sent = true
			default: // slow: drop the oldest, the newest says it all
				select {
				case <-client:
				default:
				}
			}
		}
	}
}

// close ends every stream; it comes before the server's own shutdown, which would wait for them.
func (h *hub) close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.stop()
	h.group.Wait()
}

func event(name, id string, data []byte) []byte {
	var out bytes.Buffer
	if id != "" {
		out.WriteString("id: " + id + "\n")
	}
	out.WriteString("event: " + name + "\ndata: ")
	out.Write(data)
	out.WriteString("\n\n")
	return out.Bytes()
}

// stream answers with the topic's events until the client leaves, the age is reached or the hub closes.
func (s *Server) stream(c *fiber.Ctx, key string, read snapshot) error {
	events, leave, err := s.hub.join(key, notes(c).by.PersonID, read)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/event-stream; charset=utf-8")
	c.Set("X-Accel-Buffering", "no")
	now := s.cfg.Now
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer leave()
		age := time.NewTimer(streamMaxAge + rand.N(time.Minute))
		beat := time.NewTicker(streamBeat)
		defer age.Stop()
		defer beat.Stop()
		clock := func() []byte {
			return event("clock", "", []byte(`{"serverTime":"`+now().UTC().Format(timeLayout)+`"}`))
		}
		next := append([]byte("retry: 2000\n"), clock()...)
		for {
			if _, err := w.Write(next); err != nil || w.Flush() != nil {
				return
			}
			select {
			case next = <-events:
				next = append(clock(), next...)
			case <-beat.C:
				next = clock()
			case <-age.C:
				return
			case <-s.hub.ctx.Done():
				return
			}
		}
	})
	return nil
}
