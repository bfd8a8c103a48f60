// Whether a herd kept its promises. The checker judges from outside the servers: by the lines that
// clients sent and received, the messages on the links, and the servers' records at the end.
#pragma once

#include "sim/measure/figures/violations.h"
#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/update_ledger.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Returns the violations of these promises:
//
// - Between its restarts, no server's record of a client goes back. Every record is one that a
//   client sent, and has the words of the server that heard the client. A herd is judged by the
//   order that it claims: a herd that orders by server time may go back in client time. The
//   summary's wrong_records counts the records that are wrong then.
// - Every line on a connection that was not cut is answered with its own fields, once, in order.
//   These lines are excepted:
//   - lines after one that makes the server close the connection (overlong, or a bad LINK as the
//     first line); they have no answer;
//   - lines unanswered at the end, if the server is down, paused or waits for Places then, or if
//   the
//     line or its answer is still on its way.
// - Every AT line that a neighbour sent arrives, in order, or is lost with its link. So the
//   messages are the sum of deliveries, deliveries again after a restart, duplicates, stale
//   messages and lost messages.
// - Once the herd is quiet, servers that are up and connected hold the same records. With
//   Recovery::kSync no difference is allowed. Without recovery a server may lack these updates:
//   - updates that were accepted or in flight while a link or a server was down (the links of a
//     server that is down count as down);
//   - updates that it lost itself: they were accepted before its last start;
//   - updates overtaken by a newer one that was itself lost in a restart;
//   - updates that repeat one that it may lack. A server that forgot the first one accepts the
//     repeat, but a server that still holds the first one may pass nothing on.
// - An undisturbed update takes the numbers of messages, duplicates and echoes of the closed form.
//   Undisturbed means that it met no change of the links and no repair, and that no newer update
//   overtook it. A pause is not a change: it delays messages, but there are as many as before.
//
// The servers of a central herd send each other no messages. One promise replaces the last three:
//
// - The database holds the newest update of every client that it ever committed.
Violations check(const HerdOutcome& outcome, const UpdateLedger& ledger, ClockKind clock);

}  // namespace sim
