// Checks of a server that the table of conversations cannot hold, because they need a clock, a
// JSON, or two connections at once.
#pragma once

#include "sim/app/attempt/asker.h"
#include "sim/app/attempt/findings.h"
#include "sim/app/attempt/tried_herd.h"

namespace sim {

// The difference of the clocks is the server's time less the client's.
void check_skew(const TriedHerd& herd, const Asker& asker, Findings& findings);

// A WHATSAT is answered with the AT line, JSON and an empty line. Returns whether it is answered
// with the AT line at least, so that servers can be asked what they know.
// The asker learns whether JSON follows that line.
bool check_whatsat(const TriedHerd& herd, Asker& asker, Findings& findings);

// While Places is slow: other clients are answered, and the answers of one connection keep their
// order. Needs a herd that asks the embedded provider; otherwise it is named as not played.
void check_slow_places(TriedHerd& herd, const Asker& asker, Findings& findings);

// A note if a server believes the AT line of a client.
void check_forged_report(const TriedHerd& herd, const Asker& asker, Findings& findings);

// Whether the server, which has had many bad lines and lost connections, still answers.
void check_noise(const TriedHerd& herd, const Asker& asker, Findings& findings);

}  // namespace sim
