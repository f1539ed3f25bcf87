package server

import (
	"fmt"
	"testing"
	"time"
)

// TestRosterIsCorrected: exemptions, numbered corrections and the freeze of a running contest, as the bureau
// makes them and as those below read them.
func TestRosterIsCorrected(t *testing.T) {
	c := newCounty(t)
	id := c.contest()
	at := func(rest string) string { return fmt.Sprintf("/api/v1/contests/%d/%s", id, rest) }
	sick, newcomer := c.people["a2"].ID, c.people["owner"].ID
	exempt := fmt.Sprintf(`{"personId":%d,"reason":"住院治疗"}`, sick)
	withdrawal := at(fmt.Sprintf("exemptions/%d/withdrawal", sick))
	c.walk(
		step{as: "manager", method: "POST", path: at("exemptions"), body: exempt, status: 403, want: []string{"right.denied"}},
		step{as: "owner", method: "POST", path: at("exemptions"), body: `{"personId":999999,"reason":"x"}`, status: 404, want: []string{"board.person_not_found"}},
		step{as: "owner", method: "POST", path: at("exemptions"), body: exempt, status: 204},
		step{as: "owner", method: "POST", path: at("exemptions"), body: exempt, status: 204},
		step{as: "manager", method: "GET", path: at("exemptions"), status: 200, want: []string{"住院治疗", `"name":"人a2"`, `"name":"方所有"`}},
		step{as: "a0", method: "GET", path: at("exemptions"), status: 403, unwanted: []string{"住院"}},
		step{as: "owner", method: "GET", path: at("corrections"), status: 200,
			want: []string{`"no":1,"kind":"exempt"`, `"expected":-1`, `"name":"单位A"`}, unwanted: []string{`"no":2`}},
		step{as: "owner", method: "POST", path: withdrawal, body: `{"reason":"已出院"}`, status: 204},
		step{as: "owner", method: "GET", path: at("exemptions"), status: 200, want: []string{`"items":[]`}},
		step{as: "owner", method: "POST", path: at("corrections"), body: `{"kind":"add","personId":999999,"unitId":1,"reason":"漏报"}`,
			status: 404, want: []string{"board.no_person"}},
		step{as: "owner", method: "POST", path: at("corrections"), body: fmt.Sprintf(`{"kind":"add","personId":%d,"unitId":%d,"what":"补报一人","reason":"漏报"}`,
			newcomer, c.units["A1"].ID), status: 201, want: []string{`"no":3`}},
		step{as: "owner", method: "POST", path: at("corrections"), body: fmt.Sprintf(`{"kind":"move","personId":%d,"unitId":%d,"reason":"调动"}`,
			newcomer, c.units["B"].ID), status: 201, want: []string{`"no":5`}},
		step{as: "manager", method: "GET", path: at("corrections"), status: 200,
			want: []string{`"no":3`, "补报一人"}, unwanted: []string{`"no":5`, "单位B"}},
		step{as: "owner", method: "POST", path: at("board/unfreezing"), status: 409, want: []string{"board.not_frozen"}},
		step{as: "owner", method: "POST", path: at("board/freezing"), status: 204},
		step{as: "owner", method: "POST", path: at("board/freezing"), status: 409, want: []string{"board.frozen"}},
	)
	c.clock.Advance(2 * time.Second)
	c.walk(
		step{as: "owner", method: "POST", path: at("exemptions"), body: exempt, status: 204},
		step{as: "a0", method: "GET", path: at("board"), status: 200, want: []string{`"frozen":true`}},
		step{as: "owner", method: "POST", path: at("board/unfreezing"), status: 204},
	)
	c.clock.Advance(2 * time.Second)
	c.walk(step{as: "a0", method: "GET", path: at("board"), status: 200, want: []string{`"frozen":false`}},
		step{as: "owner", method: "GET", path: "/api/v1/audit?action=board.freeze", status: 200, want: []string{`"objectKind":"board"`}})
}
