// Why a server lacks an update: the words of undelivered.csv as sentences.

const REASONS: Record<string, string> = {
  forgotten: "had the update, and lost its memory in a restart",
  server_down: "was down then",
  lost: "a message to it was lost on its link",
  in_flight: "a message to it was still on its way when the run ended",
  dropped: "the queue of a link to it was full",
  cut_off: "no path of working links led to it from the origin",
  lost_on_way: "a message to another server was lost, so the update may not have come near",
  fault: "links were down, or servers disagreed about the map, while the update travelled",
  superseded: "has a newer record of the client",
  not_sent: "no server sent it the update: the scheme left it out",
  unknown: "the messages of this herd cannot be seen",
};

// Unknown words stay as they are.
export function reasonWords(reason: string): string { return REASONS[reason] || reason; }
