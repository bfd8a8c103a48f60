// Whether a herd kept its promises. The checker stands outside the servers: it knows what clients
// sent and were answered, what went over the links, and what servers hold in the end.
#pragma once

#include "sim/measure/figures/violations.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"

namespace sim {

// - No server's record of a client ever went back between its restarts, none is one that no client
//   sent, and all have the words of the server that heard the client. A herd is judged by the order
//   that it claims: one by server time may well go back in client time, and how much of what its
//   servers hold is wrong then is the summary's wrong_records to say.
// - Every line on a connection that was not cut was answered with its own fields, once, in order;
//   but for what is still unanswered at a server that is down or paused at the end.
// - Every AT line that a neighbour sent came, in order, or was lost with its link; so messages are
//   deliveries, deliveries again after a restart, duplicates, stale ones and lost ones.
// - Once quiet, servers that are up and connected hold the same records. With Recovery::kSync there
//   is no excuse. Without recovery they may lack updates that were accepted or in flight while a
//   link or a server was down (the links of a server that is down are), those that they lost
//   themselves, accepted before their last start, those that a newer one overtook which was itself
//   lost in a restart, and those that repeat one that they may lack: a server that forgot it takes
//   it again, but who holds it may pass nothing on.
// - Every update that met no change of the links and no repair, and that no newer one overtook,
//   took the number of messages, duplicates and echoes that the closed form says. A pause is no
//   change: it makes messages late, not more or fewer.
//
// Of a central herd, whose servers tell each other nothing, the last three are replaced by one:
//
// - The database holds the newest update of every client that it ever committed.
Violations check(const HerdOutcome& outcome, const UpdateLedger& ledger);

}  // namespace sim
